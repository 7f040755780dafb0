"""Previews: stored quotes priced again, by the version in force and by a draft."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from core.clock import Clock
from core.modes import ApiMode
from core.money import Money
from core.pricing import NO_DISCOUNT, Price, PriceList, Rated, Rule, priced
from models.connection import collection
from models.order import OrderState
from models.pricing import PriceVersion
from services.modes import Modes
from services.orders import order_id_of
from services.pricing import Pricing

QUOTES_AT_MOST = 2_000
SEEN_IN = 200
SOLD = (OrderState.BOUGHT, OrderState.DONE, OrderState.VOID_SENT, OrderState.VOID_REFUSED)
"""Orders whose label was charged and not given back."""

Row = Mapping[str, Any]
Service = tuple[str, str]
_OFFERS = {"user_id": 1, "rates.carrier": 1, "rates.service": 1, "rates.cost": 1}


@dataclass(slots=True)
class Line:
    """Sums in cents of the same rates priced twice; `floored` counts the draft's."""

    number: int = 0
    cost: int = 0
    before: int = 0
    after: int = 0
    floored: int = 0

    def add(self, cost: Money, before: Price, after: Price) -> None:
        self.number += 1
        self.cost += cost.minor
        self.before += before.amount.minor
        self.after += after.amount.minor
        self.floored += after.floored

    @property
    def margin_before(self) -> int:
        return self.before - self.cost

    @property
    def margin_after(self) -> int:
        return self.after - self.cost

    @property
    def change(self) -> int:
        """Of revenue and of margin alike, since the cost is the same."""
        return self.after - self.before

    def one(self, total: int) -> int:
        """The average of a sum, in whole cents, half a cent up."""
        return (2 * total + self.number) // (2 * self.number)


@dataclass(slots=True)
class Lines:
    """By carrier and service, and in all."""

    total: Line = field(default_factory=Line)
    by_service: dict[Service, Line] = field(default_factory=dict)

    def add(self, service: Service, cost: Money, before: Price, after: Price) -> None:
        for line in (self.total, self.by_service.setdefault(service, Line())):
            line.add(cost, before, after)


@dataclass(slots=True, kw_only=True)
class Preview:
    """`cut`: there were more quotes than were read; the newest were.

    `quotes_floored` counts quotes in which the draft has a rate at the floor, `used` the offers
    that each rule of the draft prices.
    """

    since: datetime
    on: date
    mode: ApiMode
    quotes: int = 0
    cut: bool = False
    quotes_floored: int = 0
    sold: Lines = field(default_factory=Lines)
    offered: Lines = field(default_factory=Lines)
    used: Counter[Rule] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Previews:
    pricing: Pricing
    modes: Modes
    clock: Clock

    def replay(self, draft: PriceVersion, *, days: int, on: date | None = None) -> Preview:
        """Both versions price what was offered and sold in so many days, in this mode.

        Prices are those of the day `on`, else of today, with the discounts of today.
        """
        now = self.clock.now()
        preview = Preview(
            since=now - timedelta(days=days),
            on=on or now.date(),
            mode=self.modes.get_api_mode_cached(),
        )
        quotes = _quotes(preview.mode, preview.since, QUOTES_AT_MOST + 1)
        preview.cut = len(quotes) > QUOTES_AT_MOST
        quotes = quotes[:QUOTES_AT_MOST]
        preview.quotes = len(quotes)
        discounts = _discounts({quote["user_id"] for quote in quotes})
        in_force = self.pricing.prices(PriceVersion.objects.last())
        both = _Both(in_force, draft.prices, discounts, preview.on)
        for quote in quotes:
            preview.quotes_floored += _offer(preview, quote, both)
        for order in _sold(quotes):
            service, cost = _read(order["rate"])
            before, after, _ = both.price(service, cost, order["user_id"])
            preview.sold.add(service, cost, before, after)
        return preview

    def services_seen(self) -> Sequence[Service]:
        """What carriers have offered lately, by name, for those who write rules."""
        quotes = _quotes(self.modes.get_api_mode_cached(), None, SEEN_IN)
        seen = {_read(rate)[0] for quote in quotes for rate in quote["rates"]}
        return sorted(seen)


class _Both:
    """Prices one rate by two lists, and looks for each rule once."""

    def __init__(
        self, before: PriceList, after: PriceList, discounts: Mapping[int, Decimal], on: date
    ) -> None:
        self._discounts = discounts
        self._rules = cache(
            lambda service, user_id: tuple(
                (prices.rule_for(_rated(service, user_id, on)), prices.least_margin)
                for prices in (before, after)
            )
        )

    def price(self, service: Service, cost: Money, user_id: int) -> tuple[Price, Price, Rule]:
        """Before, after, and the rule of the draft."""
        discount = self._discounts.get(user_id, NO_DISCOUNT)
        (old, old_margin), (new, new_margin) = self._rules(service, user_id)
        return priced(old, cost, discount, old_margin), priced(new, cost, discount, new_margin), new


def _offer(preview: Preview, quote: Row, both: _Both) -> bool:
    """True if the draft has something of this quote at the floor."""
    floored = False
    for rate in quote["rates"]:
        service, cost = _read(rate)
        before, after, rule = both.price(service, cost, quote["user_id"])
        preview.offered.add(service, cost, before, after)
        preview.used[rule] += 1
        floored = floored or after.floored
    return floored


def _rated(service: Service, user_id: int, on: date) -> Rated:
    return Rated(carrier=service[0], service=service[1], user_id=user_id, on=on)


def _read(rate: Row) -> tuple[Service, Money]:
    cost = Money(int(rate["cost"]["minor"]), rate["cost"]["currency"])
    return (rate["carrier"], rate["service"]), cost


def _quotes(mode: ApiMode, since: datetime | None, most: int) -> list[Row]:
    """The newest first."""
    query: dict[str, Any] = {"mode": mode.value}
    if since is not None:
        query["created_at"] = {"$gte": since}
    found = collection("quotes").find(query, _OFFERS).sort("created_at", -1).limit(most)
    return list(found)


def _sold(quotes: Sequence[Row]) -> Iterator[Row]:
    ids = [order_id_of(quote["_id"]) for quote in quotes]
    query = {"_id": {"$in": ids}, "status": {"$in": [*SOLD]}}
    return iter(collection("orders").find(query, {"user_id": 1, "rate": 1}))


def _discounts(user_ids: set[int]) -> Mapping[int, Decimal]:
    query = {"_id": {"$in": [*user_ids]}, "discount_percent": {"$ne": "0"}}
    rows = collection("users").find(query, {"discount_percent": 1})
    return {row["_id"]: Decimal(row.get("discount_percent", "0")) for row in rows}
