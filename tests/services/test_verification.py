"""The proof: each way in which the books could be wrong is found."""

import pytest

from core.money import Money
from models import ledger as entries
from models.connection import collection
from models.order import Order, OrderState
from models.payment import Payment
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

    assert told == [f"order {Order.objects.first().id} is closed with 0 entries of kind capture"]


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

    assert shop.verification.verify().findings == ["payment T-lost is paid, the ledger has None"]


def test_a_payment_credited_with_another_amount_is_found(shop, books):
    Payment.objects.update(set__amount=Money(9_999))

    assert shop.verification.verify().findings == ["payment T-seed is paid, the ledger has 2500"]


def test_a_top_up_for_no_payment_is_found(shop, books):
    shop.ledger.top_up(BUYER, Money(1), provider="oxapay", provider_id="x", payment_id="T-none")

    assert shop.verification.verify().findings == [
        "a top-up stands for payment T-none, which does not exist"
    ]


def test_a_thousand_flaws_are_counted_and_a_hundred_told(shop, books, monkeypatch):
    for number in range(120):
        shop._paid_payment(700, BUYER, f"lost-{number}")

    proof = shop.verification.verify()

    assert (proof.mismatches, len(proof.findings)) == (120, 100)


def test_a_top_up_posted_while_we_look_is_not_a_flaw(shop, books, monkeypatch):
    real = entries.walk

    def walk_then_settle():
        yield from real()
        shop.credit(300, provider_id="meanwhile")

    monkeypatch.setattr(entries, "walk", walk_then_settle)

    assert shop.verification.verify().mismatches == 0
