"""The ledger: each booking once, no balance below zero, a chain that tells every change."""

from datetime import UTC, datetime
from hashlib import sha256

import bson
import pytest
from pymongo.errors import AutoReconnect, NetworkTimeout, OperationFailure, WriteConcernError

from core.money import Money
from models import ledger as entries
from models.connection import collection, database
from models.ledger import EntryKind, Insertion
from services.booking import Step, next_entry
from services.ledger import Balance, Cause, KeyReused, LedgerBusy, Posting, account_of
from tests.shop import BUYER

ACCOUNT = account_of(BUYER)


def keys():
    return [entry["key"] for entry in entries.walk()]


def test_a_top_up_a_hold_and_a_capture_leave_what_is_left(shop):
    shop.credit(2_500)
    assert shop.ledger.hold(BUYER, Money(750), "L-1") is Posting.POSTED
    assert shop.balance() == (1_750, 750)

    assert shop.ledger.capture(BUYER, Money(750), "L-1") is Posting.POSTED

    assert shop.balance() == (1_750, 0)
    assert keys() == ["topup:oxapay:seed", "hold:L-1", "close:L-1"]


def test_a_release_gives_the_hold_back(shop):
    shop.credit(2_500)
    shop.ledger.hold(BUYER, Money(750), "L-1")

    assert shop.ledger.release(BUYER, Money(750), "L-1", reason="refused") is Posting.POSTED

    assert shop.balance() == (2_500, 0)


@pytest.mark.parametrize("times", [2, 5])
def test_every_verb_repeated_is_one_booking(shop, times):
    for _ in range(times):
        shop.credit(2_500)
    for _ in range(times):
        shop.ledger.hold(BUYER, Money(750), "L-1")
    for _ in range(times):
        last = shop.ledger.capture(BUYER, Money(750), "L-1")

    assert last is Posting.EXISTS
    assert shop.balance() == (1_750, 0)
    assert len(keys()) == 3


def test_capture_and_release_exclude_each_other(shop):
    shop.credit(2_500)
    shop.ledger.hold(BUYER, Money(750), "L-1")
    shop.ledger.capture(BUYER, Money(750), "L-1")

    with pytest.raises(KeyReused):
        shop.ledger.release(BUYER, Money(750), "L-1", reason="by mistake")

    assert shop.balance() == (1_750, 0)


def test_one_key_for_another_amount_is_an_alarm(shop):
    shop.credit(2_500)

    with pytest.raises(KeyReused) as alarm:
        shop.credit(2_600)

    assert alarm.value.facts == {"account": ACCOUNT, "key": "topup:oxapay:seed"}
    assert shop.balance() == (2_500, 0)


def test_a_hold_above_the_balance_is_insufficient_and_writes_nothing(shop):
    shop.credit(700)

    assert shop.ledger.hold(BUYER, Money(701), "L-1") is Posting.INSUFFICIENT

    assert shop.balance() == (700, 0)
    assert len(keys()) == 1


def test_a_repeated_hold_exists_even_when_the_balance_is_used_up(shop):
    shop.credit(700)
    shop.ledger.hold(BUYER, Money(700), "L-1")

    assert shop.ledger.hold(BUYER, Money(700), "L-1") is Posting.EXISTS


def test_nothing_can_be_captured_that_is_not_held(shop):
    shop.credit(700)

    assert shop.ledger.capture(BUYER, Money(700), "L-1") is Posting.INSUFFICIENT


def test_accounts_do_not_see_each_other(shop):
    shop.credit(700)
    shop.credit(300, user_id=8, provider_id="other")

    assert (shop.balance(), shop.balance(8)) == ((700, 0), (300, 0))
    assert shop.ledger.balance(9).seq == 0


def adjust(shop, cents, *, number="1", overdraft=False):
    return shop.ledger.adjust(
        BUYER,
        Money(cents),
        adjustment_id=number,
        cause=Cause("operator:ann", "chargeback"),
        overdraft=overdraft,
    )


def test_an_adjustment_goes_either_way_and_no_deeper_than_there_is(shop):
    assert adjust(shop, 500) is Posting.POSTED
    assert adjust(shop, -200, number="2") is Posting.POSTED
    assert adjust(shop, -301, number="3") is Posting.INSUFFICIENT

    assert shop.balance() == (300, 0)
    assert keys() == ["adj:1", "adj:2"]


def test_an_overdraft_needs_its_policy(shop):
    assert adjust(shop, -500) is Posting.INSUFFICIENT
    assert adjust(shop, -500, overdraft=True) is Posting.POSTED

    assert shop.balance() == (-500, 0)


def test_money_that_comes_in_is_taken_below_zero_too_but_none_goes_out(shop):
    adjust(shop, -500, overdraft=True)

    shop.credit(200)

    assert shop.balance() == (-300, 0)
    assert shop.ledger.hold(BUYER, Money(1), "L-1") is Posting.INSUFFICIENT
    assert shop.verification.verify().findings == []


def test_an_overdraft_does_not_keep_what_is_held_from_being_taken(shop):
    shop.credit(500)
    shop.ledger.hold(BUYER, Money(500), "L-1")
    adjust(shop, -100, overdraft=True)

    assert shop.ledger.capture(BUYER, Money(500), "L-1") is Posting.POSTED

    assert shop.balance() == (-100, 0)


