"""The proof: each way in which the books could be wrong is found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.jobs import Job
from core.money import Money
from models import ledger as entries
from models.connection import collection
from models.ledger import EntryKind
from models.order import Order, OrderState
from models.payment import Payment
from models.proof import Proof, ProofKind, ProofState
from services.attempts import DEATHS_AT_MOST
from services.booking import Step, next_entry
from services.books import payments
from services.chains import Chain
from services.ledger import Cause, account_of
from services.verification import Verification
from tests.shop import BUYER


@pytest.fixture
def books(shop):
    """A top-up and one bought label."""
    shop.credit(2_500)
    shop.place()
    shop.work()
    assert shop.verification.verify().mismatches == 0
    return collection(entries.COLLECTION)


def test_sound_books_are_counted(shop, books):
    shop.credit(900, user_id=8, provider_id="other")

    proof = shop.verification.verify()

    assert (proof.accounts, proof.entries, proof.mismatches) == (2, 4, 0)
    assert proof.findings == []


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"$inc": {"available": 1}}, "available does not follow"),
        ({"$inc": {"held": 1}}, "held does not follow"),
        ({"$set": {"reason": "nothing happened"}}, "digest is wrong"),
        ({"$set": {"by": "nobody"}}, "digest is wrong"),
        ({"$set": {"lines": [{"account": "x", "amount": 1}]}}, "lines do not sum to zero"),
        ({"$set": {"available": -1}}, "is below zero"),
    ],
)
def test_a_changed_entry_is_found(shop, books, change, finding):
    books.update_one({"seq": 2}, change)

    proof = shop.verification.verify()

    assert proof.mismatches > 0
    assert any(finding in told for told in proof.findings)


@pytest.mark.parametrize("seq", [1, 2])
def test_a_missing_entry_is_found(shop, books, seq):
    books.delete_one({"seq": seq})

    assert any("follows" in told for told in shop.verification.verify().findings)


def test_a_cut_off_end_is_found_by_its_order(shop, books):
    books.delete_one({"seq": 3})

    told = shop.verification.verify().findings

    assert told == [f"order {Order.objects.first().id} is done without its capture"]


def test_a_closing_of_another_amount_is_found(shop, books):
    Order.objects.update(set__price=Money(751))

    told = shop.verification.verify().findings

    assert told == [f"order {Order.objects.first().id} is done, the ledger has a capture of 750"]


def test_an_entry_under_a_key_that_is_not_its_causes_is_found(shop, books):
    books.update_one({"seq": 2}, {"$set": {"key": "hold:L-OTHER"}})

    told = shop.verification.verify().findings

    assert "u:7:USD entry 2: key hold:L-OTHER is not that of its order" in told


def test_a_second_closing_of_one_hold_is_found(shop, books):
    last = books.find_one({"seq": 3})
    forged = next_entry(
        "u:7:USD",
        Step(
            key="close:L-X",
            kind=EntryKind.RELEASE,
            d_available=750,
            d_held=-750,
            ref=last["ref"],
            by="nobody",
        ),
        last | {"held": 750},
        shop.clock.now(),
    )
    books.insert_one(forged)

    told = shop.verification.verify().findings

    order_id = last["ref"]["order"]
    assert f"u:7:USD entry 4: closes order {order_id}, which holds no such sum" in told


def test_money_held_by_no_hold_is_found():
    chain = Chain("u:7:USD", seq=3, held=750, holds={"L-1": 500})

    assert list(chain.flaws_at_the_end()) == ["holds 750, its open orders 500"]


def test_money_held_for_no_order_is_found(shop, books):
    shop.ledger.hold(BUYER, Money(100), "L-NONE")

    assert shop.verification.verify().findings == ["u:7:USD entry 4: order L-NONE does not exist"]


def test_a_done_order_without_a_label_is_found(shop, books):
    Order.objects.update(set__tracking_code="")

    assert "without a label" in shop.verification.verify().findings[0]


def test_a_label_given_away_is_found(shop, books):
    order = Order.objects.first()
    Order.objects(pk=order.id).update_one(set__status=OrderState.RELEASED)

    told = shop.verification.verify().findings

    assert f"order {order.id} has a label and its money back" in told


def test_a_payment_without_its_top_up_is_found(shop, books):
    shop._paid_payment(700, BUYER, "lost")

    assert shop.verification.verify().findings == [
        "payment T-lost is credited 700, the ledger has 0"
    ]


def test_a_payment_credited_with_another_amount_is_found(shop, books):
    Payment.objects.update(__raw__={"$set": {"credits.0.amount.minor": 9_999}})

    assert shop.verification.verify().findings == [
        "payment T-seed is credited 9999, the ledger has 2500"
    ]


def test_a_top_up_for_no_payment_is_found(shop, books):
    shop.ledger.top_up(BUYER, Money(1), provider="oxapay", provider_id="x", payment_id="T-none")

    assert shop.verification.verify().findings == ["u:7:USD entry 4: payment T-none does not exist"]


def test_a_second_credit_of_a_payment_under_another_invoice_is_found(shop, books):
    shop.ledger.top_up(BUYER, Money(1), provider="oxapay", provider_id="x", payment_id="T-seed")

    assert shop.verification.verify().findings == [
        "u:7:USD entry 4: key topup:oxapay:x is not that of payment T-seed"
    ]


@pytest.mark.parametrize("key", ["topup", "topup:oxapay", "x:y:z"])
def test_a_top_up_under_a_key_of_no_invoice_is_found(shop, books, key):
    shop.ledger.append(
        account_of(BUYER),
        Step(key=key, kind=EntryKind.TOPUP, d_available=1, d_held=0, contra="provider:oxapay:USD",
             ref={"payment": "T-seed"}, by="provider:oxapay"),
    )  # fmt: skip

    assert shop.verification.verify().findings == [
        f"u:7:USD entry 4: key {key} is not that of payment T-seed"
    ]


def test_a_part_that_nobody_decided_is_found(shop, books):
    shop.ledger.top_up(
        BUYER, Money(9), provider="oxapay", provider_id="seed", payment_id="T-seed", part=1
    )

    assert shop.verification.verify().findings == ["payment T-seed is credited 0, the ledger has 9"]


def test_a_paid_payment_without_a_credit_is_found(shop, books):
    Payment.objects.update(set__credits=[], set__booked=0)

    assert "payment T-seed is paid without a credit" in shop.verification.verify().findings


def test_a_thousand_flaws_are_counted_and_a_hundred_told(shop, books, monkeypatch):
    for number in range(120):
        shop._paid_payment(700, BUYER, f"lost-{number}")

    proof = shop.verification.verify()

    assert (proof.mismatches, len(proof.findings)) == (120, 100)


def test_a_top_up_posted_while_we_look_is_not_a_flaw(shop, books):
    def settle_meanwhile(proof):
        if proof.stage == 0:
            shop.credit(300, provider_id="meanwhile")

    proof = shop.verification.verify(progress=settle_meanwhile)

    assert (proof.mismatches, proof.findings) == (0, [])


def test_a_part_booked_between_two_looks_is_not_a_flaw(shop, books, monkeypatch):
    real = entries.by_keys

    def book_between(wanted):
        monkeypatch.setattr(entries, "by_keys", real)
        found = real(wanted)
        credit = replace(Payment.objects.fetch("T-seed").credits[0], amount=Money(9))
        Payment.objects(pk="T-seed").update_one(push__credits=credit, set__booked=2)
        shop.ledger.top_up(
            BUYER, Money(9), provider="oxapay", provider_id="seed", payment_id="T-seed", part=1
        )
        return real(wanted) | found

    monkeypatch.setattr(entries, "by_keys", book_between)

    found = [part.findings for part in payments({})]

    assert found == [[]]


def test_sums_alone_are_proven_without_digests(shop, books):
    books.update_one({"seq": 2}, {"$set": {"reason": "a digest would tell"}})
    assert shop.verification.verify(ProofKind.SUMS).mismatches == 0

    books.update_one({"seq": 2}, {"$inc": {"held": 1}})
    proof = shop.verification.verify(ProofKind.SUMS)

    assert (proof.accounts, proof.entries) == (1, 3)
    assert "u:7:USD entry 2: held does not follow" in proof.findings


def test_a_long_proof_is_done_in_slices_with_the_same_result(shop, monkeypatch):
    monkeypatch.setattr(entries, "BATCH", 2)
    monkeypatch.setattr("services.verification.SLICE", timedelta(0))
    for number in range(3):
        shop.credit(1_000, user_id=number, provider_id=f"a{number}")
        shop.credit(1_000, user_id=number, provider_id=f"b{number}")
    collection(entries.COLLECTION).update_one({"account": "u:1:USD"}, {"$inc": {"available": 1}})

    proof, slices = shop.verification.ask(ProofKind.FULL, by="ann"), 0
    while proof.status is ProofState.RUNNING:
        assert shop.jobs.asked.pop() == (Job.PROVE_LEDGER, proof.id)
        proof, slices = shop.verification.go_on(proof.id), slices + 1

    assert (proof.accounts, proof.entries, proof.mismatches) == (3, 6, 3)
    assert slices > 4
    assert (proof.by, proof.share, proof.next_at) == ("ann", 1.0, None)
    assert shop.verification.latest(ProofKind.FULL).id == proof.id


def test_progress_grows_as_a_bar_can_show(shop, books, monkeypatch):
    monkeypatch.setattr(entries, "BATCH", 1)
    shares = []

    shop.verification.verify(progress=lambda proof: shares.append(round(proof.share, 2)))

    assert shares[:3] == [0.33, 0.67, 0.99]


def test_two_workers_do_not_walk_the_same_proof(shop, books):
    proof = shop.verification.ask(ProofKind.FULL, by="ann")
    Proof.objects(pk=proof.id).update_one(set__next_at=shop.clock.now() + timedelta(seconds=150))

    assert shop.verification.go_on(proof.id) is None
    shop.clock.turn(seconds=151)
    shop.verification.resume()
    shop.work()

    assert shop.verification.get(proof.id).status is ProofState.DONE


def test_a_proof_that_kills_its_worker_ends_with_a_finding(shop, books):
    proof = shop.verification.ask(ProofKind.FULL, by="ann")
    Proof.objects(pk=proof.id).update_one(set__unended=DEATHS_AT_MOST)

    ended = shop.verification.go_on(proof.id)

    assert (ended.status, ended.mismatches) == (ProofState.DONE, 1)
    assert "kills its worker" in ended.findings[0]


def test_a_proof_that_somebody_else_is_at_is_waited_for(shop, books, monkeypatch):
    monkeypatch.setattr("services.verification.WAIT_SECONDS", 0)
    real, turns = Verification.go_on, []

    def busy_at_first(self, proof_id, **watching):
        turns.append(proof_id)
        return None if len(turns) == 1 else real(self, proof_id, **watching)

    monkeypatch.setattr(Verification, "go_on", busy_at_first)

    assert shop.verification.verify().status is ProofState.DONE
    assert len(turns) == 2


def test_a_refunded_order_without_its_refund_is_found(shop, books):
    Order.objects.update(set__status=OrderState.REFUNDED)

    [told] = shop.verification.verify().findings

    assert told.endswith("is refunded, and the ledger has no refund of it")


def test_a_refund_of_another_sum_than_the_price_is_found(shop, books):
    order = Order.objects.first()
    cause = Cause("operator:ann", "late")
    shop.ledger.refund(BUYER, Money(1), label_id=order.id, order_id=order.id, cause=cause)

    [told] = shop.verification.verify().findings

    assert told.endswith("is refunded 1, its price is 750")


def test_a_refund_of_what_was_never_paid_is_found(shop, books):
    order = Order.objects.first()
    cause = Cause("operator:ann", "late")
    shop.ledger.refund(BUYER, order.price, label_id=order.id, order_id=order.id, cause=cause)
    Order.objects.update(set__status=OrderState.RELEASED)

    assert any(
        told.endswith("was never paid, and is refunded")
        for told in shop.verification.verify().findings
    )
