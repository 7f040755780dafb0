"""What people type into the fields of an address, and what becomes of it."""

import unicodedata

import pytest
from hypothesis import given, strategies as st

from core.addresses import FIELDS, Address, BadField, problems, read_address, read_field
from core.errors import Refusal

OFFICE = Address(
    name="Jane O'Brien",
    company="Acme & Sons",
    street="350 5th Ave",
    street2="#3300",
    city="New York",
    state="NY",
    zip="10118-0110",
    phone="+12125550147",
    email="jane@example.com",
)


def reason_of(field, typed):
    with pytest.raises(BadField) as refused:
        read_field(field, typed)
    assert refused.value.facts["field"] == field
    return refused.value.facts["reason"]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("name", "  Jane   O'Brien ", "Jane O'Brien"),
        ("name", "Jane\u200b O\u2019Brien\u202e", "Jane O\u2019Brien"),
        ("name", "Jose\u0301", "Jos\u00e9"),
        ("name", "Иван Петров", "Иван Петров"),
        ("company", "Smith & Sons #1 <b>", "Smith & Sons #1 <b>"),
        ("company", " ", ""),
        ("street", "12\tElm\u00a0St\n", "12 Elm St"),
        ("street2", "# 5", "# 5"),
        ("city", "St. Louis", "St. Louis"),
        ("state", "California", "CA"),
        ("state", "new  york", "NY"),
        ("state", "d.c.", "DC"),
        ("state", "Washington, DC", "DC"),
        ("state", "Guam", "GU"),
        ("state", "ae", "AE"),
        ("zip", "02139", "02139"),
        ("zip", "021391234", "02139-1234"),
        ("zip", "02139 1234", "02139-1234"),
        ("zip", "02139 \u2013 1234", "02139-1234"),
        ("phone", "(415) 555-2671", "+14155552671"),
        ("phone", "", ""),
        ("email", "Jane@Example.COM", "Jane@example.com"),
        ("country", "usa", "US"),
        ("country", "U.S.", "US"),
    ],
)
def test_a_field_is_kept_tidied_and_otherwise_as_typed(field, typed, kept):
    assert read_field(field, typed) == kept


@pytest.mark.parametrize(
    ("field", "typed", "reason"),
    [
        ("name", "", "missing"),
        ("name", "\u200b\u3164", "missing"),
        ("name", "J", "too_short"),
        ("name", "J" * 51, "too_long"),
        ("name", "J" * 10_000, "too_long"),
        ("name", "--", "no_letters"),
        ("name", "Jane 🎉", "strange_characters"),
        ("name", "Ja\x00ne", "strange_characters"),
        ("name", "Jane\x1b[31m", "strange_characters"),
        ("name", "Ja\ud800ne", "strange_characters"),
        ("name", "Jane\n12 Elm St", "several_lines"),
        ("name", "Jane\u2028Roe", "several_lines"),
        ("company", "a" * 51, "too_long"),
        ("street", "12", "too_short"),
        ("street", "a" * 101, "too_long"),
        ("street2", "a" * 101, "too_long"),
        ("city", "X", "too_short"),
        ("state", "Ontario", "unknown_state"),
        ("state", "$ne", "unknown_state"),
        ("zip", "2139", "bad_zip"),
        ("zip", "\uff10\uff12\uff11\uff13\uff19", "bad_zip"),
        ("zip", "00000", "unknown_zip"),
        ("zip", "96960", "unknown_zip"),
        ("phone", "911", "bad_phone"),
        ("phone", "1" * 10_000, "bad_phone"),
        ("email", "jane@", "bad_email"),
        ("email", "a" * 10_000 + "@example.com", "bad_email"),
        ("country", "Canada", "abroad"),
        ("country", "", "abroad"),
        ("zip", "SW1A 2AA", "abroad"),
    ],
)
def test_a_field_that_cannot_go_on_a_label_is_refused_with_the_reason(field, typed, reason):
    assert reason_of(field, typed) == reason


def test_a_refused_length_names_its_limit():
    with pytest.raises(BadField) as short:
        read_field("name", "J")
    with pytest.raises(BadField) as long:
        read_field("street", "a" * 101)

    assert short.value.facts == {"field": "name", "reason": "too_short", "limit": 2}
    assert long.value.facts == {"field": "street", "reason": "too_long", "limit": 100}
    assert short.value.code == "bad_field"


def test_a_good_address_has_no_problems_and_reads_as_it_stands():
    assert problems(OFFICE) == []
    assert read_address(OFFICE.as_dict()) == OFFICE


def test_an_address_survives_storing():
    stored = OFFICE.as_dict()

    assert Address.from_dict(stored) == OFFICE
    assert set(stored) == set(FIELDS)


def test_a_half_filled_address_names_every_field_it_misses():
    draft = Address.from_dict({"name": "Jane Roe", "zip": "10118", "not_a_field": "x"})

    assert [bad.facts["field"] for bad in problems(draft)] == ["street", "city", "state"]
    assert {bad.facts["reason"] for bad in problems(draft)} == {"missing"}
    assert draft.country == "US"


def test_a_zip_of_another_state_is_refused_with_both_named():
    typed = OFFICE.as_dict() | {"state": "California"}

    with pytest.raises(BadField) as refused:
        read_address(typed)

    assert refused.value.facts == {
        "field": "zip",
        "reason": "zip_not_in_state",
        "zip": "10118-0110",
        "state": "CA",
    }


ANYTHING = st.text(st.characters(), max_size=120) | st.text("aZ5 -.#\u200b\u0301\n@+")


@given(st.sampled_from(FIELDS), ANYTHING)
def test_reading_what_was_read_changes_nothing(field, typed):
    try:
        kept = read_field(field, typed)
    except Refusal:
        return

    assert read_field(field, kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert "\n" not in kept


@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, ANYTHING)))
def test_problems_are_told_of_any_address_and_never_raised(typed):
    found = problems(Address.from_dict(typed))

    assert {bad.facts["field"] for bad in found} <= set(FIELDS)
