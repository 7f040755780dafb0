"""An operator blocks a customer: nothing new, nothing paid is lost, and back again."""

import pytest

from core.money import Money
from models.audit import AuditEntry
from models.base import NotFound
from models.order import Order, OrderState
from models.payment import Payment, PaymentState
from models.user import User
from services.audits import ReasonMissing
from services.blocks import CustomerBlocked
from tests.shop import BUYER


def test_what_is_paid_is_finished_and_nothing_new_is_bought(shop):
    shop.credit(5_000)
    placed, quote = shop.place(), shop.quote()

    shop.blocks.block(BUYER, by="ann", reason="a stolen card")
    with pytest.raises(CustomerBlocked):
        shop.place(quote)
    with pytest.raises(CustomerBlocked):
        shop.topups.open(BUYER, Money(2_500))
    shop.work()

    assert shop.orders.get(placed.id).status is OrderState.DONE
    assert shop.ledger.balance(BUYER).available == Money(4_250)
    assert (Order.objects.count(), Payment.objects(status=PaymentState.PENDING).count()) == (1, 0)


def test_an_unblocked_customer_buys_again(shop):
    shop.credit(5_000)
    shop.blocks.block(BUYER, by="ann", reason="a stolen card")
    quote = shop.quote()

    shop.blocks.unblock(BUYER, by="bob", reason="the bank says it is theirs")
    shop.place(quote)
    shop.work()

    assert shop.ledger.balance(BUYER).available == Money(4_250)
    assert [(entry.by, entry.act, entry.reason) for entry in AuditEntry.objects] == [
        ("ann", "block", "a stolen card"),
        ("bob", "unblock", "the bank says it is theirs"),
    ]


def test_blocking_twice_keeps_the_first_moment(shop):
    shop.blocks.block(BUYER, by="ann", reason="a stolen card")
    first = User.objects.fetch(BUYER).blocked_at
    shop.clock.turn(hours=1)

    shop.blocks.block(BUYER, by="ann", reason="again")

    assert User.objects.fetch(BUYER).blocked_at == first


def test_a_block_needs_a_reason_and_a_customer(shop):
    with pytest.raises(ReasonMissing):
        shop.blocks.block(BUYER, by="ann", reason=" ")
    with pytest.raises(NotFound):
        shop.blocks.block(404, by="ann", reason="a stolen card")

    assert User.objects.fetch(BUYER).blocked_at is None
    assert AuditEntry.objects.count() == 0
