"""Controls: the shop with one rule switched off. Workers of a control import this, nobody else.

What each takes away stands with it. A chaos run over any of them has to find violations.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from models.ledger import EntryKind
from models.order import Order, OrderQuerySet, OrderState, OrderStep
from services import purchase
from services.booking import Step
from services.ledger import Ledger, Posting
from services.purchase import Patience, Purchase

SHORT = timedelta(seconds=0.2)


def timeout_is_failure() -> None:
    """An answer that did not come counts as a refusal: the money is given back at once."""

    def fail(self: Purchase, order: Order, why: str) -> Order | None:
        now = self.clock.now()
        moved: Order | None = Order.objects.move(
            order, OrderState.FAILED, at=now, note=why, set__refusal=why, set__next_at=now
        )
        return moved

    _replace(Purchase, "doubt", fail)


def short_lease() -> None:
    """The lease ends long before the carrier's time-out, and there is no fence.

    Nobody's patience outlasts the call, and whoever comes late still moves the order.
    """
    whole = Purchase.__init__

    def hurried(self: Purchase, *, patience: Patience, **more: Any) -> None:
        brief = replace(patience, lease=SHORT, settle=timedelta(0))
        whole(self, patience=brief, **more)

    _replace(Purchase, "__init__", hurried)
    _replace(purchase, "PAUSE", SHORT)
    _replace(OrderQuerySet, "move", _move_unfenced)


def two_keys() -> None:
    """Capture and release no longer exclude each other in the ledger.

    In the shop as it is, an order's document excludes them as well, by its fence and its lease.
    So that the key is what is tried, this control has neither of them.
    """
    short_lease()
    whole = Ledger._post  # noqa: SLF001  a control reaches in

    def post(self: Ledger, user_id: int, step: Step) -> Posting:
        if step.kind in {EntryKind.CAPTURE, EntryKind.RELEASE}:
            step = replace(step, key=f"{step.kind}:{step.ref['order']}")
        return whole(self, user_id, step)

    _replace(Ledger, "_post", post)


def _move_unfenced(  # noqa: PLR0913  the fields of the one that it replaces
    self: OrderQuerySet,
    order: Order,
    to: OrderState,
    *,
    at: Any,
    by: str = "worker",
    note: str = "",
    **changes: Any,
) -> Any:
    step = OrderStep(at=at, state=to, by=by, note=note)
    return self.advance(
        order.id, when=list(OrderState), to=to, at=at, push__timeline=step, **changes
    )


def _replace(owner: Any, name: str, part: Any) -> None:
    getattr(owner, name)
    setattr(owner, name, part)


RULES: dict[str, Callable[[], None]] = {
    "timeout_is_failure": timeout_is_failure,
    "short_lease": short_lease,
    "two_keys": two_keys,
}

if broken := os.environ.get("CHAOS_BREAK"):
    RULES[broken]()
