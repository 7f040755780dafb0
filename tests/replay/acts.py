"""What a conversation is recorded as: what the customer does, and what happens in the world.

A press is recorded as a button of the screen or of a note; which data it carries is what that
button says in each run, as a customer presses what they see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.tables import TableKind
from core.tracking import Scan, Tracked, TrackingState
from models.order import Order
from models.payment import Payment, PaymentState
from models.void import Void
from providers.carriers.base import CarrierRefused, VoidState
from providers.payments.base import InvoiceState
from tests.batches import bad, good, table
from tests.botapp.talk import Talk
from tests.replay.seen import masked, notes_of, screen_of
from tests.shop import BUYER, SENDER

ROUNDS, ROUND_SECONDS = 3, 60
FIRST_MESSAGE = 10_000
"""The customer's; the bot's count from 100."""
Content = dict[str, Any]
ODD_FILE = b"Who,Where,ZIP,Weight,Size\nAnn Lee,1 Market St,94105,2 lb,10x8x4\n"
SHORT_FILE = b"Name,Address\nAnn Lee,1 Market St San Francisco CA 94105\n"
FILES: Mapping[str, bytes] = {
    "orders.csv": table([good(1), bad(2), good(3)]),
    "more.xlsx": table([good(4)], TableKind.XLSX),
    "odd.csv": ODD_FILE,
    "short.csv": SHORT_FILE,
    "photo.pdf": b"%PDF-1.4",
}


@dataclass(frozen=True)
class Say:
    """Any message: a text, a file, a sticker."""

    message: Mapping[str, Any]


@dataclass(frozen=True)
class Edit:
    """The message of an earlier act says something else now."""

    act: int
    text: str


@dataclass(frozen=True)
class Press:
    """The button of this number: of the screen, or of the newest notes."""

    number: int
    label: str
    under_note: bool = False


@dataclass(frozen=True)
class PressAgain:
    """The very button that was pressed in an earlier act."""

    act: int


@dataclass(frozen=True)
class Happen:
    """Something that is not the customer's doing."""

    what: str


Act = Say | Edit | Press | PressAgain | Happen


def content_of(act: Act, talk: Talk, earlier: Mapping[int, Content]) -> Content:
    """What Telegram would send for it now; `earlier` is what the acts before were in this run."""
    person = {"id": BUYER, "is_bot": False, "first_name": "Maria", "language_code": "en"}
    chat = {"id": BUYER, "type": "private", "first_name": "Maria"}
    match act:
        case Say(message):
            message_id = FIRST_MESSAGE + len(earlier)
            about = {"message_id": message_id, "from": person, "chat": chat, "date": 0}
            return {"message": {**about, **message}}
        case Edit(number, text):
            said = earlier[number]["message"]
            return {"edited_message": {**said, "text": text, "edit_date": 1}}
        case PressAgain(number):
            return earlier[number]
        case Press(number, label, under_note):
            buttons = notes_of(talk) if under_note else screen_of(talk).buttons
            message_id, button = buttons[number]
            assert masked(button.label) == masked(label)
            about = {"message_id": message_id, "chat": chat, "date": 0}
            query = {"id": "q", "from": person, "message": about, "data": button.data}
            return {"callback_query": query}
    raise AssertionError(act)


def befall(what: str, talk: Talk) -> None:
    WORLD[what](talk)


def work(talk: Talk) -> None:
    """Workers do what is asked for, and beat comes by, for three minutes."""
    talk.shop.work()
    for _ in range(ROUNDS):
        talk.shop.clock.turn(seconds=ROUND_SECONDS)
        talk.shop.sweep()


def _hours(talk: Talk) -> None:
    talk.shop.clock.turn(hours=2)
    work(talk)


def _pay(talk: Talk, state: InvoiceState = InvoiceState.PAID, part: int = 1) -> None:
    """The newest invoice, whole or a part of it."""
    payment = Payment.objects(status=PaymentState.PENDING).order_by("-$natural").first()
    if payment is not None:
        provider = talk.shop.providers[payment.provider]
        received = type(payment.amount)(payment.amount.minor // part)
        provider.say(payment.provider_id, state, received=received)
    work(talk)


def _pay_half(talk: Talk) -> None:
    _pay(talk, InvoiceState.UNDERPAID, 2)


def _refuse(talk: Talk) -> None:
    """The carrier will not sell the next label."""
    talk.shop.carrier.instead[:] = [CarrierRefused(told="no such street")]


def _take_back(talk: Talk) -> None:
    for void in Void.objects():
        talk.shop.carrier.voids[void.label_id] = VoidState.REFUNDED
    _hours(talk)


def _scan(talk: Talk) -> None:
    """The parcels of all bought labels are on their way."""
    for order in Order.objects(tracking_code__nin=["", None]):
        code, now = order.tracking_code, talk.shop.clock.now()
        scan = Scan(TrackingState.IN_TRANSIT, now, "On its way", "Reno, NV")
        talk.shop.carrier.parcels.setdefault(
            code, Tracked(code, order.rate.carrier, TrackingState.IN_TRANSIT, None, (scan,))
        )
    _hours(talk)


def _second_provider(talk: Talk) -> None:
    talk.shop.second_provider().clock = talk.shop.clock


def _correct(talk: Talk) -> None:
    talk.shop.correct(SENDER, street="388 TOWNSEND AVE")


WORLD: Mapping[str, Callable[[Talk], object]] = {
    "work": work,
    "hours": _hours,
    "pay": _pay,
    "pay_half": _pay_half,
    "refuse": _refuse,
    "take_back": _take_back,
    "scan": _scan,
    "credit": lambda talk: talk.shop.credit(5_000),
    "second_provider": _second_provider,
    "correct": _correct,
}
