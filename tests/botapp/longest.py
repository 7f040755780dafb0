"""The longest legal value of everything that texts are told, by its type or its name."""

import inspect
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from itertools import product
from types import ModuleType, UnionType
from typing import Any, get_args, get_type_hints

from botapp.batch_words import LONGEST_SHOWN, MOST_SHOWN
from botapp.label_draft import WHERE, Side
from botapp.markup import Html
from botapp.screens.balance import PER_PAGE
from botapp.screens.orders import PER_PAGE as ORDERS_A_PAGE
from botapp.texts.help import answers
from core.addresses import Address
from core.customs import MOST_ITEMS, ContentsType, Customs, CustomsItem
from core.limits import Fix
from core.money import Money
from core.parcels import Parcel
from core.quiet import QuietHours
from core.tables.columns import Column
from core.tracking import Scan, TrackingState
from models.batch import Batch, RowState
from models.order import Order
from models.parts import PricedRate
from models.payment import Payment
from models.quote import Quote
from models.saved import Kept, SavedAddress, SavedParcel, Template
from models.tracking import Trail
from models.user import User
from models.void import Void
from services.addresses import Opinion, Standing
from services.batches import Sums
from services.offers import FAST
from tests.factories import OrderFactory, PaymentFactory

ENDLESS = "W&W " * 800
"""What others write and nobody has measured."""
TYPED = "W&" * 50
"""What a customer may have put into the longest of our fields."""
SUM = Money(-999_999_999)
SIDE = Decimal("108.5")
DAY = datetime(2026, 9, 30, 23, 59, tzinfo=UTC)
ADDRESS = Address(
    name="W&" * 25,
    company="W&" * 25,
    street="W&" * 50,
    street2="W&" * 50,
    city="W&" * 25,
    state="AA",
    zip="94107-1234",
    phone="+155512345678901",
    email="w" * 64 + "@" + "w" * 180 + ".example",
)
PARCEL = Parcel(SIDE, SIDE, SIDE, Decimal("2399.9"))
ITEM = CustomsItem("W&" * 50, 999, Money(250_000), Decimal("2399.9"), "CN", "6109101234")
CUSTOMS = Customs(ContentsType.RETURNED_GOODS, (ITEM,) * MOST_ITEMS, ADDRESS.name)
NAME = "W&" * 20
RATES = tuple(
    PricedRate(
        rate_id=f"rate-{number}",
        provider="shipstation",
        carrier=("USPS", "Passport", "OnTrac")[number % 3],
        service=f"FirstClassPackageInternationalService{number}",
        cost=-SUM,
        price=-SUM,
        days=14,
        arrives_at=DAY,
    )
    for number in range(15)
)
SCANS = tuple(Scan(TrackingState.FAILURE, DAY, ENDLESS, ENDLESS) for _ in range(50))
QUOTE = Quote(
    sender=ADDRESS,
    recipient=ADDRESS,
    parcel=PARCEL,
    rates=RATES,
    late=["easypost", "shipengine"],
    failed=["shipstation"],
    expires_at=DAY,
)
ZONE = "America/Puerto_Rico"
FACTS = {
    "field": "street2",
    "reason": "",
    "zip": ADDRESS.zip,
    "state": ADDRESS.state,
    "limit": SIDE,
    "limit_lb": SIDE,
    "limit_in": SIDE,
    "actual": SIDE,
    "measure": "length_plus_girth_in",
    "amounts": [-SUM] * 3,
    "least": -SUM,
    "most": -SUM,
    "missing": -SUM,
    "complaints": [ENDLESS] * 9,
    "told": ENDLESS,
    "contents_oz": PARCEL.weight_oz,
    "parcel_oz": PARCEL.weight_oz,
    "kind": "template",
    "name": NAME,
    "fix": Fix("USPS", "GroundAdvantage", SIDE, SIDE, SIDE),
    "alert": "carrier_orphan",
    "subject": "L-000000000000",
    "words": ENDLESS,
    "columns": list(Column),
    "service": ENDLESS,
    "offered": [ENDLESS] * 15,
    "now": -SUM,
    "before": -SUM,
    "cell": "ZZZ500",
    "row": 999,
}
REASONS = {
    "bad_field": ("too_long", "strange_characters", "unknown_state", "zip_not_in_state"),
    "bad_item": ("description", "not_latin", "each", "tariff", "unreadable"),
    "bad_table": ("too_large", "broken_quotes", "formula", "same_heading", "ragged", "long_cell"),
    "not_voidable": ("window_over", "scanned", "refunded", "no_label"),
}
HEADING = ["W&" * 500] * 100
BATCH = Batch(
    name="W&" * 50,
    heading=HEADING,
    columns={column.value: number for number, column in enumerate(Column)},
    rows=500,
    wanted=500,
    renewed=True,
    created_at=DAY,
)
MISTAKE = Html("w" * LONGEST_SHOWN)
ORDER = OrderFactory.build(
    sender=ADDRESS,
    recipient=ADDRESS,
    parcel=PARCEL,
    rate=RATES[-1],
    price=-SUM,
    tracking_code="9" * 34,
    tracking_url="https://track.example/" + "9" * 200,
    refusal=ENDLESS,
)
ENTRY = {
    "kind": "capture",
    "at": DAY,
    "ref": {"order": ORDER.id},
    "d_available": SUM.minor,
    "d_held": SUM.minor,
    "available": SUM.minor,
}
PAYMENT = PaymentFactory.build(
    amount=-SUM, status="paid", url="https://pay.example/" + "9" * 200, expires_at=DAY
)
TRAIL = Trail(status=TrackingState.FAILURE, scans=SCANS, arrives_at=DAY)
BY_TYPE: dict[Any, Any] = {
    int: 999,
    str: TYPED,
    Decimal: SIDE,
    datetime: DAY,
    Money: SUM,
    Html: Html("w" * 1_500),
    Address: ADDRESS,
    Batch: BATCH,
    Parcel: PARCEL,
    Customs: CUSTOMS,
    CustomsItem: ITEM,
    Fix: FACTS["fix"],
    Opinion: Opinion(Standing.UNDELIVERABLE, ADDRESS, (ENDLESS,) * 20),
    Order: ORDER,
    Payment: PAYMENT,
    PricedRate: RATES[-1],
    QuietHours: QuietHours(22, 8),
    Quote: QUOTE,
    Kept: SavedAddress(name=NAME, address=ADDRESS),
    SavedAddress: SavedAddress(name=NAME, address=ADDRESS),
    SavedParcel: SavedParcel(name=NAME, parcel=PARCEL),
    Scan: SCANS[0],
    Template: Template(
        name=NAME, sender=ADDRESS, recipient=ADDRESS, parcel=PARCEL, customs=CUSTOMS
    ),
    Trail: TRAIL,
    User: User(hears_of_parcels=True, quiet=QuietHours(22, 8), zone=ZONE),
    Void: Void(refusal=ENDLESS),
    Sums: Sums(
        rows=500,
        total=-SUM,
        afford=499,
        afford_total=-SUM,
        cut=499,
        repeats=499,
        twins=(*range(100_001, 100_400),),
    ),
    Sequence[Column]: list(Column),
    Sequence[Html]: [MISTAKE] * (MOST_SHOWN // LONGEST_SHOWN),
    Sequence[PricedRate]: RATES,
    Sequence[str]: HEADING,
    Sequence[CustomsItem]: (ITEM,) * MOST_ITEMS,
    list[Mapping[str, Any]]: [ENTRY] * PER_PAGE,
    tuple[str, str]: (ADDRESS.city, ADDRESS.state),
    tuple[Decimal, Decimal, Decimal]: (SIDE, SIDE, SIDE),
    Collection[str]: ("city", "street2"),
    Collection[tuple[Side, str]]: tuple((side, field) for side in Side for field in WHERE),
    Mapping[Column, str]: dict(zip(Column, HEADING, strict=False)),
    Mapping[RowState, int]: dict.fromkeys(RowState, 500),
    Mapping[int, Order]: dict(enumerate([ORDER] * ORDERS_A_PAGE, start=1)),
    Mapping[str, Address]: {ORDER.id: ADDRESS},
    Mapping[str, Trail]: {ORDER.id: TRAIL},
}
BY_NAME = {
    "answer.number": range(len(answers())),
    "anything": True,
    "carrier": RATES[0].carrier,
    "city": ADDRESS.city,
    "contact": "W&" * 100,
    "entry": ENTRY,
    "field": "street2",
    "filter_button.name": FAST,
    "name": ADDRESS.name,
    "only": "",
    "provider": "oxapay",
    "reason": ENDLESS,
    "of_sender.reason": MISTAKE,
    "row_line.reasons": (MISTAKE,),
    "order_id": ORDER.id,
    "service": RATES[0].service,
    "use_place.state": ADDRESS.state,
    "wrong": Html("w" * 1_000),
    "zip_code": ADDRESS.zip,
    "zone": ZONE,
}


class UnknownFact(Exception):
    """A sentence is told something of which this module has no longest value yet."""


def sentences(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Each sentence and label of a module of texts under its name, as long as it can be."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        hints = get_type_hints(function)
        told = hints.pop("return")
        if function.__module__ == module.__name__ and told in {Html, str} and name[0] != "_":
            for facts in product(*(_values(name, fact, hints[fact]) for fact in hints)):
                yield name, function(**dict(zip(hints, facts, strict=True)))


def _values(function: str, name: str, kind: Any) -> list[Any]:
    """Every member of an enumeration, and every reason of a refusal. Raises UnknownFact."""
    for known in (f"{function}.{name}", name):
        if known in BY_NAME:
            told = BY_NAME[known]
            return list(told) if isinstance(told, range) else [told]
    if kind == Mapping[str, Any]:
        return [FACTS | {"reason": reason} for reason in REASONS.get(function, ("",))]
    for option in get_args(kind) if isinstance(kind, UnionType) else (kind,):
        if option is bool:
            return [True, False]
        if inspect.isclass(option) and issubclass(option, Enum):
            return list(option)
        if option in BY_TYPE:
            return [BY_TYPE[option]]
    raise UnknownFact(f"{function}({name}: {kind})")
