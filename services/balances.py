"""The watch of the shop's own balance at each carrier service."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.clock import Clock
from core.errors import Refusal, Unavailable
from core.jobs import Job
from core.money import Money
from models.balance import CarrierBalance
from services import carrier_services
from services.ports import Carriers, Jobs

log = structlog.get_logger()

STALE = timedelta(days=1)
"""What was told longer ago is of a service that is switched off, or says nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Below `least` an account is low."""

    carriers: Carriers
    jobs: Jobs
    clock: Clock
    least: Money

    def ask(self) -> None:
        """Have every service asked, each by a job of its own."""
        for service in carrier_services.each(self.carriers):
            self.jobs.ask(Job.READ_CARRIER_BALANCES, service)

    def read(self, service: str) -> None:
        """A service that does not answer leaves what it last said."""
        try:
            amount = carrier_services.opened(self.carriers, service).balance()
        except (Unavailable, Refusal) as trouble:
            log.warning("carrier_balance_unknown", service=service, why=str(trouble))
            return
        low = amount is not None and amount < self.least
        CarrierBalance.objects.put(service, amount=amount, low=low, told_at=self.clock.now())
