"""What operators did, written beside what they changed."""

from dataclasses import dataclass

from core.clock import Clock
from core.errors import Refusal
from models.audit import AuditEntry


class ReasonMissing(Refusal):
    """Every change of money, or of its safety, says why."""


@dataclass(frozen=True, slots=True)
class Audits:
    clock: Clock

    def record(self, by: str, act: str, subject: str, reason: str = "") -> None:
        AuditEntry(by=by, act=act, subject=subject, reason=reason, at=self.clock.now()).save(
            force_insert=True
        )
