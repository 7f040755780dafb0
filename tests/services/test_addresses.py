"""What the shop makes of the carrier's opinion of an address."""

from dataclasses import replace

import pytest

from core.errors import Refusal
from providers.carriers.base import CarrierDown, CarrierRefused, Checked, Verdict
from services.addresses import Opinion, Standing
from tests.shop import SENDER

OTHER_STREET = replace(SENDER, street="388 TOWNSEND AVE")
OTHER_SPELLING = replace(SENDER, street="388 TOWNSEND STREET", zip="94107-1234")


@pytest.mark.parametrize(
    ("checked", "standing"),
    [
        (Checked(Verdict.VERIFIED, None, ()), Standing.GOOD),
        (Checked(Verdict.VERIFIED, OTHER_SPELLING, ()), Standing.GOOD),
        (Checked(Verdict.CORRECTED, OTHER_STREET, ()), Standing.CORRECTED),
        (Checked(Verdict.CORRECTED, None, ("Mended",)), Standing.GOOD),
        (Checked(Verdict.DOUBTFUL, None, ("No such apartment",)), Standing.DOUBTFUL),
        (Checked(Verdict.DOUBTFUL, None, ()), Standing.UNCHECKED),
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
