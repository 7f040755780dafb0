"""The ledger: one insert is the whole transaction. Nothing else changes a balance."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Event
from typing import Any

import structlog
from pymongo.errors import AutoReconnect, OperationFailure, WriteConcernError

from core.clock import Clock
from core.crashes import crash_at
from core.errors import Alarm, Refusal, Unavailable
from core.money import Money
from models import ledger as entries
from models.ledger import EntryKind, Insertion
from models.payment import topup_key
from services.booking import Step, goes_below_zero, next_entry

log = structlog.get_logger()

ROUNDS_AT_MOST = 200
LONGEST_PAUSE_SECONDS = 0.05
ANSWERS_LOST_AT_MOST = 4


class InsufficientFunds(Refusal):
    """The available balance does not cover it. Facts: `missing` (Money)."""


class KeyReused(Alarm):
    """One key was used for two different bookings. Facts: `account`, `key`."""


class LedgerBusy(Unavailable):
    """The account or the database would not take the entry for now. Facts: `account`, `key`."""


class Posting(StrEnum):
    """What became of an append."""

    POSTED = "posted"
    EXISTS = "exists"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Balance:
    """An account after its last entry."""

    available: Money
    held: Money
    seq: int


@dataclass(frozen=True, slots=True)
class Cause:
    """Who wants it, as `operator:ann@shop.example`, and why."""

    by: str
    reason: str


def account_of(user_id: int, currency: str = "USD") -> str:
    return f"u:{user_id}:{currency}"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every verb is safe to call any number of times."""

    clock: Clock

    def append(self, account: str, step: Step) -> Posting:
        """Add one entry, exactly once a key.

        Raises KeyReused when the key stands for another booking, LedgerBusy when the database
        gives no certain answer: ask again with the same key.
        """
        lost = 0
        for _ in range(ROUNDS_AT_MOST):
            try:
                posting = self._try(account, step)
            except (AutoReconnect, OperationFailure) as error:
                lost += 1
                if lost > ANSWERS_LOST_AT_MOST or not _is_passing(error):
                    raise LedgerBusy(account=account, key=step.key) from error
                log.warning("ledger_answer_lost", account=account, key=step.key, error=str(error))
                posting = None
            if posting is not None:
                return posting
            _pause()
        raise LedgerBusy(account=account, key=step.key)

    def _try(self, account: str, step: Step) -> Posting | None:
        """One round: None means that somebody else was first, and it is not settled yet."""
        last = entries.last_entry(account)
        entry = next_entry(account, step, last, self.clock.now())
        if goes_below_zero(entry) and not step.overdraft:
            if entries.entry_by_key(account, step.key) is None:
                return Posting.INSUFFICIENT
            return self._known(account, step)
        inserted = entries.insert(entry)
        if inserted is Insertion.DONE:
            return Posting.POSTED
        return self._known(account, step) if inserted is Insertion.KEY_TAKEN else None

    def _known(self, account: str, step: Step) -> Posting | None:
        """EXISTS if this very booking stands in the ledger for good, None if not yet."""
        known = entries.certain_entry(account, step.key)
        if known is None:
            return None
        if known["fingerprint"] != step.fingerprint(account):
            log.error("ledger_key_reused", account=account, key=step.key)
            raise KeyReused(account=account, key=step.key)
        return Posting.EXISTS

    def _post(self, user_id: int, step: Step) -> Posting:
        posting = self.append(account_of(user_id), step)
        crash_at(f"ledger.after_{step.kind}")
        return posting

    def balance(self, user_id: int) -> Balance:
        return _balance(entries.last_entry(account_of(user_id)))

    def balances(self, user_ids: Collection[int]) -> dict[int, Balance]:
        """Of all these customers at once, for lists."""
        last = entries.last_entries([account_of(user_id) for user_id in user_ids])
        return {user_id: _balance(last.get(account_of(user_id))) for user_id in user_ids}

    def top_up(  # noqa: PLR0913  a verb of money names all its facts
        self,
        user_id: int,
        amount: Money,
        *,
        provider: str,
        provider_id: str,
        payment_id: str,
        part: int = 0,
        by: str = "",
        reason: str = "",
    ) -> Posting:
        """Credit what a provider says was settled: in whole, or part by part."""
        step = Step(
            key=topup_key(provider, provider_id, part),
            kind=EntryKind.TOPUP,
            d_available=amount.minor,
            d_held=0,
            contra=f"provider:{provider}:{amount.currency}",
            ref={"payment": payment_id},
            by=by or f"provider:{provider}",
            reason=reason,
        )
        return self._post(user_id, step)

    def hold(self, user_id: int, price: Money, order_id: str) -> Posting:
        """Set the order's price aside."""
        step = Step(
            key=f"hold:{order_id}",
            kind=EntryKind.HOLD,
            d_available=-price.minor,
            d_held=price.minor,
            ref={"order": order_id},
            by=f"user:{user_id}",
        )
        return self._post(user_id, step)

    def holds(self, user_id: int, order_id: str) -> bool:
        """Whether this order's price was ever set aside."""
        return entries.certain_entry(account_of(user_id), f"hold:{order_id}") is not None

    def capture(self, user_id: int, price: Money, order_id: str) -> Posting:
        """Take what was held. Shares its key with `release`: only one of them ever happens."""
        step = Step(
            key=f"close:{order_id}",
            kind=EntryKind.CAPTURE,
            d_available=0,
            d_held=-price.minor,
            contra=f"shop:sales:{price.currency}",
            ref={"order": order_id},
            by="worker",
        )
        return self._post(user_id, step)

    def release(self, user_id: int, price: Money, order_id: str, *, reason: str) -> Posting:
        """Give back what was held."""
        step = Step(
            key=f"close:{order_id}",
            kind=EntryKind.RELEASE,
            d_available=price.minor,
            d_held=-price.minor,
            ref={"order": order_id},
            by="worker",
            reason=reason,
        )
        return self._post(user_id, step)

    def refund(
        self, user_id: int, amount: Money, *, label_id: str, order_id: str, cause: Cause
    ) -> Posting:
        """Give back what a label was charged: once a label, whoever asks."""
        step = Step(
            key=f"refund:{label_id}",
            kind=EntryKind.REFUND,
            d_available=amount.minor,
            d_held=0,
            contra=f"shop:refunds:{amount.currency}",
            ref={"label": label_id, "order": order_id},
            by=cause.by,
            reason=cause.reason,
        )
        return self._post(user_id, step)

    def adjust(
        self,
        user_id: int,
        amount: Money,
        *,
        adjustment_id: str,
        cause: Cause,
        overdraft: bool = False,
    ) -> Posting:
        """Credit, or debit with a negative amount, what an operator decided.

        Only `overdraft` lets a debit take the balance below zero.
        """
        step = Step(
            key=f"adj:{adjustment_id}",
            kind=EntryKind.ADJUSTMENT,
            d_available=amount.minor,
            d_held=0,
            contra=f"shop:adjustments:{amount.currency}",
            ref={"adjustment": adjustment_id},
            by=cause.by,
            reason=cause.reason,
            overdraft=overdraft,
        )
        return self._post(user_id, step)


def _balance(last: Mapping[str, Any] | None) -> Balance:
    if last is None:
        return Balance(Money(0), Money(0), 0)
    return Balance(Money(int(last["available"])), Money(int(last["held"])), int(last["seq"]))


def _is_passing(error: AutoReconnect | OperationFailure) -> bool:
    """Whether nobody knows if the entry was written, so that asking with the same key helps."""
    if isinstance(error, AutoReconnect | WriteConcernError):
        return True
    return error.timeout or error.has_error_label("RetryableWriteError")


def _pause() -> None:
    Event().wait(random.uniform(0, LONGEST_PAUSE_SECONDS))  # noqa: S311  jitter, not a secret
