"""The ways that lead everywhere: commands, the menu's buttons, and the buttons under notes."""

from collections.abc import Callable, Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, ParamSpec

from botapp import edits, unfinished
from botapp.heard import Edit, File
from botapp.screens.base import Screen
from botapp.screens.finding import find
from botapp.screens.offers import can_pay, left_at
from botapp.screens.picking import listing
from botapp.screens.privacy import take_out
from botapp.screens.rates import placed
from botapp.screens.saving import save_all
from botapp.screens.unfinished import begin_anew
from botapp.states import LABEL_PLACES, TOLD_AT, Place
from botapp.texts import common
from botapp.texts.unfinished import was_cancelled
from botapp.turns import Turn
from botapp.views import Action
from core.tables import BadTable
from models.order import Order, OrderState
from services.batches import OPEN
from services.orders import order_id_of
from services.saved import Kind

Asked = ParamSpec("Asked")


@dataclass(frozen=True, slots=True)
class Way(Generic[Asked]):
    """How to go, and where it may lead; nowhere else means that the customer stays."""

    go: Callable[Asked, Place]
    to: AbstractSet[Place]


def straight_to(place: Place) -> Way[[Turn]]:
    return Way(lambda _: place, {place})


def start(turn: Turn) -> Place:
    turn.remark(common.greeting())
    return Place.MENU


def help_page(turn: Turn) -> Place:
    turn.data.pop("question", None)
    return Place.HELP


def export(turn: Turn) -> Place:
    """Wherever the customer stands, there they stay."""
    take_out(turn)
    return turn.here


def language(turn: Turn) -> Place:
    """Its screen leads back to where it was asked for."""
    if turn.here is not Place.LANGUAGE:
        turn.data["spoken_at"] = turn.here.value
    return Place.LANGUAGE


def new(turn: Turn) -> Place:
    """At once: a label that was begun is kept, and said to be."""
    begin_anew(turn)
    return Place.SENDER


def resume(turn: Turn) -> Place:
    """Where the unfinished label was left; at its price again if the money has come meanwhile."""
    if not turn.has_label:
        if len(unfinished.others(turn)) != 1:
            return Place.UNFINISHED
        unfinished.take_up(turn, 0)
    at = left_at(turn)
    return Place.PAY if at is Place.INSUFFICIENT and can_pay(turn) else at


def buy_now(turn: Turn, quote_id: str) -> Place:
    """The label that waited for its money, at whatever price by now; its order, once bought."""
    quotes = turn.shop.quotes.since(quote_id, turn.user_id)
    ids = [order_id_of(each) for each in {quote_id, *(quote.id for quote in quotes)}]
    order: Order | None = Order.objects(pk__in=ids, status__ne=OrderState.REJECTED).first()
    if order is not None:
        return show_order(turn, order.id)
    if quotes and not unfinished.take_up_born(turn, quotes[0].label):
        turn.remark(was_cancelled(kept=unfinished.can_bring_back(turn, quotes[0].label)))
        return turn.here
    return resume(turn)


def templates(turn: Turn) -> Place:
    return listing(turn, Kind.TEMPLATE)


def top_up(turn: Turn) -> Place:
    turn.data.pop("payment", None)
    turn.data.pop("pays", None)
    return Place.TOPUP


def balance(turn: Turn) -> Place:
    turn.data["before"] = []
    return Place.BALANCE


def orders(turn: Turn) -> Place:
    turn.data["page"] = 0
    return Place.ORDERS


def show_order(turn: Turn, order_id: str) -> Place:
    """From a note about it. Its page, if it is theirs, knows what may be done."""
    turn.data["order"] = order_id
    placed(turn)
    return Place.ORDER


def keep_order(turn: Turn, order_id: str) -> Place:
    """From the note with its label. Raises TooManySaved, Erased."""
    turn.data["order"] = order_id
    save_all(turn, placed(turn).whole())
    return Place.SAVE


def track(turn: Turn) -> Place:
    """`/track 9400…` at once; without a number, it is asked for."""
    return find(turn, turn.rest) if turn.rest else Place.FIND


def file(turn: Turn, sent: File) -> Place:
    """Whatever is being done: a table is a batch. What is half-done stays as it is."""
    shop = turn.shop
    if sent.size > shop.batches.limits.size:
        raise BadTable(reason="too_large", limit=shop.batches.limits.size)
    batch = shop.batches.receive(turn.user_id, sent.name, shop.chat.download(sent.file_id))
    return show_batch(turn, batch.id)


