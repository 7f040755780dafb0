"""What is said of rates, the price, and the purchase."""

from collections.abc import Sequence
from itertools import groupby

from botapp.language import gettext as _, hour
from botapp.markup import Html, bold, fill, lines, paragraphs
from botapp.texts.label import parcel_line
from botapp.texts.names import (
    arrival,
    carrier_name,
    days,
    place,
    rate_name,
    seller_name,
    service_name,
)
from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from core.postage import family
from models.parts import PricedRate
from models.quote import Quote
from services.offers import FAST, FAST_DAYS, narrowed

_ON_A_BUTTON = 32
"""Letters of a service's name: a phone must still show the price after it."""


def rates(quote: Quote, only: str = "") -> Html:
    """Grouped by carrier, the carrier with the cheapest rate first; those that pass a filter."""
    marks, shown = marked(quote.rates), narrowed(quote.rates, only)
    groups = [
        lines(bold(carrier), *(_rate_line(rate, marks) for rate in of_carrier))
        for carrier, of_carrier in by_carrier(shown)
    ]
    return paragraphs(
        fill(
            _("<b>Rates to {place}</b>\n{parcel}"),
            place=place(quote.recipient),
            parcel=parcel_line(quote.parcel),
        ),
        *groups,
        fill(_("Showing {shown} of {all} rates."), shown=len(shown), all=len(quote.rates))
        if len(shown) < len(quote.rates)
        else "",
        absent(quote),
        fill(_("These prices hold until {hour}."), hour=hour(quote.expires_at)),
    )


def absent(quote: Quote) -> Html:
    """Whose rates are missing, as `USPS did not answer in time`; empty when nobody's are."""
    late = (
        fill(_("{name} did not answer in time."), name=seller_name(name)) for name in quote.late
    )
    failed = (
        fill(_("{name} could not give its rates."), name=seller_name(name)) for name in quote.failed
    )
    return lines(*late, *failed)


def rates_expired(recipient: Address, parcel: Parcel) -> Html:
    return paragraphs(
        fill(
            _("<b>Rates to {place}</b>\n{parcel}"),
            place=place(recipient),
            parcel=parcel_line(parcel),
        ),
        fill(_("These prices have expired. Tap Refresh for today's.")),
    )


def by_carrier(offered: Sequence[PricedRate]) -> list[tuple[str, list[PricedRate]]]:
    cheapest: dict[str, Money] = {}
    for rate in offered:
        name = carrier_name(rate.carrier)
        cheapest[name] = min(cheapest.get(name, rate.price), rate.price)
    ordered = sorted(
        offered,
        key=lambda rate: (
            cheapest[carrier_name(rate.carrier)],
            carrier_name(rate.carrier),
            rate.price,
        ),
    )
    groups = groupby(ordered, key=lambda rate: carrier_name(rate.carrier))
    return [(carrier, list(group)) for carrier, group in groups]


def marked(offered: Sequence[PricedRate]) -> dict[str, str]:
    """The cheapest and the fastest rate by id, each with its mark."""
    cheapest = min(offered, key=lambda rate: rate.price)
    timed = [rate for rate in offered if rate.days]
    marks = {cheapest.rate_id: _("cheapest")}
    if timed:
        fastest = min(timed, key=lambda rate: (rate.days or 0, rate.price))
        both = fastest.rate_id == cheapest.rate_id
        marks[fastest.rate_id] = _("cheapest and fastest") if both else _("fastest")
    return marks


def _rate_line(rate: PricedRate, marks: dict[str, str]) -> Html:
    facts = [service_name(rate.service), str(rate.price), arrival(rate)]
    line = fill("{facts}", facts=" · ".join(fact for fact in facts if fact))
    mark = marks.get(rate.rate_id)
    return fill("{line} · <b>{mark}</b>", line=line, mark=mark) if mark else line


def rate_button(rate: PricedRate) -> str:
    return f"{rate_name(rate)[:_ON_A_BUTTON]} · {rate.price}"


def filter_button(name: str, offered: Sequence[PricedRate]) -> str:
    """A carrier by its name, or how many days at most; an empty name takes the filter off."""
    if not name:
        return _("All")
    if name == FAST:
        return _("At most {days}").format(days=days(FAST_DAYS))
    return next(carrier_name(rate.carrier) for rate in offered if family(rate.carrier) == name)


def refresh() -> str:
    return _("Refresh")


def price(rate: PricedRate, recipient: Address, balance: Money) -> Html:
    """As `USPS Priority Mail to New York, NY. 2 days, by Jan 7. $12 from your balance of $25`."""
    takes = fill("{arrival}.", arrival=arrival(rate)) if arrival(rate) else ""
    parts = (
        fill(_("<b>{rate}</b> to {place}."), rate=rate_name(rate), place=place(recipient)),
        takes,
        fill(
            _("<b>{price}</b> from your balance of {balance}."), price=rate.price, balance=balance
        ),
    )
    return Html(" ".join(part for part in parts if part))


def price_expired() -> Html:
    return fill(_("The price of a while ago has expired."))


def price_same(rate: PricedRate) -> Html:
    return fill(_("I asked the carrier again: it is still {price}."), price=rate.price)


def price_changed(before: Money, now: Money) -> Html:
    return fill(_("The price has changed from {before} to {now}."), before=before, now=now)


def rate_is_gone() -> Html:
    return fill(_("That service is not offered any more. Please choose again."))


def pay(amount: Money) -> str:
    return _("Pay {amount}").format(amount=amount)


def insufficient(rate: PricedRate, recipient: Address, balance: Money, missing: Money) -> Html:
    return paragraphs(
        fill(
            _("<b>{rate}</b> to {place} costs {price}. Your balance is {balance}."),
            rate=rate_name(rate),
            place=place(recipient),
            price=rate.price,
            balance=balance,
        ),
        fill(_("<b>{missing}</b> is missing. Your label waits while you top up."), missing=missing),
    )


def enough_now(rate: PricedRate, recipient: Address, balance: Money) -> Html:
    return paragraphs(
        fill(_("Your balance is now <b>{balance}</b>."), balance=balance),
        fill(
            _("{rate} to {place} for {price} is waiting for you."),
            rate=rate_name(rate),
            place=place(recipient),
            price=rate.price,
        ),
    )


def top_up_by(amount: Money) -> str:
    return _("Top up {amount}").format(amount=amount)


def another_amount() -> str:
    return _("Another amount")


def buy_now() -> str:
    return _("Buy now")


def buying(rate: PricedRate, recipient: Address, price: Money) -> Html:
    return paragraphs(
        fill(_("<b>Buying your label…</b>")),
        fill(
            _("{rate} to {place}. {price} is held until the carrier answers."),
            rate=rate_name(rate),
            place=place(recipient),
            price=price,
        ),
        fill(_("The PDF arrives here in a moment; you need not wait.")),
    )


def bought(rate: PricedRate, recipient: Address, price: Money) -> Html:
    return fill(
        _("<b>Bought:</b> {rate} to {place} for {price}."),
        rate=rate_name(rate),
        place=place(recipient),
        price=price,
    )
