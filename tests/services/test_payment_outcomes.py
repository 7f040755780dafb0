"""The catalogue of outcomes: whoever looks in whatever order, the same credits, told once.

Notice, sweep and button come in every order while the provider's state moves on between them.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import count, permutations

import pytest

from core.money import Money
from models import ledger as entries
from models.payment import Payment, PaymentState
from providers.payments.base import ForgedNotice, InvoiceState
from services.ledger import account_of
from services.rechecks import Rechecks

AMOUNT = Money(2_500)
LOOKS = ("notice", "sweep", "button")
NOBODY = (0, 0, 0)
STEPWISE = (0, 1, 2)
PACES = (STEPWISE, (0, 0, 2), (0, 2, 2), (1, 1, 2), (2, 2, 2))
"""Which of the three states the provider has come to by the time of each look."""
WAITING, SEEN, PAID = InvoiceState.WAITING, InvoiceState.SEEN, InvoiceState.PAID
UNDERPAID, EXPIRED = InvoiceState.UNDERPAID, InvoiceState.EXPIRED
REFUNDED, UNCLEAR = InvoiceState.REFUNDED, InvoiceState.UNCLEAR
CUSTOMERS = count(100)


@dataclass(frozen=True)
class Outcome:
    """Three states of the provider, one after the other, and how it must end."""

    course: tuple[tuple[InvoiceState, int], ...]
    status: PaymentState
    credited: int
    told: str
    before: frozenset[str] = frozenset()
    paces: tuple[tuple[int, int, int], ...] = PACES
    lie: tuple[tuple[str, object], ...] = ()
    notices: str = "once"


ON_ITS_WAY = frozenset({"topup_seen"})
LATE = frozenset({"topup_seen", "topup_expired"})
OUTCOMES = {
    "paid": Outcome(
        ((WAITING, 0), (SEEN, 0), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited", ON_ITS_WAY,
    ),
    "nothing came": Outcome(
        ((WAITING, 0), (WAITING, 0), (EXPIRED, 0)), PaymentState.EXPIRED, 0, "topup_expired",
    ),
    "too little": Outcome(
        ((WAITING, 0), (SEEN, 0), (UNDERPAID, 1_000)),
        PaymentState.UNDERPAID, 1_000, "topup_underpaid", ON_ITS_WAY,
    ),
    "too little and expired": Outcome(
        ((WAITING, 0), (UNDERPAID, 1_000), (EXPIRED, 1_000)),
        PaymentState.UNDERPAID, 1_000, "topup_underpaid",
    ),
    "in parts": Outcome(
        ((UNDERPAID, 1_000), (SEEN, 1_000), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_rest", frozenset({"topup_underpaid"}),
        paces=(STEPWISE, (0, 0, 2), (0, 2, 2)),
    ),
    "in parts, seen only when all had come": Outcome(
        ((SEEN, 1_000), (SEEN, 1_000), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited", ON_ITS_WAY,
    ),
    "too much": Outcome(
        ((WAITING, 0), (SEEN, 0), (PAID, 3_100)),
        PaymentState.PAID, 3_100, "topup_overpaid", ON_ITS_WAY,
    ),
    "late": Outcome(
        ((EXPIRED, 0), (SEEN, 0), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_late", LATE, paces=(STEPWISE, (0, 0, 2), (0, 2, 2)),
    ),
    "late, and still called expired": Outcome(
        ((EXPIRED, 0), (EXPIRED, 0), (EXPIRED, 2_500)),
        PaymentState.PAID, 2_500, "topup_late", LATE,
    ),
    "wrong coin": Outcome(
        ((WAITING, 0), (UNCLEAR, 0), (UNCLEAR, 0)), PaymentState.REVIEW, 0, "topup_review",
    ),
    "unknown status": Outcome(
        ((WAITING, 0), (SEEN, 0), (UNCLEAR, 2_500)),
        PaymentState.REVIEW, 0, "topup_review", ON_ITS_WAY,
    ),
    "another amount": Outcome(
        ((PAID, 250_000),) * 3, PaymentState.REVIEW, 0, "topup_review",
        lie=(("amount", Money(250_000)),),
    ),
    "another payment": Outcome(
        ((PAID, 2_500),) * 3, PaymentState.REVIEW, 0, "topup_review",
        lie=(("payment_id", "T-other"),),
    ),
    "forged": Outcome(
        ((WAITING, 0),) * 3, PaymentState.PENDING, 0, "", notices="forged", paces=(NOBODY,),
    ),
    "forged and paid": Outcome(
        ((WAITING, 0), (SEEN, 0), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited", ON_ITS_WAY, notices="forged",
    ),
    "twice": Outcome(
        ((WAITING, 0), (SEEN, 0), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited", ON_ITS_WAY, notices="twice",
    ),
    "reordered": Outcome(
        ((WAITING, 0), (SEEN, 0), (PAID, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited", ON_ITS_WAY, notices="reordered",
    ),
    "refunded before the credit": Outcome(
        ((SEEN, 0), (REFUNDED, 2_500), (REFUNDED, 2_500)),
        PaymentState.REVIEW, 0, "topup_refunded", ON_ITS_WAY,
    ),
    "refunded after the credit": Outcome(
        ((PAID, 2_500), (REFUNDED, 2_500), (REFUNDED, 2_500)),
        PaymentState.PAID, 2_500, "topup_credited",
        paces=(STEPWISE, (0, 0, 2), (0, 2, 2)),
    ),
}  # fmt: skip


class Onlooker:
    """One payment, and the three ways in which somebody looks at it."""

    def __init__(self, shop, outcome):
        self.shop, self.outcome = shop, outcome
        self.payment = shop.topups.open(next(CUSTOMERS), AMOUNT)

    def turn(self, step):
        state, received = self.outcome.course[step]
        self.shop.provider.say(
            self.payment.provider_id,
            state,
            received=Money(received),
            **dict(self.outcome.lie),
        )

    def leave(self):
        """The next one's sweeps are not for this one."""
        Payment.objects(pk=self.payment.id).update_one(unset__next_at=True)

    def look(self, manner):
        {"notice": self._notice, "sweep": self._sweep, "button": self._button}[manner]()
        self.shop.work()

    def _notice(self):
        body = self.payment.provider_id.encode()
        status = self.shop.provider.made[self.payment.provider_id].status.encode()
        notice = self.shop.topups.notice
        match self.outcome.notices:
            case "forged":
                with pytest.raises(ForgedNotice):
                    notice("oxapay", body + b" Paid", {"Forged": "1"})
            case "reordered":
                notice("oxapay", body + b" " + status, {})
                notice("oxapay", body + b" Paying", {})
            case "twice":
                notice("oxapay", body + b" " + status, {})
                notice("oxapay", body + b" " + status, {})
            case _:
                notice("oxapay", body + b" " + status, {})

    def _sweep(self):
        self.shop.clock.turn(minutes=11)
        self.shop.sweep()

    def _button(self):
        self.shop.topups.check(self.shop.topups.get(self.payment.id))


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES.keys())
def test_every_order_of_looks_comes_to_the_same_end(shop, outcome):
    for looks in permutations(LOOKS):
        for pace in outcome.paces:
            onlooker = Onlooker(shop, outcome)
            shop.notes.told.clear()

            for look, step in zip(looks, pace, strict=True):
                onlooker.turn(step)
                onlooker.look(look)
            onlooker.look("button")

            _must_have_ended(shop, onlooker.payment, outcome, f"{looks} at {pace}")
            onlooker.leave()
    assert shop.verification.verify().findings == []