def batch(turn: Turn) -> Place:
    """The one that is being worked on; else how to begin one."""
    latest = turn.shop.batches.latest(turn.user_id)
    turn.data["batch"] = latest.id if latest and latest.status in OPEN else ""
    return Place.BATCH


def show_batch(turn: Turn, batch_id: str) -> Place:
    turn.data["batch"] = turn.shop.batches.get(batch_id, turn.user_id).id
    return Place.BATCH


def cancel(turn: Turn) -> Place:
    """Drop what is half-done. Orders and invoices are not ours to drop."""
    unfinished.drop(turn)
    turn.remark(common.cancelled())
    return Place.MENU


def cancel_here(turn: Turn) -> Place:
    """The button: it drops the label only where the label is being made."""
    return cancel(turn) if turn.here in LABEL_PLACES else Place.MENU


def undo(turn: Turn) -> Place:
    """What was told last of the label; elsewhere, that it was cancelled."""
    if turn.here in TOLD_AT:
        return unfinished.undo(turn) if unfinished.can_undo(turn) else turn.here
    unfinished.bring_back(turn)
    return resume(turn) if turn.has_label else turn.here


NEW = Way(new, {Place.SENDER})
TOP_UP = Way(top_up, {Place.TOPUP})
BALANCE = Way(balance, {Place.BALANCE})
ORDERS = Way(orders, {Place.ORDERS})
TEMPLATES = Way(templates, {Place.SAVED_LIST})
LANGUAGE = Way(language, {Place.LANGUAGE})
SETTINGS = straight_to(Place.SETTINGS)
HELP = Way(help_page, {Place.HELP})

COMMANDS: Mapping[str, Way[[Turn]]] = {
    "start": Way(start, {Place.MENU}),
    "new": NEW,
    "orders": ORDERS,
    "balance": BALANCE,
    "topup": TOP_UP,
    "track": Way(track, {Place.FIND, Place.TRACKING, Place.ORDER}),
    "templates": TEMPLATES,
    "language": LANGUAGE,
    "settings": SETTINGS,
    "export": Way(export, frozenset()),
    "forget": straight_to(Place.FORGET),
    "help": HELP,
    "cancel": Way(cancel, {Place.MENU}),
}

EVERYWHERE: Mapping[str, Way[[Turn]]] = {
    Action.MENU: straight_to(Place.MENU),
    Action.NEW: NEW,
    Action.RESUME: Way(resume, LABEL_PLACES | {Place.UNFINISHED}),
    Action.UNFINISHED: straight_to(Place.UNFINISHED),
    Action.TOPUP: TOP_UP,
    Action.BALANCE: BALANCE,
    Action.ORDERS: ORDERS,
    Action.HELP: HELP,
    Action.SETTINGS: SETTINGS,
    Action.LANGUAGE: LANGUAGE,
    Action.SAVED: straight_to(Place.SAVED),
    Action.TEMPLATES: TEMPLATES,
    Action.BATCH: Way(batch, {Place.BATCH}),
}

ON_A_SCREEN: Mapping[str, Way[[Turn]]] = {
    Action.CANCEL: Way(cancel_here, {Place.MENU}),
    Action.UNDO: Way(undo, LABEL_PLACES),
}
"""Buttons of every screen that do nothing under a note."""
TO_SUBJECTS: Mapping[str, Way[[Turn, str]]] = {
    Action.BUY_NOW: Way(buy_now, LABEL_PLACES | {Place.ORDER, Place.UNFINISHED}),
    Action.SHOW_ORDER: Way(show_order, {Place.ORDER}),
    Action.KEEP_ORDER: Way(keep_order, {Place.SAVE}),
    Action.SHOW_BATCH: Way(show_batch, {Place.BATCH}),
}
"""Buttons that name what they lead to."""
LEADS_ONCE = frozenset({Action.RESUME, Action.BUY_NOW})
"""Whoever has followed one of them has no more use for the note that it stands under."""
FILE: Way[[Turn, File]] = Way(file, {Place.BATCH})
EDIT: Way[[Turn, Edit, Mapping[Place, Screen]]] = Way(edits.take_over, TOLD_AT)
"""A word that is heard again leads besides where words of its screen do."""
