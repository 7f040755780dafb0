"""Frozen accounts: purchases stop where the books disagree, until an operator says why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.errors import Refusal
from models.freeze import Freeze, frozen_accounts, is_frozen
from services.audits import Audits, ReasonMissing

log = structlog.get_logger()

KEPT_AT_MOST = 20
KNOWN_FOR = timedelta(seconds=1)
KNOWN_AT_MOST = 1_000


class AccountFrozen(Refusal):
    """The account's books are being looked at; what it holds is safe, nothing is bought."""


class NotFrozen(Refusal):
    """There is nothing to clear. Facts: `account`."""


class MoreFound(Refusal):
    """Something was found, or cleared, while the operator looked. Facts: `account`."""


@dataclass(slots=True)
class Known:
    """What a process knows of frozen accounts for a second: no order has to ask by itself.

    Freezes are rare and found by the hour; should they be many, each account is asked for.
    """

    accounts: frozenset[str] = frozenset()
    until: datetime | None = None

    def has(self, account: str, now: datetime) -> bool:
        if self.until is None or now >= self.until:
            self.accounts, self.until = frozen_accounts(KNOWN_AT_MOST), now + KNOWN_FOR
        if len(self.accounts) == KNOWN_AT_MOST:
            return is_frozen(account)
        return account in self.accounts

    def forget(self) -> None:
        self.until = None


@dataclass(frozen=True, slots=True)
class Freezes:
    audits: Audits
    clock: Clock
    known: Known = field(default_factory=Known)

    def stop(self, account: str) -> bool:
        """Whether nothing may be bought for it now. Other processes learn it within a second."""
        return self.known.has(account, self.clock.now())

    def freeze(self, account: str, findings: Sequence[str]) -> None:
        """Stop purchases, unless an operator has accepted these very findings."""
        now = self.clock.now()
        known: Freeze = Freeze.objects.get_or_insert(account)
        fresh = [one for one in findings if one not in known.accepted][:KEPT_AT_MOST]
        if not fresh or (known.frozen_at and set(fresh) <= set(known.findings)):
            return
        log.error("account_frozen", account=account, findings=fresh)
        Freeze.objects(pk=account).update_one(
            set__frozen_at=known.frozen_at or now, add_to_set__findings=fresh
        )
        self.known.forget()

    def clear(
        self, account: str, *, by: str, reason: str, seen: Collection[str] | None = None
    ) -> None:
        """An operator has looked. What was found stays known, and changes nothing in the books.

        `seen` are the findings that the operator was shown; without them, all that there are.
        Raises ReasonMissing, NotFrozen, MoreFound.
        """
        if not reason.strip():
            raise ReasonMissing
        frozen: Freeze | None = Freeze.objects(pk=account, frozen_at__ne=None).first()
        if frozen is None:
            raise NotFrozen(account=account)
        if seen is not None and set(seen) != set(frozen.findings):
            raise MoreFound(account=account)
        as_seen = {"_id": account, "findings": frozen.findings}
        cleared = Freeze.objects(__raw__=as_seen, frozen_at__ne=None).update_one(
            unset__frozen_at=True,
            add_to_set__accepted=frozen.findings,
            pull_all__findings=frozen.findings,
            set__cleared_by=by,
            set__cleared_at=self.clock.now(),
            set__reason=reason,
        )
        if not cleared:
            raise MoreFound(account=account)
        self.known.forget()
        self.audits.record(by, "clear freeze", account, reason)

    def frozen(self, most: int = 100) -> list[Freeze]:
        """The longest frozen first."""
        by_index = {"frozen_at": {"$type": "date"}}
        return list(Freeze.objects(__raw__=by_index).order_by("frozen_at").limit(most))
