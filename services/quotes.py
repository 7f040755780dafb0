"""Quotes: rates of the carriers for one parcel, priced for one customer, kept for a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.clock import Clock
from core.customs import check_customs
from core.errors import Refusal
from core.ids import new_id
from core.limits import carriers_that_take
from core.money import Money
from core.shipments import Shipment
from models.parts import PricedRate, noon
from models.quote import Quote
from services import offers
from services.modes import Modes
from services.pricing import Pricing, Tariff
from services.rating import Offer, Rating


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
    rating: Rating
    modes: Modes
    pricing: Pricing
    clock: Clock
    lifetime: timedelta

    def quote(
        self, user_id: int, shipment: Shipment, *, label: int = 0, fresh: bool = False
    ) -> Quote:
        """Ask all carrier services at once and keep what they offer.

        `label` is as Quote has it; `fresh` asks even those whose answer is known. Raises NoRates,
        ShopClosed, what `Rating.ask` raises; core.limits.TooBigForEveryCarrier and what
        core.customs.check_customs raises before anybody is asked.
        """
        if self.modes.get_maintenance_mode_cached():
            raise ShopClosed
        carriers_that_take(shipment.parcel)
        check_customs(shipment.customs, shipment.sender, shipment.recipient, shipment.parcel)
        mode, quote_id = self.modes.get_api_mode_cached(), new_id("Q")
        offered = self.rating.ask(shipment, mode, quote_id, fresh=fresh)
        if not offered.offers:
            raise NoRates(complaints=list(offered.complaints))
        now = self.clock.now()
        tariff = self.pricing.tariff(user_id, now)
        quote = Quote(
            id=quote_id,
            user_id=user_id,
            label=label,
            mode=mode,
            sender=shipment.sender,
            recipient=shipment.recipient,
            parcel=shipment.parcel,
            customs=shipment.customs,
            rates=offers.best(_priced(offer, tariff) for offer in offered.offers),
            complaints=list(offered.complaints),
            late=list(offered.late),
            failed=list(offered.failed),
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

    def since(self, quote_id: str, user_id: int) -> Sequence[Quote]:
        """It and those that took its place for the same label; none if that is not known."""
        first: Quote | None = Quote.objects(pk=quote_id, user_id=user_id, label__gt=0).first()
        if first is None:
            return ()
        return tuple(
            Quote.objects(user_id=user_id, created_at__gte=first.created_at, label=first.label)
        )

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


def price_of(quote_id: str, rate_id: str) -> Money | None:
    """What was offered, whether or not it still can be bought; None for what is unknown."""
    quote: Quote | None = Quote.objects.seek(quote_id)
    rate = quote.rate(rate_id) if quote else None
    return rate.price if rate else None


def _priced(offer: Offer, tariff: Tariff) -> PricedRate:
    rate = offer.rate
    return PricedRate(
        rate_id=rate.rate_id if offer.shipment_id else new_id("R"),
        provider=offer.provider,
        shipment_id=offer.shipment_id,
        reference=offer.reference,
        carrier=rate.carrier,
        service=rate.service,
        carrier_account=rate.carrier_account,
        cost=rate.cost,
        price=tariff.price(rate.carrier, rate.service, rate.cost),
        days=rate.days,
        arrives_at=noon(rate.arrives),
    )
