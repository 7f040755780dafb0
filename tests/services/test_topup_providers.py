"""Several payment providers at once: which may be chosen, and what is chosen."""

import pytest

from core.modes import ApiMode
from core.money import Money
from models.payment import Payment
from providers.payments.base import InvoiceState
from services.settling import NoPaymentProvider
from tests.fakes import PaperProvider
from tests.shop import BUYER

AMOUNT = Money(2_500)


class OneWorld(PaperProvider):
    """Takes production's money only."""

    def serves(self, mode):
        return mode is ApiMode.PRODUCTION


@pytest.fixture
def cryptopay(shop):
    return shop.second_provider()


def test_all_that_are_on_may_be_chosen_in_the_order_of_the_settings(shop, cryptopay):
    assert shop.topups.choices() == ["oxapay", "cryptopay"]


def test_one_that_takes_the_other_modes_money_only_may_not_be_chosen(shop):
    shop.providers["cryptopay"] = OneWorld("cryptopay")

    before = shop.topups.choices()
    with pytest.raises(NoPaymentProvider):
        shop.topups.open(BUYER, AMOUNT, "cryptopay")
    shop.modes.set_api_mode(ApiMode.PRODUCTION, by="operator:1")

    assert before == ["oxapay"]
    assert shop.topups.choices() == ["oxapay", "cryptopay"]
    assert shop.providers["cryptopay"].made == {}
    assert Payment.objects.count() == 0


def test_where_none_takes_this_modes_money_nothing_is_opened(shop):
    del shop.providers["oxapay"]
    shop.providers["cryptopay"] = OneWorld("cryptopay")

    with pytest.raises(NoPaymentProvider):
        shop.topups.open(BUYER, AMOUNT)

    assert Payment.objects.count() == 0


def test_the_chosen_one_makes_the_invoice_and_is_told_where_to_send_its_notices(
    shop, cryptopay, monkeypatch
):
    asked = []
    make = cryptopay.create_invoice
    monkeypatch.setattr(
        cryptopay, "create_invoice", lambda *a, **facts: asked.append(facts) or make(*a, **facts)
    )

    payment = shop.topups.open(BUYER, AMOUNT, "cryptopay")

    assert (payment.provider, payment.provider_id) == ("cryptopay", "track-0")
    assert [facts["notify_url"] for facts in asked] == ["http://shop/webhooks/cryptopay"]
    assert shop.provider.made == {}


def test_without_a_choice_the_open_invoice_of_any_or_else_the_first_is_taken(shop, cryptopay):
    chosen = shop.topups.open(BUYER, AMOUNT, "cryptopay")

    assert shop.topups.open(BUYER, AMOUNT).id == chosen.id
    assert shop.topups.open(BUYER, Money(3_000)).provider == "oxapay"


def test_another_choice_for_the_same_amount_is_another_invoice(shop, cryptopay):
    first = shop.topups.open(BUYER, AMOUNT, "oxapay")
    second = shop.topups.open(BUYER, AMOUNT, "cryptopay")

    assert second.id != first.id
    assert shop.topups.open(BUYER, AMOUNT, "oxapay").id == first.id
    assert Payment.objects.count() == 2


def test_equal_invoice_ids_at_two_providers_are_two_credits(shop, cryptopay):
    payments = [shop.topups.open(BUYER, AMOUNT, name) for name in ("oxapay", "cryptopay")]
    for provider in shop.providers.values():
        provider.say("track-0", InvoiceState.PAID, received=AMOUNT)

    for payment in payments * 2:
        shop.topups.settle(payment.id)

    assert {payment.provider_id for payment in payments} == {"track-0"}
    assert shop.balance() == (5_000, 0)
    assert shop.verification.verify().mismatches == 0
