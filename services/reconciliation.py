"""Reconciliation: a payment provider's own list against our payments, both ways."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.errors import Unavailable
from core.jobs import Job
from core.money import Money
from models.payment import Payment, PaymentState
from models.report import Finding, FindingKind, Report, ReportState
from providers.payments.base import InvoiceReport, InvoiceState
from services.outcomes import due, is_ours
from services.ports import Jobs, Payments

log = structlog.get_logger()

WINDOW = timedelta(days=14)
"""Far beyond the three days for which we ask by ourselves, so that later money is found too."""
KEPT_AT_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """Finds, and has settled what may be settled; everything else is an operator's."""

    providers: Payments
    jobs: Jobs
    clock: Clock

    def ask(self) -> None:
        """Have every provider compared, each by a job of its own."""
        for name in self.providers:
            self.jobs.ask(Job.RECONCILE, name)

    def compare(self, name: str) -> Report:
        """A provider that does not answer leaves a report that says so."""
        now = self.clock.now()
        report = Report(provider=name, since=now - WINDOW, created_at=now)
        try:
            listed = {one.provider_id: one for one in self.providers[name].recent(report.since)}
        except Unavailable as trouble:
            log.warning("reconciliation_failed", provider=name, why=str(trouble))
            report.status = ReportState.FAILED
            return _stored(report)
        # What is here is read after what is there, so that nothing of theirs is too new for us.
        known = _known(name, report.since, listed)
        findings = [*self._there(listed, known), *self._here(name, listed, known)]
        for finding in findings:
            self._act(finding)
        report.listed, report.compared, report.found = len(listed), len(known), len(findings)
        report.findings = tuple(findings[:KEPT_AT_MOST])
        report.status = ReportState.FINDINGS if findings else ReportState.CLEAN
        return _stored(report)

    def _there(
        self, listed: Mapping[str, InvoiceReport], known: Mapping[str, Payment]
    ) -> Iterator[Finding]:
        for told in listed.values():
            payment = known.get(told.provider_id)
            if payment is None:
                # A bill that nobody was ever shown, unless somebody has paid it.
                if due(told.amount, told):
                    yield _finding(FindingKind.UNKNOWN_HERE, told, None)
                continue
            kind = disagreement(payment, told)
            if kind is not None:
                yield _finding(kind, told, payment)

    def _here(
        self, name: str, listed: Mapping[str, InvoiceReport], known: Mapping[str, Payment]
    ) -> Iterator[Finding]:
        """Those that their list does not have are asked for one by one."""
        for provider_id, payment in known.items():
            if provider_id in listed or not payment.credited:
                continue
            yield from self._alone(name, provider_id, payment)

    def _alone(self, name: str, provider_id: str, payment: Payment) -> Iterator[Finding]:
        try:
            told = self.providers[name].invoice(provider_id)
        except Unavailable:
            yield Finding(
                kind=FindingKind.UNKNOWN_THERE,
                provider_id=provider_id,
                payment_id=payment.id,
                credited=payment.credited,
            )
            return
        kind = disagreement(payment, told)
        if kind is not None:
            yield _finding(kind, told, payment)

    def _act(self, finding: Finding) -> None:
        log.error(
            "reconciliation_found",
            kind=finding.kind,
            provider_id=finding.provider_id,
            payment_id=finding.payment_id,
        )
        if finding.kind is FindingKind.NOT_CREDITED_HERE:
            woken = Payment.objects(
                pk=finding.payment_id, status__ne=PaymentState.REJECTED
            ).update_one(set__next_at=self.clock.now())
            if woken:
                self.jobs.ask(Job.SETTLE_PAYMENT, finding.payment_id)


def disagreement(payment: Payment, told: InvoiceReport) -> FindingKind | None:
    """How the two books disagree about one invoice. What is not booked is not credited."""
    booked = sum((one.amount for one in payment.credits[: payment.booked]), Money(0))
    if not is_ours(payment, told):
        return FindingKind.DIFFERENT
    if told.state is InvoiceState.REFUNDED:
        return FindingKind.REFUNDED_THERE if booked else None
    if due(payment.amount, told) > booked:
        return FindingKind.NOT_CREDITED_HERE
    if booked > max(due(payment.amount, told), told.received):
        return FindingKind.NOT_PAID_THERE
    return None


def _known(name: str, since: datetime, listed: Mapping[str, InvoiceReport]) -> dict[str, Payment]:
    """Our payments of that time, and those that their list names, by their id there."""
    ours = Payment.objects(provider=name, provider_id__ne=None)
    found = [*ours.filter(created_at__gte=since), *ours.filter(provider_id__in=[*listed])]
    return {str(payment.provider_id): payment for payment in found}


def _finding(kind: FindingKind, told: InvoiceReport, payment: Payment | None) -> Finding:
    return Finding(
        kind=kind,
        provider_id=told.provider_id,
        payment_id=payment.id if payment else told.payment_id,
        told=told.status,
        received=told.received,
        credited=payment.credited if payment else None,
    )


def _stored(report: Report) -> Report:
    report.save(force_insert=True)
    return report
