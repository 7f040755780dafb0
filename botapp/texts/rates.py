"""What is said of rates, the price, and the purchase."""

from collections.abc import Sequence

from botapp.language import gettext as _, hour
from botapp.markup import Html, bold, fill, lines, paragraphs, safe, unbroken
from botapp.texts.label import parcel_line
from botapp.texts.names import (
    arrival,
    arrival_day,
    carrier_name,
    days,
    place,
    rate_name,
    seller_name,
    short_name,
    whom,
)
from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from models.order import Order
from models.parts import PricedRate
from models.quote import Quote
from services.offers import FAST, FAST_DAYS, narrowed


def rates(quote: Quote, only: str = "") -> Html:
    """What the buttons can't hold: when they arrive, and which are the cheapest and the fastest."""
    marks, shown = marked(quote.rates), narrowed(quote.rates, only)
    some = len(shown) < len(quote.rates)
    told = [rate for rate in shown if only or not some or rate.rate_id in marks]
    return paragraphs(
        _title(quote.recipient, quote.parcel),
        lines(*(_rate_line(rate, marks.get(rate.rate_id, "")) for rate in told)),
        absent(quote),
        lines(
            fill(_("Showing {shown} of {all} rates."), shown=len(shown), all=len(quote.rates))
            if some
            else "",
            fill(_("These prices hold until {hour}."), hour=hour(quote.expires_at)),
        ),
    )


def _title(recipient: Address, parcel: Parcel) -> Html:
    return fill(
        _("<b>Rates to {place}</b>\n{parcel}"),
        place=place(recipient),
        parcel=parcel_line(parcel),
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
        _title(recipient, parcel),
        fill(_("These prices have expired. Tap Refresh for today's.")),
    )


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


def _rate_line(rate: PricedRate, mark: str) -> Html:
    """As `USPS Ground · by Nov 26 · cheapest`."""
    told = bold(unbroken(mark)) if mark else ""
    facts = (short_name(rate), arrival_day(rate) or _days(rate), told)
    return Html(" · ".join(safe(fact) for fact in facts if fact))


def rate_button(rate: PricedRate) -> str:
    """As `USPS Ground · $9.35 · 3 days`: what one compares."""
    return " · ".join(filter(None, (short_name(rate), str(rate.price), _days(rate))))


def _days(rate: PricedRate) -> str:
    return days(rate.days) if rate.days else ""


def filter_button(name: str, offered: Sequence[PricedRate]) -> str:
    """A carrier and its number of rates, or how many days at most."""
    if name == FAST:
        return _("At most {days}").format(days=days(FAST_DAYS))
    passed = narrowed(offered, name)
    return f"{carrier_name(passed[0].carrier)}: {len(passed)}"


def refresh() -> str:
    return _("Refresh")


def price(rate: PricedRate, recipient: Address, balance: Money) -> Html:
    """What is bought, when it arrives, and what it takes from the balance."""
    return paragraphs(
        lines(
            fill(_("<b>{rate}</b> to {whom}"), rate=rate_name(rate), whom=whom(recipient)),
            safe(arrival(rate)),
        ),
        fill(
            _("<b>{price}</b> from your balance of {balance}."), price=rate.price, balance=balance
        ),
    )


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


def insufficient(
    rate: PricedRate,
    recipient: Address,
    balance: Money,
    missing: Money,
    *,
    ticked: bool = False,
) -> Html:
    """`ticked`: it is to be bought at once."""
    return paragraphs(
        fill(
            _("<b>{rate}</b> to {place} costs {price}. Your balance is {balance}."),
            rate=rate_name(rate),
            place=place(recipient),
            price=rate.price,
            balance=balance,
        ),
        fill(_("<b>{missing}</b> is missing. Your label waits while you top up."), missing=missing),
        fill(
            _(
                "I buy it as soon as the money is here, if it costs no more by then. "
                "Otherwise I ask you first."
            )
        )
        if ticked
        else "",
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


def at_once(*, ticked: bool) -> str:
    label = _("Buy at once when paid")
    return f"☑ {label}" if ticked else f"☐ {label}"


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


def buying_at_once(order: Order) -> Html:
    return paragraphs(
        fill(
            _("As you wished, I am buying {rate} to {place} for {price}."),
            rate=rate_name(order.rate),
            place=place(order.recipient),
            price=order.price,
        ),
        fill(_("The PDF arrives here in a moment; you need not wait.")),
    )


def not_at_once(why: Html) -> Html:
    return paragraphs(
        fill(_("The money is here, but I have <b>not</b> bought your label by myself.")), why
    )
