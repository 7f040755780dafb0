"""The one way in which a void goes forward: send it, ask for the carrier's word, do as it says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Alarm, Refusal, Unavailable
from models import ledger as entries
from models.order import Order, OrderState, OrderStep
from models.outbox import NoteKind
from models.void import Void, VoidStage, VoidStep
from providers.carriers.base import Carrier, CarrierRefused, VoidState, VoidUnclear
from services.attempts import DEATHS_AT_MOST
from services.ledger import Cause, Ledger, account_of
from services.outbox import Outbox
from services.ports import Carriers

log = structlog.get_logger()

OPEN = (VoidStage.ASKED, VoidStage.SENT)
DECIDED = (VoidStage.GRANTED, VoidStage.DENIED)
LEASE = timedelta(seconds=150)
"""Longer than any task may run: after this, whoever was looking has ended."""
LONGEST_PAUSE = timedelta(hours=12)
PAUSES_PER_SILENCE = 8
SENDS_AT_MOST = 20
EARLY = timedelta(hours=1)
"""A request so soon after the purchase may be rejected only because nobody knew the label yet."""
SECOND_TRY_AFTER = timedelta(hours=6)
DECIDED_WITHIN = timedelta(days=60)
"""Carriers take up to three weeks; after this a person asks them."""
USED = "used"


class NeverTaken(Alarm):
    """Request after request was lost on the way to the carrier. Facts: `order_id`, `sends`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voiding:
    """The carrier's last word is written down for good before anything follows from it."""

    carriers: Carriers
    ledger: Ledger
    outbox: Outbox
    clock: Clock
    pace: timedelta

    def drive(self, order_id: str) -> None:
        """Take a turn, if it is due: ask, and finish what is decided."""
        void = self._claim(order_id)
        if void is None:
            return
        if void.unended > DEATHS_AT_MOST:
            self._review(void, "kills_its_worker")
            return
        try:
            self._go_on(void)
        except Alarm as alarm:
            self._review(void, str(alarm))

    def _claim(self, order_id: str) -> Void | None:
        now = self.clock.now()
        claimed: Void | None = Void.objects(pk=order_id, next_at__lte=now).modify(
            new=True, set__next_at=now + LEASE, inc__turn=1, inc__unended=1
        )
        return claimed

    def _go_on(self, void: Void) -> None:
        decided: Void | None = void
        if void.status in OPEN:
            mark_given_back(void, self.clock.now())
            decided = self._ask(void)
        if decided is not None and decided.status in DECIDED:
            self._finish(decided)

    def _ask(self, void: Void) -> Void | None:
        """The void after the carrier's last word; None when there is none yet."""
        try:
            said = self._word(void)
        except CarrierRefused as refusal:
            why = str(refusal.facts.get("told") or refusal.facts["reason"])
            return self._rejected(void, why, is_final=not isinstance(refusal, VoidUnclear))
        except (Unavailable, Refusal) as trouble:
            self._later(void, VoidState.NONE, str(trouble))
            return None
        if said is VoidState.REFUNDED:
            return self._decide(void, VoidStage.GRANTED, said)
        if said is VoidState.REJECTED:
            return self._rejected(void, said)
        if said is not None:
            self._wait(void, said)
        return None

    def _wait(self, void: Void, said: VoidState) -> None:
        """No last word: ask again later, or have a person ask."""
        if said is VoidState.SUBMITTED:
            self._tell(void, NoteKind.VOID_SENT)
        if said is VoidState.NOT_APPLICABLE:
            self._review(void, said)
        elif self.clock.now() > void.created_at + DECIDED_WITHIN:
            self._review(void, "the carrier does not decide")
        else:
            self._later(void, said)

    def _word(self, void: Void) -> VoidState | None:
        """What the carrier says now; None when another hand took the turn.

        It is asked for the void unless that may have reached it. Raises as the carrier does.
        """
        carrier: Carrier = self.carriers.get(void.provider, void.mode)
        if void.status is VoidStage.SENT:
            said = carrier.void_state(void.label_id)
            if said is not VoidState.NONE:
                return said
        elif void.scanned_at is not None:
            raise CarrierRefused(provider=void.provider, reason=USED, told="")
        if void.sends >= SENDS_AT_MOST:
            raise NeverTaken(order_id=void.id, sends=void.sends)
        if not self._note_sending(void):
            return None
        crash_at("void.before_send")
        said = carrier.void(void.label_id)
        crash_at("void.after_send")
        return said

    def _note_sending(self, void: Void) -> bool:
        """Before it is sent: from now on it may have reached the carrier."""
        now = self.clock.now()
        step = {} if void.sends else {"push__timeline": _step(now, VoidStage.SENT, "worker")}
        sent = self._advance(void, VoidStage.SENT, inc__sends=1, set__sent_at=now, **step)
        void.sent_at = now
        return sent is not None

    def _rejected(self, void: Void, why: str, *, is_final: bool = True) -> Void | None:
        """Once, a rejection of a very young label is not believed: it is asked again later."""
        now = self.clock.now()
        asked_at = void.sent_at or now
        again_at = now + SECOND_TRY_AFTER
        is_early = asked_at < void.bought_at + EARLY
        is_last = void.scanned_at or void.rejections or not is_early or again_at > void.until
        if is_last and not is_final:
            self._review(void, why)
            return None
        if is_last:
            return self._decide(void, VoidStage.DENIED, VoidState.REJECTED, set__refusal=why)
        note = f"rejected so soon after the purchase ({why}): asked again later"
        self._advance(
            void,
            VoidStage.ASKED,
            inc__rejections=1,
            set__unended=0,
            set__next_at=again_at,
            push__timeline=_step(now, VoidStage.ASKED, "worker", note),
        )
        return None

    def _decide(self, void: Void, to: VoidStage, said: VoidState, **changes: Any) -> Void | None:
        why = str(changes.get("set__refusal", ""))
        step = _step(self.clock.now(), to, f"carrier:{void.provider}", why)
        decided = self._advance(
            void, to, set__carrier_says=said.value, push__timeline=step, **changes
        )
        crash_at("void.after_decision")
        return decided

    def _finish(self, void: Void) -> None:
        """What follows from the last word, each part once; then nobody looks any more."""
        if void.status is VoidStage.GRANTED:
            if self._refund(void):
                self._tell(void, NoteKind.VOID_REFUNDED)
            end = OrderState.REFUNDED
        else:
            self._tell(void, NoteKind.VOID_REFUSED)
            end = OrderState.VOID_REFUSED
        crash_at("void.after_note")
        move_order(void, end, when=OrderState.VOID_SENT, at=self.clock.now())
        self._advance(void, void.status, set__unended=0, unset__next_at=True)

    def _refund(self, void: Void) -> bool:
        """The price goes back, once a label. False if an operator gave it back by hand before."""
        by = void.decided_by or f"carrier:{void.provider}"
        cause = Cause(by, void.reason if void.decided_by else "label voided")
        self.ledger.refund(
            void.user_id, void.amount, label_id=void.id, order_id=void.id, cause=cause
        )
        crash_at("void.after_refund")
        entry = entries.certain_entry(account_of(void.user_id), f"refund:{void.id}")
        return entry is not None and bool(entry["by"] == by)

    def _review(self, void: Void, why: str) -> None:
        """An operator decides; the order stays where it is."""
        log.error("void_needs_review", order_id=void.id, why=why)
        self._tell(void, NoteKind.VOID_REVIEW)
        now = self.clock.now()
        self._advance(
            void,
            VoidStage.REVIEW,
            set__problem=why,
            set__unended=0,
            push__timeline=_step(now, VoidStage.REVIEW, "worker", why),
            unset__next_at=True,
        )

    def _later(self, void: Void, said: VoidState, problem: str = "") -> None:
        """The longer nothing changed, the seldomer it is asked."""
        now = self.clock.now()
        pause = min(max((now - void.moved_at) / PAUSES_PER_SILENCE, self.pace), LONGEST_PAUSE)
        log.info("void_not_decided", order_id=void.id, said=said, why=problem)
        mine = Void.objects(pk=void.id, turn=void.turn)
        mine.update_one(set__unended=0, set__problem=problem, set__carrier_says=said.value)
        # Somebody may have woken it meanwhile: then it is looked at again.
        mine.filter(next_at=void.next_at).update_one(set__next_at=now + pause)

    def _advance(self, void: Void, to: VoidStage, **changes: Any) -> Void | None:
        """Only the hand whose turn it is moves it on."""
        moved: Void | None = Void.objects.advance(
            void.id,
            when=(*OPEN, *DECIDED),
            to=to,
            at=self.clock.now(),
            guard={"turn": void.turn},
            **changes,
        )
        return moved

    def _tell(self, void: Void, kind: NoteKind) -> None:
        note_id = f"{kind}:{void.id}"
        self.outbox.put(note_id, void.user_id, kind, order_id=void.id)
        self.outbox.hurry(note_id)


def mark_given_back(void: Void, at: datetime) -> None:
    """The order says so as soon as its owner does. Safe to call any number of times."""
    move_order(void, OrderState.VOID_SENT, when=OrderState.DONE, at=at, by=void.by)


def move_order(
    void: Void, to: OrderState, *, when: OrderState, at: datetime, by: str = "worker"
) -> None:
    step = OrderStep(at=at, state=to, by=by, note=void.refusal or void.reason)
    Order.objects.advance(void.id, when=when, to=to, at=at, push__timeline=step)


def _step(at: datetime, stage: VoidStage, by: str, note: str = "") -> VoidStep:
    return VoidStep(at=at, stage=stage, by=by, note=note)
