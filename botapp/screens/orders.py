"""A customer's orders, and one of them with its tracking and its label."""

from typing import ClassVar

from botapp import checks
from botapp.label_draft import Side
from botapp.screens.base import WORDS, Leads, Screen, way_out
from botapp.screens.finding import find
from botapp.screens.idle import Idle
from botapp.screens.parcels import track
from botapp.screens.rates import may_be_printed, placed
from botapp.screens.unfinished import begin_anew
from botapp.states import Place
from botapp.texts import common, money, orders as texts, overview, parcels, saved as saved_texts
from botapp.turns import Turn
from botapp.views import Action, Choice, Row, View
from models.order import Order
from models.outbox import NoteKind
from models.void import Void

PER_PAGE = 5


class Orders(Screen):
    """A tracking number that is typed here is looked for."""

    place = Place.ORDERS
    leads: ClassVar[Leads] = {
        WORDS: {Place.TRACKING, Place.ORDER},
        Action.OPEN: {Place.ORDER},
        Action.OLDER: {Place.ORDERS},
        Action.NEWER: {Place.ORDERS},
    }
    ways = frozenset({Action.NEW})

    def show(self, turn: Turn) -> View:
        page = int(turn.data.get("page", 0))
        found = turn.shop.orders.of_user(turn.user_id, skip=page * PER_PAGE, most=PER_PAGE + 1)
        shown = dict(enumerate(found[:PER_PAGE], page * PER_PAGE + 1))
        numbers = tuple(
            Choice(str(number), Action.OPEN, order.id) for number, order in shown.items()
        )
        turning = (
            *((Choice(money.newer(), Action.NEWER),) if page else ()),
            *((Choice(money.older(), Action.OLDER),) if len(found) > PER_PAGE else ()),
        )
        trails = turn.shop.tracking.of_many([order.id for order in shown.values()])
        return View(
            overview.orders_page(shown, trails) if found else texts.none_yet(),
            (
                *((numbers,) if numbers else ()),
                *((turning,) if turning else ()),
                (Choice(common.new_label(), Action.NEW),),
                way_out(),
            ),
        )

    def hear(self, turn: Turn, text: str) -> Place:
        return find(turn, text)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        page = int(turn.data.get("page", 0))
        if action == Action.OPEN:
            turn.data["order"] = argument
            placed(turn)
            return Place.ORDER
        if action in {Action.OLDER, Action.NEWER}:
            turn.data["page"] = max(0, page + (1 if action == Action.OLDER else -1))
        return self.place


class OrderPage(Idle):
    place = Place.ORDER
    leads: ClassVar[Leads] = {
        **Idle.leads,
        Action.LABEL: {Place.ORDER},
        Action.FORMATS: Place.FORMATS,
        Action.TRACK: {Place.TRACKING},
        Action.VOID: Place.VOID,
        Action.SEND_AGAIN: {Place.CONFIRM},
        Action.SAVE: Place.SAVE,
        Action.BACK: Place.ORDERS,
    }

    def show(self, turn: Turn) -> View:
        order = placed(turn)
        trail, void = turn.shop.tracking.of(order.id), turn.shop.voids.of(order.id)
        more = (*_tracking(order), *_giving_back(turn, order, void))
        rows = (*_label(order), *((more,) if more else ()), *_resending(order), way_out())
        return View(overview.order_page(order, trail, void), rows)

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action == Action.TRACK and placed(turn).tracking_code:
            return track(turn)
        if action == Action.SEND_AGAIN:
            return _send_again(turn)
        if action == Action.SAVE:
            placed(turn).whole()
        if action != Action.LABEL:
            return super().press(turn, action, argument)
        order = placed(turn)
        if may_be_printed(order):
            _label_again(turn, order)
            turn.remark(texts.label_is_coming())
        return self.place


def _label(order: Order) -> tuple[Row, ...]:
    again = Choice(texts.label_again(), Action.LABEL)
    return ((again, Choice(texts.formats(), Action.FORMATS)),) if may_be_printed(order) else ()


def _tracking(order: Order) -> Row:
    worth = order.tracking_code and not order.is_erased
    return (Choice(parcels.track(), Action.TRACK),) if worth else ()


def _resending(order: Order) -> tuple[Row, ...]:
    again = Choice(texts.send_again(), Action.SEND_AGAIN)
    return () if order.is_erased else ((again, Choice(saved_texts.save_button(), Action.SAVE)),)


def _giving_back(turn: Turn, order: Order, void: Void | None) -> Row:
    if void is not None:
        return (Choice(parcels.refund_status(), Action.VOID),)
    may_void = turn.shop.voids.obstacle(order) is None
    return (Choice(parcels.refund(), Action.VOID),) if may_void else ()


def _label_again(turn: Turn, order: Order) -> None:
    """The customs papers are left to the next sweep, so that they come after the label."""
    turn.have_sent(NoteKind.LABEL_READY, order.id, order_id=order.id, again=True)
    form = NoteKind.CUSTOMS_FORM
    for number in range(len(order.form_urls)):
        note_id = f"{form}:{order.id}:{number}:{turn.update_id}"
        turn.shop.outbox.put(note_id, turn.user_id, form, order_id=order.id, number=number)


def _send_again(turn: Turn) -> Place:
    """The same shipment as a new label, to be quoted anew. An unfinished one is not overwritten."""
    order = placed(turn).whole()
    begin_anew(turn).copy(order.sender, order.recipient, order.parcel, order.customs)
    checks.settle(turn.label, *Side)
    return turn.label.next_gap()