def test_a_label_is_refunded_once(shop):
    shop.credit(500)

    postings = [
        shop.ledger.refund(
            BUYER,
            Money(750),
            label_id="L-1",
            order_id="L-1",
            cause=Cause("operator:ann", "late"),
        )
        for _ in range(3)
    ]

    assert postings == [Posting.POSTED, Posting.EXISTS, Posting.EXISTS]
    assert shop.balance() == (1_250, 0)
    entry = list(entries.walk())[-1]
    assert (entry["kind"], entry["by"], entry["reason"]) == ("refund", "operator:ann", "late")


def test_a_digest_is_that_of_the_bytes_the_database_keeps(shop):
    """Laid down: sha256 of the digest before, then the BSON elements after _id, before digest."""
    shop.credit(2_500)
    shop.ledger.hold(BUYER, Money(750), "L-1")

    stored = b"".join(collection(entries.COLLECTION).find_raw_batches({}, sort=[("seq", 1)]))

    first = int.from_bytes(stored[:4], "little")
    before = ""
    for document in (stored[:first], stored[first:]):
        told = bson.decode(document)
        own_id, own_digest = (bson.encode({name: told[name]})[4:-1] for name in ("_id", "digest"))
        body = document[4:-1].removeprefix(own_id).removesuffix(own_digest)
        assert sha256(before.encode() + body).hexdigest() == told["digest"]
        before = told["digest"]


def test_a_digest_stays_what_it_was():
    """A known answer: who changes the form must prove the old entries by the old one."""
    step = Step(
        key="topup:oxapay:1",
        kind=EntryKind.TOPUP,
        d_available=500,
        d_held=0,
        contra="provider:oxapay:USD",
        ref={"payment": "T-1"},
        by="provider:oxapay",
    )

    entry = next_entry("u:7:USD", step, None, datetime(2026, 11, 2, 12, tzinfo=UTC))

    assert entry["digest"] == "ed3961625389b8a8e601ef0389d6defde5acc78501f7589fb33b19f47b1fb166"


def test_every_entry_says_who_why_and_for_what_and_sums_to_zero(shop):
    shop.credit(2_500)
    shop.ledger.hold(BUYER, Money(750), "L-1")
    shop.ledger.release(BUYER, Money(750), "L-1", reason="refused")

    topup, hold, release = entries.walk()

    assert (topup["by"], topup["ref"]) == ("provider:oxapay", {"payment": "T-seed"})
    assert (hold["by"], hold["ref"]) == (f"user:{BUYER}", {"order": "L-1"})
    assert (release["by"], release["reason"]) == ("worker", "refused")
    assert [entry["seq"] for entry in (topup, hold, release)] == [1, 2, 3]
    assert {sum(line["amount"] for line in entry["lines"]) for entry in (topup, hold)} == {0}


def test_lists_read_the_balances_of_many_customers_at_once(shop):
    shop.credit(2_500)
    shop.ledger.hold(BUYER, Money(750), "L-1")

    found = shop.ledger.balances([BUYER, 404])

    assert found == {BUYER: shop.ledger.balance(BUYER), 404: Balance(Money(0), Money(0), 0)}
    assert (found[BUYER].available, found[BUYER].held) == (Money(1_750), Money(750))


def test_a_list_of_balances_costs_the_same_however_many_entries_there_are(shop):
    for number in range(30):
        shop.credit(100, provider_id=f"n{number}")
    database().command("profile", 2)

    found = shop.ledger.balances([BUYER])

    database().command("profile", 0)
    [read] = collection("system.profile").find({"command.aggregate": entries.COLLECTION})
    collection("system.profile").drop()
    assert found[BUYER].available == Money(3_000)
    assert read["docsExamined"] == 1


@pytest.mark.parametrize(
    "trouble",
    [
        AutoReconnect("connection closed"),
        NetworkTimeout("timed out"),
        WriteConcernError("waiting for replication", 64),
        OperationFailure("shutting down", 91, {"errorLabels": ["RetryableWriteError"]}),
    ],
)
@pytest.mark.parametrize("written", [True, False])
def test_an_unknown_answer_is_asked_again_under_the_same_key(shop, monkeypatch, trouble, written):
    real, troubles = entries.insert, [trouble]

    def insert(entry):
        if not troubles:
            return real(entry)
        if written:
            real(entry)
        raise troubles.pop()

    monkeypatch.setattr(entries, "insert", insert)

    posting = shop.ledger.top_up(
        BUYER, Money(500), provider="oxapay", provider_id="1", payment_id="T-1"
    )

    assert posting is (Posting.EXISTS if written else Posting.POSTED)
    assert shop.balance() == (500, 0)
    assert keys() == ["topup:oxapay:1"]


def test_a_database_that_stays_away_is_said_and_nothing_is_guessed(shop, monkeypatch):
    def insert(_):
        raise AutoReconnect("away")

    monkeypatch.setattr(entries, "insert", insert)

    with pytest.raises(LedgerBusy):
        shop.credit(500)

    assert keys() == []


def test_a_refusal_of_the_database_is_not_repeated(shop, monkeypatch):
    calls = []

    def insert(_):
        calls.append(1)
        raise OperationFailure("not authorized", 13)

    monkeypatch.setattr(entries, "insert", insert)

    with pytest.raises(LedgerBusy):
        shop.credit(500)

    assert len(calls) == 1


def test_an_account_that_others_always_reach_first_is_busy_after_a_bound(shop, monkeypatch):
    monkeypatch.setattr(entries, "insert", lambda _: Insertion.SEQ_TAKEN)
    monkeypatch.setattr("services.ledger.LONGEST_PAUSE_SECONDS", 0)

    with pytest.raises(LedgerBusy):
        shop.credit(500)
