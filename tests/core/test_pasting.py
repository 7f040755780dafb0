"""Addresses pasted whole."""

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st

from core.addresses import FIELDS, REQUIRED, read_field
from core.pasting import read_pasted

PASTED = yaml.safe_load(Path(__file__).with_name("pasted_addresses.yaml").read_text("utf-8"))
WORDS = [
    *("John", "Smith", "123", "Main", "St", "Apt", "4B", "Denver", "CO", "80202", ",", "\n"),
    *("PO", "Box", "#", "&", "N", "NY", "New", "York", "10001-1234", "a@b.co", "+1-415-555-0132"),
    *("\U0001f389", "\u202e", "\u200b", "\u00e9", "\ud800", "\u00bd", "\u0661\u0662", "\x00"),
    *("(", ")", "-", ":", "=", ";", "'", '"', "\\", "Name:", "City:", "attn", "c/o", "Urb"),
    *("PSC", "APO", "AE", "$where", "<b>", "LLC", "Jr.", "NaN", "{{7*7}}", "%s", "../..", "00000"),
]


@pytest.mark.parametrize("sample", PASTED, ids=[sample["text"] for sample in PASTED])
def test_a_pasted_address_is_taken_apart(sample):
    fields = sample["fields"]

    pasted = read_pasted(sample["text"])

    assert dict(pasted.fields) == fields
    assert pasted.doubtful == set(sample.get("doubtful", []))
    assert pasted.missing == tuple(field for field in REQUIRED if field not in fields)


@pytest.mark.parametrize(
    "text",
    [
        "", " \n ", "hello", "hello world", "12345",
        "call me maybe ok", "what is the price to 90210",
        "tengo una pregunta", "$where: 1", '{"$gt": ""}', "<b>hi</b>", "NaN",
        "🎉🎉🎉", "\u202e\u200b", "\x00\x01", "Привет, сколько стоит?", "?" * 600,
        "12 Elm St\n" * 1000, "a" * 10_000,
    ],
)  # fmt: skip
def test_nothing_is_found_in_what_is_no_address(text):
    pasted = read_pasted(text)

    assert dict(pasted.fields) == {}
    assert pasted.doubtful == frozenset()
    assert pasted.missing == REQUIRED


def test_a_zip_alone_fills_city_and_state_without_doubt():
    pasted = read_pasted("Ann Lee\n12 Elm St\n83702")

    assert pasted.fields["city"] == "Boise"
    assert pasted.fields["state"] == "ID"
    assert pasted.doubtful == frozenset()


@pytest.mark.parametrize("seed", range(200))
def test_garbage_is_answered_with_sound_fields_or_none(seed):
    chance = random.Random(seed)
    words = chance.choices(WORDS, k=chance.randint(0, 40))

    pasted = read_pasted(chance.choice([" ", "", ", ", "\n"]).join(words))

    assert all(read_field(field, value) == value for field, value in pasted.fields.items())
    assert pasted.doubtful <= pasted.fields.keys() <= set(FIELDS)


@given(st.text(max_size=700))
def test_any_text_is_read_without_raising(text):
    pasted = read_pasted(text)

    assert all(read_field(field, value) == value for field, value in pasted.fields.items())
    assert set(pasted.missing) == set(REQUIRED) - pasted.fields.keys()
