"""When a customs form is needed, and what goes on it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.customs import (
    MOST_ITEMS,
    MOST_WORTH,
    ContentsTooHeavy,
    ContentsType,
    Customs,
    CustomsItem,
    CustomsMissing,
    TooManyItems,
    TooValuable,
    check_customs,
    needs_customs,
)
from core.money import Money
from core.parcels import Parcel
from core.regions import STATES
from tests.shop import SENDER

MUG = CustomsItem("mug", 1, Money(1_000), Decimal(8))
PARCEL = Parcel(Decimal(10), Decimal(8), Decimal(4), weight_oz=Decimal(16))


def between(sender, recipient):
    return replace(SENDER, state=sender), replace(SENDER, state=recipient)


def declared(*items):
    return Customs(ContentsType.GIFT, items, "Maria O'Brien")


@pytest.mark.parametrize("state", ["AA", "AE", "AP", "PR", "VI", "GU", "AS", "MP"])
def test_territories_and_the_military_lie_behind_a_border_both_ways(state):
    assert needs_customs(*between("CA", state))
    assert needs_customs(*between(state, "NY"))


def test_no_border_lies_between_states_and_within_a_territory():
    mainland = STATES.keys() - {"AA", "AE", "AP", "PR", "VI", "GU", "AS", "MP"}

    assert not any(needs_customs(*between("CA", state)) for state in mainland)
    assert not needs_customs(*between("PR", "PR"))
    assert needs_customs(*between("GU", "PR"))
    assert needs_customs(*between("AE", "AE"))


def test_a_form_is_missed_only_where_a_border_is_crossed():
    check_customs(None, *between("CA", "NY"), PARCEL)
    check_customs(declared(MUG, MUG), *between("CA", "PR"), PARCEL)

    for nothing in (None, declared()):
        with pytest.raises(CustomsMissing):
            check_customs(nothing, *between("CA", "PR"), PARCEL)


def test_the_things_may_not_weigh_more_than_the_parcel():
    heavy = replace(MUG, weight_oz=Decimal("8.1"))

    with pytest.raises(ContentsTooHeavy) as refused:
        check_customs(declared(MUG, heavy), *between("CA", "PR"), PARCEL)

    assert refused.value.facts == {"contents_oz": Decimal("16.1"), "parcel_oz": Decimal(16)}


def test_a_form_has_room_for_so_many_things_of_so_much_worth():
    light = replace(MUG, weight_oz=Decimal("0.1"), value=MOST_WORTH)

    check_customs(declared(*[light] * MOST_ITEMS), *between("CA", "PR"), PARCEL)
    with pytest.raises(TooManyItems):
        check_customs(declared(*[light] * (MOST_ITEMS + 1)), *between("CA", "PR"), PARCEL)
    dear = replace(light, value=MOST_WORTH + Money(1))
    with pytest.raises(TooValuable):
        check_customs(declared(dear), *between("CA", "PR"), PARCEL)
