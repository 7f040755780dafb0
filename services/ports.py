"""What the services need from the outside, as protocols."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from core.jobs import Job
from core.modes import ApiMode
from models.outbox import Note
from providers.carriers.base import Carrier
from providers.payments.base import PaymentProvider


class Jobs(Protocol):
    def ask(self, job: Job, subject_id: str = "") -> None:
        """Wake a worker sooner. Never raises: what is dropped here, a sweep finds."""
        ...

    def nudge(self, job: Job) -> None:
        """`ask` in a moment, once for all who nudge meanwhile. Costs the caller nothing."""
        ...


class Flags(Protocol):
    """A cache of small values, shared by all processes, that may be gone at any time."""

    def get(self, name: str) -> str | None:
        """The cached value; None when it is not there or the cache does not answer."""
        ...

    def put(self, name: str, value: str, *, seconds: int) -> None:
        """Keep a value for a time. Never raises."""
        ...


class Bell(Protocol):
    def ring(self, subject_id: str) -> None:
        """Have one of those who wait look at it. Never raises: the sweeps find it, later."""
        ...

    def wait(self, seconds: int) -> Sequence[str]:
        """What was rung for; waits up to `seconds` for it. Raises Unavailable."""
        ...


class Messenger(Protocol):
    def deliver(self, note: Note) -> int:
        """Say one note to its customer and answer the message's id.

        Raises Refusal when this chat can't be reached for good, Unavailable (with
        `retry_after` seconds among its facts, if known) when it may be later, and Doubtful when
        it may have been said.
        """
        ...


class Board(Protocol):
    def show(self, batch_id: str) -> bool:
        """Bring the message that shows this batch up to date; False when nobody looks at it.

        Raises Unavailable when it should be tried again.
        """
        ...


class Carriers(Protocol):
    def get(self, name: str, mode: ApiMode) -> Carrier:
        """The carrier service of that name in that mode. Raises CarrierNotConfigured."""
        ...

    def names(self, mode: ApiMode) -> list[str]:
        """All carrier services that have a key in that mode."""
        ...


Payments = Mapping[str, PaymentProvider]
