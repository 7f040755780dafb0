"""Quotes: rates of the carriers for one parcel, priced for one customer, kept for a time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from core.addresses import Address
from core.clock import Clock
from core.errors import Refusal
from core.ids import new_id
from core.limits import broken_limits, carriers_that_take
from core.parcels import Parcel
from core.phones import generate_random_phone
from core.shipments import Shipment
from models.parts import PricedRate, noon
from models.quote import Quote
from providers.carriers.base import Rate
from services.modes import Modes
from services.ports import Carriers
from services.pricing import Pricing, Tariff

PER_CARRIER_AT_MOST = 5
IN_ALL_AT_MOST = 15


class NoRates(Refusal):
    """No carrier takes this parcel between these addresses. Facts: `complaints` (list of str)."""


class QuoteExpired(Refusal):
    """The quote's time is over, or the shop's mode has changed: ask for rates again."""


class RateGone(Refusal):
    """The quote has no such rate."""


class ShopClosed(Refusal):
    """Maintenance: no new work for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    carriers: Carriers
    modes: Modes
    pricing: Pricing
    clock: Clock
    lifetime: timedelta
    shop_phone: str = ""
    random_phone: bool = False

    def quote(self, user_id: int, sender: Address, recipient: Address, parcel: Parcel) -> Quote:
        """Ask the carrier service and keep the answer.

        Raises NoRates, ShopClosed, the carrier's CarrierRefused and CarrierDown, and
        core.limits.TooBigForEveryCarrier before anybody is asked.
        """
        if self.modes.get_maintenance_mode_cached():
            raise ShopClosed
        carriers_that_take(parcel)
        mode = self.modes.get_api_mode_cached()
        carrier = self.carriers.get(self.carriers.names(mode)[0], mode)
        quote_id = new_id("Q")
        shipped = Shipment(sender=sender, recipient=recipient, parcel=parcel)
        quoted = carrier.quote(self._reachable(shipped), reference=quote_id)
        offered = [
            rate
            for rate in quoted.rates
            if not broken_limits(parcel, rate.carrier, rate.service) and rate.cost
        ]
        if not offered:
            raise NoRates(complaints=list(quoted.complaints))
        now = self.clock.now()
        tariff = self.pricing.tariff(user_id, now)
        quote = Quote(
            id=quote_id,
            user_id=user_id,
            mode=mode,
            provider=carrier.name,
            shipment_id=quoted.shipment_id,
            sender=sender,
            recipient=recipient,
            parcel=parcel,
            rates=tuple(_priced(rate, tariff) for rate in _best(offered)),
            complaints=list(quoted.complaints),
            rule_version=tariff.version,
            created_at=now,
            expires_at=now + self.lifetime,
        )
        quote.save(force_insert=True)
        return quote

    def get(self, quote_id: str) -> Quote:
        """Raises models.base.NotFound."""
        found: Quote = Quote.objects.fetch(quote_id)
        return found

    def choose(self, quote_id: str, rate_id: str, user_id: int) -> tuple[Quote, PricedRate]:
        """A rate that may be bought now. Raises QuoteExpired, RateGone, ShopClosed."""
        if self.modes.get_maintenance_mode_cached():
            raise ShopClosed
        quote = self.get(quote_id)
        rate = quote.rate(rate_id)
        if rate is None or quote.user_id != user_id:
            raise RateGone(quote_id=quote_id)
        if self.clock.now() >= quote.expires_at or quote.mode != self.modes.get_api_mode_cached():
            raise QuoteExpired(quote_id=quote_id)
        return quote, rate

    def _reachable(self, shipped: Shipment) -> Shipment:
        sender, recipient = self._with_phone(shipped.sender), self._with_phone(shipped.recipient)
        return replace(shipped, sender=sender, recipient=recipient)

    def _with_phone(self, address: Address) -> Address:
        """Carriers want a phone: the shop's, or one that nobody has, when there is none."""
        phone = address.phone or self.shop_phone
        if not phone and self.random_phone:
            phone = generate_random_phone()
        return replace(address, phone=phone)


def _priced(rate: Rate, tariff: Tariff) -> PricedRate:
    return PricedRate(
        rate_id=rate.rate_id,
        carrier=rate.carrier,
        service=rate.service,
        carrier_account=rate.carrier_account,
        cost=rate.cost,
        price=tariff.price(rate.carrier, rate.service, rate.cost),
        days=rate.days,
        arrives_at=noon(rate.arrives),
    )


def _best(rates: Iterable[Rate]) -> list[Rate]:
    """The cheapest ones, a few of each carrier, by price."""
    kept: list[Rate] = []
    of_carrier: Counter[str] = Counter()
    for rate in sorted(rates, key=lambda rate: (rate.cost, rate.days or 99, rate.service)):
        if of_carrier[rate.carrier] < PER_CARRIER_AT_MOST and len(kept) < IN_ALL_AT_MOST:
            of_carrier[rate.carrier] += 1
            kept.append(rate)
    return kept
