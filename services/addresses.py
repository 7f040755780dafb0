"""The address check: the carrier service's opinion, which helps and never stands in the way."""

from dataclasses import dataclass
from enum import StrEnum

import structlog

from core.addresses import Address
from core.errors import Refusal, Unavailable
from providers.carriers.base import Checked, Verdict
from services.modes import Modes
from services.ports import Carriers

log = structlog.get_logger()


class Standing(StrEnum):
    """How an address stands with the carriers."""

    GOOD = "good"
    CORRECTED = "corrected"
    DOUBTFUL = "doubtful"
    UNDELIVERABLE = "undeliverable"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Opinion:
    """`suggestion` is the address as the carrier would have it; `remarks` are its own words."""

    standing: Standing
    suggestion: Address | None = None
    remarks: tuple[str, ...] = ()

    @property
    def asks_for_a_decision(self) -> bool:
        """Whether the customer should choose before going on."""
        return self.standing not in {Standing.GOOD, Standing.UNCHECKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """`carriers` should be impatient ones: a customer waits for the answer."""

    carriers: Carriers
    modes: Modes

    def check(self, address: Address) -> Opinion:
        """Ask the first carrier service. Nobody's answer leaves it unchecked: nothing is raised."""
        mode = self.modes.get_api_mode_cached()
        try:
            carrier = self.carriers.get(self.carriers.names(mode)[0], mode)
            checked = carrier.check(address)
        except (Refusal, Unavailable) as trouble:
            log.warning("address_unchecked", why=trouble.code)
            return Opinion(Standing.UNCHECKED)
        return Opinion(_standing(checked), checked.suggestion, checked.remarks)


def _standing(checked: Checked) -> Standing:
    """A correction without a suggestion leaves nothing to choose, a doubt without a reason too."""
    match checked.verdict:
        case Verdict.UNDELIVERABLE:
            return Standing.UNDELIVERABLE
        case Verdict.CORRECTED if checked.suggestion:
            return Standing.CORRECTED
        case Verdict.DOUBTFUL:
            return Standing.DOUBTFUL if checked.remarks else Standing.UNCHECKED
        case _:
            return Standing.GOOD
