"""What the shop makes of the carrier's opinion of an address."""

from dataclasses import dataclass, replace

import pytest

from core.errors import Refusal
from providers.carriers.base import CarrierDown, CarrierRefused, Checked, Verdict
from services.addresses import Addresses, Opinion, Standing
from tests.fakes import PaperCarrier
from tests.shop import SENDER


@dataclass
class Both:
    """Two carrier services in both modes."""

    carriers: list[PaperCarrier]

    def get(self, name, mode):
        return next(carrier for carrier in self.carriers if carrier.name == name)

    def names(self, mode):
        return [carrier.name for carrier in self.carriers]


OTHER_STREET = replace(SENDER, street="388 TOWNSEND AVE")
OTHER_SPELLING = replace(SENDER, street="388 TOWNSEND STREET", zip="94107-1234")


@pytest.mark.parametrize(
    ("checked", "standing"),
    [
        (Checked(Verdict.VERIFIED, None, ()), Standing.ACCEPTED),
        (Checked(Verdict.VERIFIED, OTHER_SPELLING, ()), Standing.ACCEPTED),
        (Checked(Verdict.CORRECTED, OTHER_STREET, ()), Standing.CORRECTED),
        (Checked(Verdict.CORRECTED, None, ("Mended",)), Standing.ACCEPTED),
        (Checked(Verdict.DOUBTFUL, None, ("No such apartment",)), Standing.DOUBTFUL),
        (Checked(Verdict.DOUBTFUL, OTHER_STREET, ()), Standing.DOUBTFUL),
        (Checked(Verdict.DOUBTFUL, None, ()), Standing.ACCEPTED),
        (Checked(Verdict.UNCHECKED, None, ()), Standing.ACCEPTED),
        (Checked(Verdict.UNDELIVERABLE, None, ("Not found",)), Standing.UNDELIVERABLE),
    ],
)
def test_only_what_differs_or_is_doubted_asks_for_a_decision(shop, checked, standing):
    shop.carrier.checks[SENDER.street] = checked

    opinion = shop.addresses.check(SENDER)

    assert opinion == Opinion(standing, checked.suggestion, checked.remarks)
    assert opinion.asks_for_a_decision == (
        standing in {Standing.CORRECTED, Standing.DOUBTFUL, Standing.UNDELIVERABLE}
    )


@pytest.mark.parametrize(
    "trouble",
    [
        CarrierDown(provider="easypost"),
        CarrierRefused(provider="easypost", reason="x", told=""),
        Refusal(),
    ],
)
def test_a_carrier_that_does_not_answer_keeps_nobody_from_going_on(shop, trouble):
    shop.carrier.check_instead.append(trouble)

    assert shop.addresses.check(SENDER) == Opinion(Standing.UNCHECKED)


def test_a_service_that_cannot_check_leaves_it_to_the_next(shop):
    unable, able = shop.carrier, PaperCarrier("shipengine")
    unable.checks[SENDER.street] = Checked(Verdict.UNCHECKED, None, ())
    able.checks[SENDER.street] = Checked(Verdict.CORRECTED, OTHER_STREET, ())
    addresses = Addresses(carriers=Both([unable, able]), modes=shop.modes)

    assert addresses.check(SENDER) == Opinion(Standing.CORRECTED, OTHER_STREET)


def test_nobody_waits_for_a_second_service_when_the_first_is_away(shop):
    away, other = shop.carrier, PaperCarrier("shipengine")
    away.check_instead.append(CarrierDown(provider="easypost"))
    addresses = Addresses(carriers=Both([away, other]), modes=shop.modes)

    assert addresses.check(SENDER) == Opinion(Standing.UNCHECKED)
    assert other.checked == []
