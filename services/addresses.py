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
    """How an address stands with the carriers: accepted unless they have something against it."""

    ACCEPTED = "accepted"
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
        return self.standing not in {Standing.ACCEPTED, Standing.UNCHECKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """`carriers` should be impatient ones: a customer waits for the answer."""

    carriers: Carriers
    modes: Modes

    def check(self, address: Address) -> Opinion:
        """Ask the services in turn until one has an opinion. Raises nothing of theirs.

        One that is away ends it: the customer has waited once.
        """
        mode = self.modes.get_api_mode_cached()
        try:
            for name in self.carriers.names(mode):
                checked = self.carriers.get(name, mode).check(address)
                if checked.verdict is not Verdict.UNCHECKED:
                    return Opinion(_standing(checked), checked.suggestion, checked.remarks)
        except (Refusal, Unavailable) as trouble:
            log.warning("address_unchecked", why=trouble.code)
            return Opinion(Standing.UNCHECKED)
        return Opinion(Standing.ACCEPTED)


def _standing(checked: Checked) -> Standing:
    """A correction without a suggestion leaves nothing to choose, a doubt without a reason too."""
    match checked.verdict:
        case Verdict.UNDELIVERABLE:
            return Standing.UNDELIVERABLE
        case Verdict.CORRECTED if checked.suggestion:
            return Standing.CORRECTED
        case Verdict.DOUBTFUL if checked.remarks or checked.suggestion:
            return Standing.DOUBTFUL
        case _:
            return Standing.ACCEPTED
