"""Things for the customs as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from core.customs import MOST_WORTH, CustomsItem, TooValuable
from core.declared import LONGEST, MOST_PIECES, BadItem, read_item
from core.errors import Refusal
from core.money import Money, UnreadableAmount
from core.parcels import TooHeavy, UnreadableWeight


@pytest.mark.parametrize(
    ("typed", "description", "quantity", "cents", "ounces"),
    [
        ("2 T-shirts 30 USD 1 lb", "T-shirts", 2, 3000, "16"),
        ("2x T-shirts, $30, 1lb 4 oz", "T-shirts", 2, 3000, "20"),
        ("2 x T-shirts USD 30 16oz.", "T-shirts", 2, 3000, "16"),
        ("T-shirts x2 30$ 1lb", "T-shirts", 2, 3000, "16"),
        ("T-shirts 2 pcs, 30 dollars; 500 g", "T-shirts", 2, 3000, "17.7"),
        ("4 pcs of soap, 20 usd, 0,5 kg", "soap", 4, 2000, "17.7"),
        ("3D printer $200 5 lb", "3D printer", 1, 20000, "80"),
        ("12 oz mugs $10 3 lb", "12 oz mugs", 1, 1000, "48"),
        ("2 5 lb dumbbells $40 10 lb", "5 lb dumbbells", 2, 4000, "160"),
        ("2 lb of coffee $30", "coffee", 1, 3000, "32"),
        ("book\n$12.50\n8 oz", "book", 1, 1250, "8"),
        ("1,5 kg candles 2,50 $", "candles", 1, 250, "53"),
        ("A book (used) 1 lb $4 USD", "A book (used)", 1, 400, "16"),
        ("Salt & pepper mills, wood $9 1 lb", "Salt & pepper mills, wood", 1, 900, "16"),
        ("letters from Ann $1 1 oz", "letters from Ann", 1, 100, "1"),
    ],
)
def test_a_thing_is_read_in_whatever_order_it_is_told(typed, description, quantity, cents, ounces):
    assert read_item(typed) == CustomsItem(
        description, quantity, Money(cents), Decimal(ounces), "US", ""
    )


@pytest.mark.parametrize(
    ("told", "origin", "tariff"),
    [
        ("", "US", ""),
        ("made in China", "CN", ""),
        ("made in South Korea, HS 6109.10", "KR", "610910"),
        ("from DE", "DE", ""),
        ("origin: mx; hs code 6109100012", "MX", "6109100012"),
        ("Made in USA tariff 6109 10", "US", "610910"),
    ],
)
def test_a_country_and_a_tariff_may_be_told(told, origin, tariff):
    item = read_item(f"2 shirts, {told}, $30, 1 lb")

    assert (item.description, item.origin, item.tariff) == ("shirts", origin, tariff)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "worth"),
        ("hello", "worth"),
        ("mug 1 lb", "worth"),
        ("mug $0 1 lb", "worth"),
        ("mug 5 EUR 1 lb", "worth"),
        ("mug $5", "weight"),
        ("mug $5 1", "weight"),
        ("$10 1 lb", "description"),
        ("2 x $10 1 lb", "description"),
        ("*** $10 1 lb", "description"),
        ("0 mugs $10 1 lb", "quantity"),
        (f"{MOST_PIECES + 1} mugs $10 1 lb", "quantity"),
        ("2 mugs $10 each 1 lb", "each"),
        ("3 чашки $10 1 lb", "not_latin"),
        ("\U0001f600 mug $1 1 lb", "strange_characters"),
        ("mug made in Narnia, $5, 1 lb", "origin"),
        ("mug from ZZ $5 1 lb", "origin"),
        ("mug HS 61 $5 1 lb", "tariff"),
        (f"{'m' * (LONGEST + 1)} $5 1 lb", "too_long"),
        ("m" * 5000, "too_long"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_the_reason(typed, reason):
    with pytest.raises(BadItem) as refused:
        read_item(typed)

    assert refused.value.facts["reason"] == reason


def test_amounts_and_weights_that_need_a_guess_are_refused():
    for typed, refusal in (
        ("mug $1,200 1 lb", UnreadableAmount),
        ("mug $5 1 lb 5 g", UnreadableWeight),
        ("mug $5 1,500 g", UnreadableWeight),
        ("anvil $5 151 lb", TooHeavy),
        ("watch $2500.01 1 lb", TooValuable),
    ):
        with pytest.raises(refusal):
            read_item(typed)


@given(
    st.integers(1, MOST_PIECES),
    st.sampled_from(["T-shirts", "Soap, olive", "3D prints", "Cafés' signs"]),
    st.integers(1, MOST_WORTH.minor),
    st.integers(1, 24_000),
    st.permutations(["what", "worth", "weight"]),
)
def test_every_thing_told_plainly_is_read_back(quantity, description, cents, tenths, order):
    ounces = Decimal(tenths) / 10
    parts = {
        "what": f"{quantity} x {description}",
        "worth": f"${Money(cents).decimal:.2f}",
        "weight": f"{ounces} oz",
    }

    item = read_item(", ".join(parts[part] for part in order))

    assert item == CustomsItem(description, quantity, Money(cents), ounces)


@given(st.text(max_size=120) | st.text(alphabet="0123456789 .,$xlbozusdHS:fromCNé", max_size=60))
def test_whatever_is_typed_is_a_sound_thing_or_refused(typed):
    try:
        item = read_item(typed)
    except Refusal:
        return

    assert 0 < item.quantity <= MOST_PIECES
    assert 0 < item.value.minor <= MOST_WORTH.minor
    assert 0 < item.weight_oz <= 2400
    assert 3 <= len(item.description) <= LONGEST
    assert len(item.origin) == 2
