"""Names of carriers, services, fields and measures as people say them."""

import re
from datetime import datetime
from decimal import Decimal

from botapp.language import day, gettext as _, ngettext
from botapp.markup import Html, fill, lines, safe
from core.addresses import NOBODY, Address
from core.limits import Fix
from core.units import OUNCES_PER_POUND
from models.parts import PricedRate

_SERVICES = {
    "groundadvantage": "Ground Advantage",
    "priority": "Priority Mail",
    "express": "Priority Mail Express",
    "first": "First-Class Mail",
    "parcelselect": "Parcel Select",
    "mediamail": "Media Mail",
    "librarymail": "Library Mail",
    "3dayselect": "3 Day Select",
    "2nddayair": "2nd Day Air",
    "2nddayairam": "2nd Day Air A.M.",
    "nextdayair": "Next Day Air",
    "nextdayairsaver": "Next Day Air Saver",
    "nextdayairearlyam": "Next Day Air Early",
    "upsstandard": "Standard",
    "fedexground": "Ground",
    "groundhomedelivery": "Home Delivery",
    "fedexexpresssaver": "Express Saver",
    "2day": "2Day",
    "fedex2day": "2Day",
    "2dayam": "2Day A.M.",
    "fedex2dayam": "2Day A.M.",
    "standardovernight": "Standard Overnight",
    "priorityovernight": "Priority Overnight",
    "firstovernight": "First Overnight",
    "smartpost": "Ground Economy",
}
"""Their own product names, the same in every language."""
_SHORT = {
    "Ground Advantage": "Ground",
    "Priority Mail": "Priority",
    "Priority Mail Express": "Express",
    "First-Class Mail": "First-Class",
    "2nd Day Air A.M.": "2nd Day A.M.",
    "Next Day Air Saver": "Next Day Saver",
    "Next Day Air Early": "Next Day Early",
    "Standard Overnight": "Overnight",
}
_ON_A_BUTTON = 24
"""Letters of a rate's name: a phone must still show the price and the days after it."""
_CARRIERS = ("USPS", "UPS", "FedEx", "DHL")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def carrier_name(carrier: str) -> str:
    """`FedEx` for an account's own name such as `FedExDefault`."""
    known = (name for name in _CARRIERS if carrier.lower().startswith(name.lower()))
    return next(known, carrier)


def service_name(service: str) -> str:
    """`Priority Mail` for `Priority`; an unknown name with blanks between its words."""
    sound = re.sub(r"[^a-z0-9]", "", service.lower())
    return _SERVICES.get(sound) or " ".join(_WORDS.findall(service)) or service


def rate_name(rate: PricedRate) -> str:
    return f"{carrier_name(rate.carrier)} {service_name(rate.service)}"


def short_name(rate: PricedRate) -> str:
    """As `USPS Ground`, for a button."""
    service = service_name(rate.service)
    return f"{carrier_name(rate.carrier)} {_SHORT.get(service, service)}"[:_ON_A_BUTTON].rstrip()


def seller_name(provider: str) -> str:
    """A carrier service under its own brand, the same in every language."""
    brands = {"easypost": "EasyPost", "shipengine": "ShipEngine", "shipstation": "ShipStation"}
    return brands.get(provider, provider)


def provider_name(provider: str) -> str:
    """A payment provider as customers know it; one without a name of ours goes by its own."""
    return {
        "oxapay": _("Any coin, on OxaPay's page"),
        "cryptopay": _("Crypto Pay, here in Telegram"),
    }.get(provider, provider.title())


def days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(count=count)


def arrival(rate: PricedRate) -> str:
    """`2 days, by Jan 7`; empty when the carrier does not say."""
    told = (days(rate.days) if rate.days else "", arrival_day(rate))
    return ", ".join(fact for fact in told if fact)


def arrival_day(rate: PricedRate) -> str:
    """`by Jan 7`, or empty likewise."""
    by = rate.arrives_at if isinstance(rate.arrives_at, datetime) else None
    return _("by {day}").format(day=day(by)) if by else ""


def field_name(field: str) -> str:
    return {
        "name": _("name"),
        "company": _("company"),
        "street": _("street"),
        "street2": _("apt or suite"),
        "city": _("city"),
        "state": _("state"),
        "zip": _("ZIP"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "country": _("country"),
    }[field]


def field_button(field: str) -> str:
    name = field_name(field)
    return name[:1].upper() + name[1:]


def weight(ounces: Decimal) -> str:
    """As `2 lb 3 oz`."""
    pounds, rest = divmod(ounces, OUNCES_PER_POUND)
    parts = [_("{number} lb").format(number=plain(pounds))] if pounds else []
    if rest or not parts:
        parts.append(_("{number} oz").format(number=plain(rest)))
    return " ".join(parts)


def sizes(inches: tuple[Decimal, Decimal, Decimal]) -> str:
    """As `10x8x4 in`."""
    return _("{sizes} in").format(sizes="x".join(plain(side) for side in inches))


def less(fix: Fix) -> str:
    """As `1 lb lighter and 2 in shorter or 1 in slimmer`."""
    shorter = _("{number} in shorter").format(number=plain(fix.shorter_in))
    slimmer = _("{number} in slimmer").format(number=plain(fix.slimmer_in))
    sides = [told for told, by in ((shorter, fix.shorter_in), (slimmer, fix.slimmer_in)) if by]
    lighter = _("{number} lb lighter").format(number=plain(fix.lighter_lb))
    parts = [*([lighter] if fix.lighter_lb else []), *([_(" or ").join(sides)] if sides else [])]
    return _(" and ").join(parts)


def taker(fix: Fix) -> str:
    """Who would take the parcel then."""
    if fix.carrier != "USPS":
        return _("UPS or FedEx")
    return f"USPS {service_name(fix.service)}" if fix.service else _("every USPS service")


def plain(number: Decimal) -> str:
    """`10` for `10.0`, `2.5` for `2.50`, never with an exponent."""
    return f"{number:f}".rstrip("0").rstrip(".") if number % 1 else f"{number:.0f}"


def place(address: Address) -> str:
    """As `New York, NY`, or what is known of it."""
    return erased() if address == NOBODY else ", ".join(filter(None, (address.city, address.state)))


def erased() -> str:
    """Where an address was."""
    return _("(address erased)")


def whom(address: Address) -> Html:
    """As `Jane Doe, New York, NY`: whoever sends many parcels knows them by their people."""
    known = [part for part in (address.name, place(address)) if part]
    return fill("{whom}", whom=", ".join(known))


def address_lines(address: Address) -> Html:
    """As on an envelope; fields that are not known yet are left out."""
    city = ", ".join(part for part in (address.city, address.state) if part)
    return lines(
        safe(address.name),
        safe(address.company),
        safe(address.street),
        safe(address.street2),
        safe(f"{city} {address.zip}".strip()),
        fill(_("Phone {phone}"), phone=address.phone) if address.phone else "",
        safe(address.email),
    )
