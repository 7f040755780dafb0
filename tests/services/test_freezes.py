"""A mismatch stops purchases of that account alone, until an operator has looked."""

import pytest

from core.money import Money
from models import ledger as entries
from models.audit import AuditEntry
from models.connection import collection
from models.freeze import Freeze
from models.order import Order, OrderState
from services.audits import ReasonMissing
from services.freezes import AccountFrozen, Freezes, MoreFound, NotFrozen
from tests.shop import BUYER

ACCOUNT = f"u:{BUYER}:USD"


def spoil(seq=1):
    collection(entries.COLLECTION).update_one(
        {"account": ACCOUNT, "seq": seq}, {"$set": {"reason": "spoilt"}}
    )


def test_a_mismatch_freezes_its_account_and_repairs_nothing(shop):
    shop.credit(2_500)
    shop.credit(900, user_id=8, provider_id="other")
    spoil()
    before = list(entries.walk())

    shop.verification.verify()

    assert [freeze.account for freeze in shop.freezes.frozen()] == [ACCOUNT]
    assert Freeze.objects.fetch(ACCOUNT).findings == ["u:7:USD entry 1: digest is wrong"]
    assert list(entries.walk()) == before


def test_a_frozen_account_places_no_order_then_or_later_and_holds_no_money(shop):
    shop.credit(2_500)
    quote = shop.quote()
    shop.freezes.freeze(ACCOUNT, ["a finding"])

    with pytest.raises(AccountFrozen):
        shop.place(quote)
    shop.freezes.clear(ACCOUNT, by="ann", reason="a restored backup, compared by hand")
    shop.clock.turn(seconds=60)
    shop.sweep()

    assert shop.balance() == (2_500, 0)
    assert shop.carrier.calls == []


def test_an_order_held_before_waits_and_is_bought_after_the_clearing(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.freezes.freeze(ACCOUNT, ["a finding"])

    for _ in range(3):
        shop.clock.turn(seconds=60)
        shop.sweep()
    assert shop.orders.get(order.id).status is OrderState.HELD
    assert shop.carrier.calls == []
    assert shop.balance() == (1_750, 750)

    shop.freezes.clear(ACCOUNT, by="ann", reason="a restored backup, compared by hand")
    shop.clock.turn(seconds=60)
    shop.sweep()
    assert shop.orders.get(order.id).status is OrderState.DONE


def test_another_process_hears_of_a_freeze_within_a_second(shop):
    shop.credit(2_500)
    assert not shop.freezes.stop(ACCOUNT)

    Freezes(shop.audits, shop.clock).freeze(ACCOUNT, ["a finding"])
    shop.clock.turn(seconds=1)

    assert shop.freezes.stop(ACCOUNT)


def test_each_account_is_asked_for_when_there_are_more_frozen_than_are_remembered(
    shop, monkeypatch
):
    monkeypatch.setattr("services.freezes.KNOWN_AT_MOST", 2)
    accounts = [f"u:{number}:USD" for number in range(10, 14)]
    for account in accounts:
        shop.freezes.freeze(account, ["a finding"])

    assert all(shop.freezes.stop(account) for account in accounts)
    assert not shop.freezes.stop(ACCOUNT)


def test_others_buy_as_ever(shop):
    shop.credit(2_500)
    shop.freezes.freeze("u:8:USD", ["a finding"])

    shop.place()
    shop.work()

    assert Order.objects.get().status is OrderState.DONE


def test_what_an_operator_has_accepted_freezes_nothing_again_but_is_still_told(shop):
    shop.credit(2_500)
    spoil()
    shop.verification.verify()

    shop.freezes.clear(ACCOUNT, by="ann", reason="looked at it")

    assert shop.verification.verify().mismatches == 1
    assert shop.freezes.frozen() == []
    [entry] = AuditEntry.objects(act="clear freeze")
    assert (entry.by, entry.subject, entry.reason) == ("ann", ACCOUNT, "looked at it")


def test_something_new_freezes_again(shop):
    shop.freezes.freeze(ACCOUNT, ["a finding"])
    shop.freezes.clear(ACCOUNT, by="ann", reason="looked at it")

    shop.freezes.freeze(ACCOUNT, ["a finding", "another"])

    frozen = Freeze.objects.fetch(ACCOUNT)
    assert (frozen.frozen_at, frozen.findings) == (shop.clock.now(), ["another"])


def test_the_same_finding_again_keeps_the_first_time(shop):
    shop.freezes.freeze(ACCOUNT, ["a finding"])
    since = shop.clock.now()
    shop.clock.turn(hours=1)

    shop.freezes.freeze(ACCOUNT, ["a finding"])
    shop.freezes.freeze(ACCOUNT, ["a finding", "another"])

    frozen = Freeze.objects.fetch(ACCOUNT)
    assert (frozen.frozen_at, frozen.findings) == (since, ["a finding", "another"])


def test_a_clearing_says_why_and_needs_something_to_clear(shop):
    with pytest.raises(NotFrozen):
        shop.freezes.clear(ACCOUNT, by="ann", reason="by mistake")
    shop.freezes.freeze(ACCOUNT, ["a finding"])
    with pytest.raises(ReasonMissing):
        shop.freezes.clear(ACCOUNT, by="ann", reason="  ")

    assert len(shop.freezes.frozen()) == 1
    assert AuditEntry.objects.count() == 0


def test_what_is_found_while_an_operator_looks_is_not_cleared_unseen(shop):
    shop.freezes.freeze(ACCOUNT, ["a finding"])

    class FindsMore:
        """Asked for the time between an operator's look and the clearing."""

        def now(self):
            shop.freezes.freeze(ACCOUNT, ["another"])
            return shop.clock.now()

    with pytest.raises(MoreFound):
        Freezes(shop.audits, FindsMore()).clear(ACCOUNT, by="ann", reason="looked at it")

    assert len(shop.freezes.frozen()) == 1
    assert AuditEntry.objects.count() == 0


def test_a_repeated_tap_on_an_order_already_held_is_answered(shop):
    shop.credit(2_500)
    quote = shop.quote()
    order = shop.place(quote)
    shop.freezes.freeze(ACCOUNT, ["a finding"])

    assert shop.place(quote).id == order.id
    assert shop.balance() == (1_750, 750)
    assert shop.ledger.balance(BUYER).held == Money(750)
