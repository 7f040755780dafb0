"""The offer that an unfinished label stands at: its quote and its chosen rate."""

from botapp.label_draft import Side
from botapp.states import PRICED, Place
from botapp.turns import Turn
from core.addresses import read_address
from core.limits import carriers_that_take
from core.parcels import Parcel
from core.shipments import Shipment
from models.parts import PricedRate
from models.quote import Quote
from services.quotes import RateGone


def ask_rates(turn: Turn, *, fresh: bool = False) -> Quote:
    """Quote the label as it stands and keep the quote; `fresh` does not take a known answer.

    Raises what `Quotes.quote` raises.
    """
    parcel = checked_parcel(turn)
    sender = read_address(turn.label.address(Side.SENDER).as_dict())
    recipient = read_address(turn.label.address(Side.RECIPIENT).as_dict())
    shipment = Shipment(
        sender=sender, recipient=recipient, parcel=parcel, customs=turn.label.customs
    )
    quote = turn.shop.quotes.quote(turn.user_id, shipment, label=turn.label.born, fresh=fresh)
    turn.label.kept["quote"] = quote.id
    turn.label.kept.pop("rate", None)
    turn.label.kept.pop("only", None)
    return quote


def checked_parcel(turn: Turn) -> Parcel:
    """The label's parcel, which some carrier takes. Raises TooBigForEveryCarrier."""
    parcel = turn.label.parcel
    if parcel is None:
        raise RateGone
    carriers_that_take(parcel)
    return parcel


def quote_of(turn: Turn) -> Quote:
    """Raises models.base.NotFound."""
    return turn.shop.quotes.get(str(turn.label.kept.get("quote", "")))


def left_at(turn: Turn) -> Place:
    """Where the label was left; one whose quote is kept no longer is to be quoted anew."""
    label = turn.label
    if label.at not in PRICED or Quote.objects.has(str(label.kept.get("quote", ""))):
        return label.at
    label.forget_price()
    return label.next_gap()


def offer(turn: Turn) -> tuple[Quote, PricedRate]:
    """The quote and the chosen rate. Raises RateGone, models.base.NotFound."""
    quote = quote_of(turn)
    rate = quote.rate(str(turn.label.kept.get("rate", "")))
    if rate is None:
        raise RateGone(quote_id=quote.id)
    return quote, rate


def choose(turn: Turn, rate: PricedRate) -> Place:
    """Go to the price, or to the top-up that it needs."""
    turn.label.kept["rate"] = rate.rate_id
    turn.data.pop("pays", None)
    return Place.PAY if can_pay(turn) else Place.INSUFFICIENT


def can_pay(turn: Turn) -> bool:
    """Whether the balance is enough for the chosen rate. Raises what `offer` raises."""
    _, rate = offer(turn)
    return rate.price <= turn.shop.ledger.balance(turn.user_id).available
