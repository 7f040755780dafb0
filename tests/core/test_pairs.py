"""Two addresses in one message are read as each of them alone, and one address is never two."""

import pytest

from core.pasting import read_pasted
from core.pasting.pairs import read_pair
from tests.core.test_pasted_styles import HELD_OUT, STYLES

SAMPLES = [
    sample["text"] for kept in (STYLES, HELD_OUT) for many in kept.values() for sample in many
]
COMPLETE = [text for text in SAMPLES if not read_pasted(text).missing]
MARIA = "Maria O'Brien\n388 Townsend St Apt 20\nSan Francisco, CA 94107"
JOHN = "John Smith\n350 5th Ave\nNew York, NY 10118"
EVERY = 7
RIGHT_AT_LEAST = 0.94


def test_no_single_address_is_read_as_two():
    assert [text for text in SAMPLES if read_pair(text) is not None] == []


@pytest.mark.parametrize(
    "shape",
    [
        "{}\n{}",
        "{}\n\n{}",
        "From:\n{}\nTo:\n{}",
        "FROM\n{}\n\nSHIP TO\n{}",
        "Sender: {}\nRecipient: {}",
        "From {} to {}",
        "{} -> {}",
    ],
)
def test_both_addresses_are_read_as_each_of_them_alone(shape):
    firsts, seconds = COMPLETE[::EVERY], COMPLETE[3::EVERY]
    read = [
        (read_pair(shape.format(first, second)), read_pasted(first), read_pasted(second))
        for first, second in zip(firsts, seconds, strict=False)
    ]

    right = [
        both is not None and (both.sender.fields, both.recipient.fields) == (one.fields, two.fields)
        for both, one, two in read
    ]
    assert sum(right) / len(right) >= RIGHT_AT_LEAST


@pytest.mark.parametrize(
    "text",
    [
        f"To: {JOHN}\nFrom: {MARIA}",
        f"Ship to\n{JOHN}\n\nReturn address:\n{MARIA}",
        f"De: {MARIA}\nPara: {JOHN}",
        f"{MARIA}, USA\n{JOHN}".replace("\n", ", "),
    ],
)
def test_what_the_message_says_goes_before_the_order_of_its_parts(text):
    pair = read_pair(text)

    assert pair is not None
    assert pair.sender.fields == read_pasted(MARIA).fields
    assert pair.recipient.fields == read_pasted(JOHN).fields


@pytest.mark.parametrize("phone", ["415-555-0132", "Phone number: (415) 555-0132", "m@obrien.us"])
def test_a_phone_between_them_belongs_to_the_first(phone):
    pair = read_pair(f"{MARIA}\n{phone}\n{JOHN}")

    assert pair is not None
    assert pair.sender.fields == read_pasted(f"{MARIA}\n{phone}").fields
    assert pair.recipient.fields == read_pasted(JOHN).fields


def test_what_one_of_two_blocks_lacks_is_missing_there():
    pair = read_pair("388 Townsend St\nSan Francisco, CA 94107\n\n" + JOHN)

    assert pair is not None
    assert (pair.sender.missing, pair.recipient.missing) == (("name",), ())


@pytest.mark.parametrize(
    "text", ["", "hello\n\nthere", f"{MARIA}\n\nPlease hurry!", f"From: {MARIA}", JOHN * 40]
)
def test_what_is_not_two_addresses_is_none(text):
    assert read_pair(text) is None
