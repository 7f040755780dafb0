"""Daily anchors: a day's last digests hashed together, so that no later day can rewrite them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog

from core.clock import Clock
from core.ids import new_id
from models import proof as proofs
from models.proof import Anchor
from services.books import Part, Place

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Anchors:
    clock: Clock

    def lay(self) -> Anchor:
        """Anchor every account that was proven further since the last time. Once a day.

        Of two hands at once one is first; the other's heads belong to no anchor, and are as true.
        """
        now = self.clock.now()
        day = now.date().isoformat()
        laid: Anchor | None = Anchor.objects(pk=day).first()
        return laid or self._lay(day)

    def _lay(self, day: str) -> Anchor:
        batch = new_id("A")
        proofs.anchor_heads(batch)
        before: Anchor | None = Anchor.objects(pk__lt=day).order_by("-pk").first()
        previous = before.digest if before else ""
        digest, accounts = _digest(previous, batch)
        laid: Anchor = Anchor.objects.get_or_insert(
            day,
            batch=batch,
            previous=previous,
            digest=digest,
            accounts=accounts,
            at=self.clock.now(),
        )
        proofs.mark_anchored(proofs.anchored_in(laid.batch))
        log.info("ledger_anchored", day=day, digest=laid.digest, accounts=laid.accounts)
        return laid


def anchors(place: Place) -> Iterator[Part]:
    """Every anchor is that of its heads and follows from the one before."""
    previous = place.get("digest", "")
    for anchor in Anchor.objects(pk__gt=place.get("id", "")).order_by("pk"):
        part = Part({"id": anchor.day, "digest": anchor.digest})
        if anchor.previous != previous:
            part.findings.append(("", f"the anchor of {anchor.day} does not follow"))
        if anchor.digest != _digest(anchor.previous, anchor.batch)[0]:
            part.findings.append(("", f"the anchor of {anchor.day} is not that of its heads"))
        previous = anchor.digest
        yield part


def _digest(previous: str, batch: str) -> tuple[str, int]:
    """And the number of accounts under it."""
    heads: list[dict[str, Any]] = list(proofs.anchored_in(batch))
    told = "".join(f"{head['account']} {head['seq']} {head['digest']}\n" for head in heads)
    return hashlib.sha256(f"{previous}\n{told}".encode()).hexdigest(), len(heads)