def _must_have_ended(shop, payment, outcome, course):
    left = Payment.objects.fetch(payment.id)
    told = Counter(str(kind) for kind, chat_id in shop.notes.told if chat_id == payment.user_id)
    booked = [
        entry["d_available"] for entry in entries.entries_of(account_of(payment.user_id), most=9)
    ]
    assert left.status is outcome.status, course
    assert sum(credit.amount.minor for credit in left.credits) == outcome.credited, course
    assert sum(booked) == outcome.credited, course
    assert shop.balance(payment.user_id) == (outcome.credited, 0), course
    assert set(told.values()) <= {1}, (course, told)
    wanted = {outcome.told} - {""}
    assert wanted <= set(told) <= wanted | outcome.before, (course, told)


def test_every_rule_is_written_in_the_timeline_for_the_operator(shop):
    for outcome in OUTCOMES.values():
        onlooker = Onlooker(shop, outcome)
        for step in range(3):
            onlooker.turn(step)
            onlooker.look("button")

        left = Payment.objects.fetch(onlooker.payment.id)
        moved = [step for step in left.timeline if step.state not in {"new", "pending"}]
        assert all(step.rule and step.note for step in moved)
        assert bool(moved) == (outcome.status is not PaymentState.PENDING)


def test_an_operators_check_does_what_the_sweep_does(shop):
    onlooker = Onlooker(shop, OUTCOMES["too much"])
    onlooker.turn(2)

    Rechecks(topups=shop.topups, audits=shop.audits, jobs=shop.jobs, clock=shop.clock).payment(
        onlooker.payment.id, by="ann@shop.example"
    )

    assert shop.balance(onlooker.payment.user_id) == (3_100, 0)
