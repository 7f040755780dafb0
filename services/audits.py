"""What operators did, written beside what they changed."""

from dataclasses import dataclass

from core.clock import Clock
from core.errors import Refusal
from models.audit import AuditEntry

OPERATOR = "operator:"


class ReasonMissing(Refusal):
    """Every change of money, or of its safety, says why."""


@dataclass(frozen=True, slots=True)
class Audits:
    clock: Clock

    def record(self, by: str, act: str, subject: str, reason: str = "") -> None:
        """`by` is an operator's e-mail address, with or without `operator:` before it."""
        by = by.removeprefix(OPERATOR)
        AuditEntry(by=by, act=act, subject=subject, reason=reason, at=self.clock.now()).save(
            force_insert=True
        )
