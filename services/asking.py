"""Several providers asked at the same time: a slow or a failing one costs its own answer only."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

import structlog

from core.errors import PlatformError

log = structlog.get_logger()

T = TypeVar("T")

THREADS_EACH = 8


@dataclass(frozen=True, slots=True)
class Heard(Generic[T]):
    """Who answered, who could not, and who had not by the end; by name, in the order asked."""

    answers: Mapping[str, T]
    failed: Mapping[str, BaseException]
    late: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Threads of its own for each provider, so that one that hangs keeps no other one waiting.

    They live as long as the process: their connections stay open from quote to quote.
    """

    seconds: float
    _threads: dict[str, ThreadPoolExecutor] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def ask(self, questions: Mapping[str, Callable[[], T]]) -> Heard[T]:
        """Put all questions at once and wait until all are answered, `seconds` at most."""
        asked = {
            name: self._threads_of(name).submit(copy_context().run, question)
            for name, question in questions.items()
        }
        _, waiting = wait(asked.values(), timeout=self.seconds)
        late = tuple(name for name, answer in asked.items() if answer in waiting)
        for name in late:
            log.warning("provider_too_slow", provider=name, seconds=self.seconds)
            # One that no thread has taken up yet is not asked any more.
            asked[name].cancel()
        troubles = {name: asked[name].exception() for name in asked if name not in late}
        failed = {name: trouble for name, trouble in troubles.items() if trouble is not None}
        for name, trouble in failed.items():
            _log_failure(name, trouble)
        answers = {name: asked[name].result() for name in troubles if name not in failed}
        return Heard(answers, failed, late)

    def _threads_of(self, name: str) -> ThreadPoolExecutor:
        with self._lock:
            if name not in self._threads:
                self._threads[name] = ThreadPoolExecutor(
                    THREADS_EACH, thread_name_prefix=f"ask-{name}"
                )
            return self._threads[name]


def _log_failure(name: str, trouble: BaseException) -> None:
    """A defect of ours in one provider's module takes no other one's rates away; it is loud."""
    if isinstance(trouble, PlatformError):
        log.info("provider_failed", provider=name, why=str(trouble))
    else:
        log.error("provider_module_broken", provider=name, exc_info=trouble)
