"""The nightly comparison with a carrier service's own list of labels, both ways."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.errors import Refusal, Unavailable
from core.jobs import Job
from core.modes import ApiMode
from models.order import Order, OrderState
from models.orphan import Orphan, OrphanState
from models.quote import Quote
from models.report import Finding, FindingKind, Report, ReportState
from providers.carriers.base import Sold
from services import carrier_services
from services.orders import order_id_of
from services.orphans import Orphans, orphan_id
from services.ports import Carriers, Jobs
from services.reconciliation import KEPT_AT_MOST

log = structlog.get_logger()

WINDOW = timedelta(days=3)
YOUNGEST = timedelta(minutes=30)
"""Longer than any purchase is under way; what is younger is compared the next night."""
EDGE = timedelta(minutes=10)
"""Near both ends of the time, their clock may say otherwise than ours."""
ORDERED_BEFORE = timedelta(days=7)
"""An order waits at most so long for its purchase."""
AT_ONCE = 500
ENDED = (OrderState.FAILED, OrderState.RELEASED)
ORPHANED = (
    FindingKind.LABEL_OF_NO_ORDER,
    FindingKind.LABEL_OF_ENDED_ORDER,
    FindingKind.SECOND_LABEL,
)
SETTLED = (OrphanState.SENT, OrphanState.VOIDED, OrphanState.CLOSED)

_REFERENCE = re.compile(r"(Q-[0-9A-Z]{12})(-[0-9A-Z]{6})?")
"""A quote's id, and what tells apart each time that its provider was asked."""

Disagreement = tuple[FindingKind, Sold, Order | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierBooks:
    """Labels that no customer pays for are voided; everything else is only told."""

    carriers: Carriers
    orphans: Orphans
    jobs: Jobs
    clock: Clock

    def ask(self) -> None:
        """Have every carrier service compared, in each mode, each by a job of its own."""
        for service in carrier_services.each(self.carriers):
            self.jobs.ask(Job.RECONCILE_CARRIERS, service)

    def compare(self, service: str) -> Report:
        """`service` is as `easypost:test`. One that does not answer leaves a report of that."""
        now = self.clock.now()
        report = Report(provider=service, since=now - WINDOW, created_at=now)
        until = now - YOUNGEST
        try:
            carrier = carrier_services.opened(self.carriers, service)
            listed = list(carrier.statement(report.since, until))
        except (Unavailable, Refusal) as trouble:
            log.warning("reconciliation_failed", provider=service, why=str(trouble))
            report.status = ReportState.FAILED
            return _stored(report)
        # What is here is read after what is there, so that nothing of theirs is too new for us.
        known = _orders_of(listed)
        findings = list(self._there(service, listed, known))
        ours = _done(service, report.since + EDGE, until - EDGE)
        findings += _missing(ours, {order.id for order in known.values()})
        for finding in findings:
            log.error("reconciliation_found", kind=finding.kind, label_id=finding.provider_id)
        report.listed, report.compared, report.found = len(listed), len(known), len(findings)
        report.findings = tuple(findings[:KEPT_AT_MOST])
        report.status = ReportState.FINDINGS if findings else ReportState.CLEAN
        return _stored(report)

    def _there(
        self, service: str, listed: Iterable[Sold], known: Mapping[str, Order]
    ) -> Iterator[Finding]:
        """First all are written down, then voided, and then told as they stand."""
        found = list(_disagreements(listed, known))
        fresh = {
            sold.label_id for kind, sold, order in found if self._note(service, kind, sold, order)
        }
        self.orphans.settle(service)
        for kind, sold, order in found:
            if kind not in ORPHANED:
                yield _finding(kind, sold, order, sold.void)
                continue
            orphan: Orphan = Orphan.objects.fetch(orphan_id(service, sold))
            if sold.label_id in fresh or orphan.status not in SETTLED:
                yield _finding(kind, sold, order, orphan.problem or orphan.status)

    def _note(self, service: str, kind: FindingKind, sold: Sold, order: Order | None) -> bool:
        if kind not in ORPHANED:
            return False
        ours = order is not None or Quote.objects.has(_quote_id(sold))
        order_id = order.id if order is not None else ""
        return self.orphans.note(service, sold, order_id=order_id, ours=ours)


def _disagreements(listed: Iterable[Sold], known: Mapping[str, Order]) -> Iterator[Disagreement]:
    for sold in listed:
        order = known.get(sold.label_id)
        kind = disagreement(sold, order)
        if kind is not None:
            yield kind, sold, order


def disagreement(sold: Sold, order: Order | None) -> FindingKind | None:
    """How the two books disagree about one label of theirs. Other people's labels are theirs."""
    if order is None:
        return FindingKind.LABEL_OF_NO_ORDER if _quote_id(sold) else None
    if order.status in ENDED:
        return FindingKind.LABEL_OF_ENDED_ORDER
    if order.label_id not in {"", sold.label_id} and order.tracking_code != sold.tracking_code:
        return FindingKind.SECOND_LABEL
    if order.cost is not None and order.cost != sold.cost:
        return FindingKind.COST_DIFFERS
    return None


def _quote_id(sold: Sold) -> str:
    """The quote that our reference names; empty when it is none of ours."""
    found = _REFERENCE.fullmatch(sold.reference)
    return found[1] if found else ""


def _orders_of(listed: Sequence[Sold]) -> dict[str, Order]:
    """Our order of each label there, by the label's id: told by whatever both books have."""
    known: dict[str, Order] = {}
    for start in range(0, len(listed), AT_ONCE):
        batch = listed[start : start + AT_ONCE]
        by_name = _by_names(batch)
        for sold in batch:
            order = next((by_name[name] for name in _names(sold) if name in by_name), None)
            if order is not None:
                known[sold.label_id] = order
    return known


def _names(sold: Sold) -> list[str]:
    quote_id = _quote_id(sold)
    names = (sold.shipment_id, sold.tracking_code, order_id_of(quote_id) if quote_id else "")
    return [name for name in names if name]


def _by_names(batch: Iterable[Sold]) -> dict[str, Order]:
    """One look by each index."""
    wanted = sorted({name for sold in batch for name in _names(sold)})
    found: dict[str, Order] = {}
    for field in ("pk", "tracking_code", "shipment_id"):
        for order in Order.objects(**{f"{field}__in": wanted}):
            found[getattr(order, field)] = order
    return found


def _done(service: str, since: datetime, until: datetime) -> Iterator[Order]:
    name, _, mode = service.partition(":")
    done = Order.objects(
        status=OrderState.DONE,
        created_at__gte=since - ORDERED_BEFORE,
        provider=name,
        mode=ApiMode(mode),
        bought_after__gte=since,
        bought_after__lt=until,
    )
    return iter(done.only("id", "label_id", "shipment_id", "tracking_code", "cost"))


def _missing(ours: Iterable[Order], listed: set[str]) -> list[Finding]:
    """Labels that we have charged for and the carrier has not."""
    return [
        Finding(
            kind=FindingKind.LABEL_NOT_LISTED,
            provider_id=order.label_id or order.shipment_id,
            order_id=order.id,
            told=order.tracking_code,
            credited=order.cost,
        )
        for order in ours
        if order.id not in listed
    ]


def _finding(kind: FindingKind, sold: Sold, order: Order | None, told: str) -> Finding:
    return Finding(
        kind=kind,
        provider_id=sold.label_id,
        order_id=order.id if order is not None else "",
        told=told,
        received=sold.cost,
        credited=order.cost if order is not None else None,
    )


def _stored(report: Report) -> Report:
    report.save(force_insert=True)
    return report
