"""What carrier services answered lately, under all that an answer depends on.

Kept in Redis, through the same port as the modes: the answers are small, worth a few minutes,
and nobody misses them when they are gone. MongoDB would write each to the journals of a majority.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import structlog

from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from providers.carriers.base import Quoted, Rate
from services.ports import Flags

log = structlog.get_logger()

SECONDS = 15 * 60
VERSION = 1
"""Of the stored form: raise it with each change, so that old answers are not misread."""


def key_of(shipment: Shipment, *, provider: str, account: str, mode: ApiMode) -> str:
    """One key for what differs in nothing but blanks, letter case, or zeros after the point.

    Every field counts, also those that shipments get in future.
    """
    facts = [VERSION, provider, account, mode.value, _plain(shipment)]
    return f"rates:{sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class RateCache:
    """Holds no id of a shipment or a rate: those belong to the one quote they were made for."""

    flags: Flags
    seconds: int = SECONDS

    def get(self, key: str) -> Quoted | None:
        """The answer without its ids, which are empty; None when it is not there or unreadable."""
        kept = self.flags.get(key)
        if kept is None:
            return None
        try:
            return _read(json.loads(kept))
        except (ValueError, KeyError, TypeError) as flaw:
            log.warning("cached_rates_unreadable", cause=type(flaw).__name__)
            return None

    def put(self, key: str, quoted: Quoted) -> None:
        """Keep an answer, unless nobody would want it twice."""
        if quoted.rates:
            self.flags.put(key, json.dumps(_written(quoted)), seconds=self.seconds)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _written(quoted: Quoted) -> dict[str, Any]:
    return {
        "complaints": quoted.complaints,
        "rates": [
            {
                "carrier": rate.carrier,
                "service": rate.service,
                "minor": rate.cost.minor,
                "currency": rate.cost.currency,
                "days": rate.days,
                "arrives": rate.arrives.isoformat() if rate.arrives else None,
                "carrier_account": rate.carrier_account,
            }
            for rate in quoted.rates
        ],
    }


def _read(kept: Mapping[str, Any]) -> Quoted:
    rates = tuple(
        Rate(
            rate_id="",
            carrier=row["carrier"],
            service=row["service"],
            cost=Money(row["minor"], row["currency"]),
            days=row["days"],
            arrives=date.fromisoformat(row["arrives"]) if row["arrives"] else None,
            carrier_account=row["carrier_account"],
        )
        for row in kept["rates"]
    )
    return Quoted(shipment_id="", rates=rates, complaints=tuple(kept["complaints"]))
