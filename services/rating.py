"""Rates of every carrier service that the shop has a key for, asked side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import structlog

from core.addresses import Address
from core.errors import PlatformError, Refusal, Unavailable
from core.ids import new_id
from core.limits import broken_limits
from core.modes import ApiMode
from core.phones import generate_random_phone
from core.postage import product
from core.shipments import Shipment
from providers.carriers.base import Carrier, CarrierDown, Quoted, Rate
from services.asking import Heard, Panel
from services.ports import Carriers
from services.rate_cache import RateCache, key_of

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Offer:
    """A rate and whom to buy it from. Nothing can be bought while `shipment_id` is empty.

    Then the rate is known from an earlier answer, and `rate_id` and `reference` are empty too.
    """

    provider: str
    shipment_id: str
    reference: str
    rate: Rate


Answer = tuple[tuple[Offer, ...], Quoted]


class Wanted(Protocol):
    """A service that was offered before."""

    @property
    def carrier(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def carrier_account(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Offered:
    """All offers, and who could not make any: `late` and `failed` are providers' names."""

    offers: tuple[Offer, ...]
    complaints: tuple[str, ...]
    late: tuple[str, ...]
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """`told` is the shipment as carriers see it, perhaps with a phone made up for this time."""

    shipment: Shipment
    told: Shipment
    mode: ApiMode
    quote_id: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    carriers: Carriers
    cache: RateCache
    panel: Panel
    shop_phone: str = ""
    random_phone: bool = False

    def ask(
        self, shipment: Shipment, mode: ApiMode, quote_id: str, *, fresh: bool = False
    ) -> Offered:
        """What all of them offer; `fresh` asks also those whose answer is known from before.

        Raises CarrierRefused when one says what is wrong and nobody offers anything, and
        CarrierDown when nobody answers.
        """
        asked = _Asked(shipment, self._reachable(shipment), mode, quote_id, fresh)
        questions = {
            name: partial(self._ask, self.carriers.get(name, mode), asked)
            for name in self.carriers.names(mode)
        }
        heard = self.panel.ask(questions)
        if not heard.answers:
            raise _nobody(heard)
        empty = [name for name, (offers, told) in heard.answers.items() if _only(told, offers)]
        for name in empty:
            told = heard.answers[name][1].complaints
            log.warning("provider_offers_nothing", provider=name, told=told)
        return Offered(
            offers=tuple(offer for offers, _ in heard.answers.values() for offer in offers),
            complaints=tuple(_complaints(heard)),
            late=heard.late,
            failed=(*heard.failed, *empty),
        )

    def again(
        self, provider: str, mode: ApiMode, shipment: Shipment, wanted: Wanted, quote_id: str
    ) -> Offer | None:
        """The same service at that one provider, with a shipment that nobody else has.

        None when it is not offered any more. Raises CarrierRefused, CarrierDown.
        """
        carrier, told = self.carriers.get(provider, mode), self._reachable(shipment)
        same = [
            offer
            for offer in _fresh(carrier, told, quote_id)[0]
            if product(offer.rate.carrier, offer.rate.service)
            == product(wanted.carrier, wanted.service)
        ]
        ours = wanted.carrier_account
        return min(
            same,
            key=lambda one: (one.rate.carrier_account != ours, one.rate.cost),
            default=None,
        )

    def _ask(self, carrier: Carrier, asked: _Asked) -> Answer:
        """The answer that is known, or a new one."""
        key = key_of(
            asked.shipment, provider=carrier.name, account=carrier.account, mode=asked.mode
        )
        known = None if asked.fresh else self.cache.get(key)
        if known is not None:
            return _offers(carrier.name, known, "", asked.shipment), known
        offers, quoted = _fresh(carrier, asked.told, asked.quote_id)
        self.cache.put(key, quoted)
        return offers, quoted

    def _reachable(self, shipment: Shipment) -> Shipment:
        sender, recipient = self._with_phone(shipment.sender), self._with_phone(shipment.recipient)
        return replace(shipment, sender=sender, recipient=recipient)

    def _with_phone(self, address: Address) -> Address:
        """Carriers want a phone: the shop's, or one that nobody has, when there is none."""
        phone = address.phone or self.shop_phone
        if not phone and self.random_phone:
            phone = generate_random_phone()
        return replace(address, phone=phone)


def _fresh(carrier: Carrier, shipment: Shipment, quote_id: str) -> Answer:
    """A provider takes a reference once only, so that each time of asking has its own."""
    reference = new_id(quote_id, 6)
    quoted = carrier.quote(shipment, reference=reference)
    return _offers(carrier.name, quoted, reference, shipment), quoted


def _offers(provider: str, quoted: Quoted, reference: str, shipment: Shipment) -> tuple[Offer, ...]:
    """Without what the carrier would not take after all, and what costs nothing by mistake."""
    return tuple(
        Offer(provider, quoted.shipment_id, reference, rate)
        for rate in quoted.rates
        if rate.cost and not broken_limits(shipment.parcel, rate.carrier, rate.service)
    )


def _only(quoted: Quoted, offers: Sequence[Offer]) -> bool:
    """An answer of complaints alone, such as ShipEngine's when it refuses all its accounts."""
    return bool(quoted.complaints) and not offers


def _complaints(heard: Heard[Answer]) -> Iterator[str]:
    for _, quoted in heard.answers.values():
        yield from quoted.complaints
    for name, trouble in heard.failed.items():
        yield f"{name}: {_words(trouble)}"
    for name in heard.late:
        yield f"{name}: no answer in time"


def _words(trouble: BaseException) -> str:
    if isinstance(trouble, PlatformError):
        return str(trouble.facts.get("told") or trouble.code)
    return type(trouble).__name__


def _nobody(heard: Heard[Answer]) -> BaseException:
    """What is told when there is no answer at all: first what the customer can put right."""
    troubles = heard.failed.values()
    refused = next((trouble for trouble in troubles if isinstance(trouble, Refusal)), None)
    if refused is not None:
        return refused
    broken = next((one for one in troubles if not isinstance(one, Unavailable)), None)
    if broken is not None and not heard.late:
        return broken
    return CarrierDown(provider=", ".join([*heard.failed, *heard.late]))
