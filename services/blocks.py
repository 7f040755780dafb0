"""Blocked customers: they do nothing new until an operator says otherwise; what is paid goes on."""

from dataclasses import dataclass

from core.clock import Clock
from core.errors import Refusal
from models.user import User
from services.audits import Audits, ReasonMissing


class CustomerBlocked(Refusal):
    """An operator has blocked this customer, who buys nothing and tops up nothing."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """Each raises ReasonMissing and models.base.NotFound; done twice it is the same."""

    audits: Audits
    clock: Clock

    def block(self, user_id: int, *, by: str, reason: str) -> None:
        """From the next word on. The customer is told at that word, once."""
        self._record("block", user_id, by, reason)
        User.objects(pk=user_id, blocked_at=None).update_one(
            set__blocked_at=self.clock.now(), unset__block_told_at=True
        )

    def unblock(self, user_id: int, *, by: str, reason: str) -> None:
        self._record("unblock", user_id, by, reason)
        User.objects(pk=user_id).update_one(unset__blocked_at=True)

    def _record(self, act: str, user_id: int, by: str, reason: str) -> None:
        if not reason.strip():
            raise ReasonMissing
        User.objects.fetch(user_id)
        self.audits.record(by, act, f"customer {user_id}", reason)


def stop_if_blocked(user_id: int) -> None:
    """Raises CustomerBlocked."""
    if User.objects(pk=user_id, blocked_at__ne=None).only("pk").first():
        raise CustomerBlocked
