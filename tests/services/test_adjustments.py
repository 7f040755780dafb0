"""Money moved by hand: with a reason, a witness above the limit, and once a form."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from core.money import Money
from models import ledger as entries
from models.adjustment import Adjustment, AdjustmentState
from models.audit import AuditEntry
from models.base import NotFound
from models.order import OrderState
from models.outbox import Note, NoteKind
from services.adjustments import (
    FormUsed,
    NothingToAdjust,
    NotRefundable,
    NotWaiting,
    RefundedBefore,
    SameOperator,
)
from services.audits import ReasonMissing
from services.ledger import Cause, InsufficientFunds
from tests.shop import BUYER

FORM = UUID(int=1)
ANN, BOB = "ann@shop.example", "bob@shop.example"
SORRY = Cause(ANN, "sorry for the delay")


def adjust(shop, cents, *, form=FORM, cause=SORRY, overdraft=False):
    return shop.adjustments.adjust(BUYER, Money(cents), cause, form=form, overdraft=overdraft)


def keys():
    return [entry["key"] for entry in entries.walk()]


def acts():
    return [(entry.by, entry.act) for entry in AuditEntry.objects.order_by("id")]


def test_a_credit_is_booked_audited_and_told(shop):
    adjustment = adjust(shop, 500)

    assert adjustment.status is AdjustmentState.POSTED
    assert shop.balance() == (500, 0)
    [entry] = entries.walk()
    assert (entry["key"], entry["by"], entry["reason"]) == (f"adj:{FORM}", ANN, SORRY.reason)
    assert acts() == [(ANN, "adjust by $5.00")]
    shop.work()
    assert shop.notes.told == [(NoteKind.BALANCE_ADJUSTED, BUYER)]
    assert Note.objects.get().facts == {"amount": 500, "reason": SORRY.reason}


def test_a_debit_takes_what_is_there_and_no_more(shop):
    adjust(shop, 500)

    assert adjust(shop, -200, form=UUID(int=2)).status is AdjustmentState.POSTED
    with pytest.raises(InsufficientFunds) as refusal:
        adjust(shop, -301, form=UUID(int=3))

    assert refusal.value.facts == {"missing": Money(1)}
    assert Adjustment.objects.fetch(str(UUID(int=3))).status is AdjustmentState.REFUSED
    assert shop.balance() == (300, 0)


def test_an_overdraft_is_a_policy_that_somebody_chose(shop):
    adjust(shop, -500, overdraft=True)

    assert shop.balance() == (-500, 0)
    assert shop.verification.verify().findings == []


def test_a_form_sent_again_is_one_adjustment(shop):
    for _ in range(3):
        adjust(shop, 500)

    assert shop.balance() == (500, 0)
    assert len(keys()) == len(acts()) == Note.objects.count() == 1


def test_a_form_sent_by_many_hands_is_one_adjustment(shop):
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda _: adjust(shop, 500), range(8)))

    assert shop.balance() == (500, 0)
    assert (len(keys()), Note.objects.count()) == (1, 1)


def test_a_form_sent_again_with_something_else_is_refused(shop):
    adjust(shop, 500)

    with pytest.raises(FormUsed):
        adjust(shop, 5_000)

    assert shop.balance() == (500, 0)


@pytest.mark.parametrize(
    ("cents", "cause", "refusal"),
    [(500, Cause(ANN, " "), ReasonMissing), (0, SORRY, NothingToAdjust)],
)
def test_what_has_no_reason_or_no_amount_is_refused(shop, cents, cause, refusal):
    with pytest.raises(refusal):
        adjust(shop, cents, cause=cause)

    assert (keys(), acts()) == ([], [])


def test_a_customer_who_does_not_exist_has_no_balance_to_adjust(shop):
    with pytest.raises(NotFound):
        shop.adjustments.adjust(404, Money(1), SORRY, form=FORM)

    assert keys() == []


@pytest.mark.parametrize("cents", [10_001, -10_001])
def test_above_the_limit_a_second_operator_looks(shop, cents):
    shop.credit(20_000)
    waiting = adjust(shop, cents)
    assert waiting.status is AdjustmentState.WAITING
    assert shop.balance() == (20_000, 0)

    with pytest.raises(SameOperator):
        shop.adjustments.approve(waiting.id, by=ANN)
    posted = shop.adjustments.approve(waiting.id, by=BOB)

    assert (posted.status, posted.decided_by) == (AdjustmentState.POSTED, BOB)
    assert shop.balance() == (20_000 + cents, 0)
    assert [by for by, _ in acts()] == [ANN, BOB]


def test_the_limit_itself_needs_no_witness(shop):
    assert adjust(shop, 10_000).status is AdjustmentState.POSTED


def test_what_was_declined_is_never_posted(shop):
    waiting = adjust(shop, 10_001)

    assert shop.adjustments.decline(waiting.id, by=BOB).status is AdjustmentState.DECLINED

    with pytest.raises(NotWaiting):
        shop.adjustments.approve(waiting.id, by=BOB)
    assert adjust(shop, 10_001).status is AdjustmentState.DECLINED
    assert shop.balance() == (0, 0)


def test_many_witnesses_approve_once(shop):
    waiting = adjust(shop, 10_001)

    def approve(number):
        try:
            return shop.adjustments.approve(waiting.id, by=f"witness{number}").status
        except NotWaiting:
            return None

    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(approve, range(8)))

    assert answers.count(AdjustmentState.POSTED) == 1
    assert shop.balance() == (10_001, 0)


def test_what_was_left_half_way_is_posted_by_the_sweep_and_what_cannot_be_is_refused(shop):
    now = shop.clock.now()
    for number, cents in enumerate((500, -900)):
        Adjustment.objects.get_or_insert(
            f"form-{number}",
            user_id=BUYER,
            amount=Money(cents),
            status=AdjustmentState.APPROVED,
            by=ANN,
            reason="sorry",
            next_at=now,
            created_at=now,
            moved_at=now,
        )

    shop.adjustments.resume()

    found = [Adjustment.objects.fetch(f"form-{number}").status for number in range(2)]
    assert found == [AdjustmentState.POSTED, AdjustmentState.REFUSED]
    assert shop.balance() == (500, 0)


def bought(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    return order


def test_a_label_is_refunded_once_and_told(shop):
    order = bought(shop)

    shop.adjustments.refund_label(order.id, SORRY)
    with pytest.raises(RefundedBefore):
        shop.adjustments.refund_label(order.id, Cause(BOB, "again"))

    assert shop.balance() == (2_500, 0)
    assert keys()[-1] == f"refund:{order.id}"
    assert acts() == [(ANN, "refund label")]
    assert shop.orders.get(order.id).status is OrderState.DONE
    shop.work()
    assert shop.told()[-1] == "label_refunded"
    assert shop.verification.verify().findings == []


def test_many_operators_refund_a_label_once(shop):
    order = bought(shop)

    def refund(number):
        try:
            shop.adjustments.refund_label(order.id, Cause(f"operator{number}", "late"))
        except RefundedBefore:
            return False
        return True

    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(refund, range(8)))

    assert answers.count(True) == 1
    assert shop.balance() == (2_500, 0)


def test_only_a_finished_order_is_refunded(shop):
    shop.credit(2_500)
    order = shop.place()

    with pytest.raises(NotRefundable) as refusal:
        shop.adjustments.refund_label(order.id, SORRY)
    with pytest.raises(ReasonMissing):
        shop.adjustments.refund_label(order.id, Cause(ANN, ""))

    assert refusal.value.facts["status"] is OrderState.HELD
    assert shop.balance() == (1_750, 750)
    assert acts() == []
