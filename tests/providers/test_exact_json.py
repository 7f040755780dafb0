"""JSON in and out without a float."""

from decimal import Decimal

import pytest

from providers import exact_json


def test_a_number_read_and_written_again_has_the_same_digits():
    body = b'{"a":0.1,"b":[1,true,null,"x\\u00e9"],"c":{"d":12.50}}'

    read = exact_json.read(body)

    assert read == {"a": Decimal("0.1"), "b": [1, True, None, "xé"], "c": {"d": Decimal("12.50")}}
    assert exact_json.write(read).encode() == body


def test_an_exponent_is_read_exactly_and_written_plainly():
    read = exact_json.read(b"3.079e-5")

    assert read == Decimal("0.00003079")
    assert exact_json.write(read) == "0.00003079"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b"1" * 5_000,
        b"1e99999999999999999999",
    ],
)
def test_what_no_honest_service_sends_is_unreadable(body):
    with pytest.raises(exact_json.UnreadableJson):
        exact_json.read(body)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (" plain ", "plain"),
        (17, "17"),
        (Decimal("6.07"), "6.07"),
        ("a\ud800b\x00c\u202ed", "abcd"),
        ("x" * 400, "x" * 300),
        (None, ""),
        ({"a": 1}, ""),
        ([1], ""),
    ],
)
def test_a_services_text_is_fit_to_store_and_show(value, shown):
    assert exact_json.text(value) == shown
