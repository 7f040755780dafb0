"""Orders: one label from confirmation to delivery or refund."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from mongoengine import DateTimeField, EnumField, IntField, ListField, LongField, StringField

from core.addresses import NOBODY, Address
from core.customs import Customs
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from core.shipments import Shipment
from models.base import UNFINISHED, Erased, MovingQuerySet, Record
from models.fields import MoneyField, ValueField, ValuesField
from models.parts import PricedRate


class OrderState(StrEnum):
    NEW = "new"
    HELD = "held"
    REJECTED = "rejected"
    BUYING = "buying"
    UNKNOWN = "unknown"
    BOUGHT = "bought"
    DONE = "done"
    FAILED = "failed"
    RELEASED = "released"
    REVIEW = "review"
    VOID_SENT = "void_sent"
    REFUNDED = "refunded"
    VOID_REFUSED = "void_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderStep:
    """One line of an order's timeline."""

    at: datetime
    state: OrderState
    by: str
    note: str = ""


class OrderQuerySet(MovingQuerySet):
    def move(
        self,
        order: "Order",
        to: OrderState,
        *,
        at: datetime,
        by: str = "worker",
        note: str = "",
        **changes: Any,
    ) -> "Order | None":
        """`advance_here` under the fence that the caller saw, with a line in the timeline."""
        step = OrderStep(at=at, state=to, by=by, note=note)
        return self.advance_here(
            order, to=to, at=at, guard={"fence": order.fence}, push__timeline=step, **changes
        )


class Order(Record):
    """The shipment id, stored before the purchase, is what the carrier service is asked by.

    `rate` is what the customer confirmed. What is bought is named beside it: `shipment_id`,
    `rate_id` and `reference` are empty until a shipment of the order's own is known.
    `follow_at` is set when the label is sold, and gone when its parcel is followed. At `erase_at`
    somebody looks whether what it tells of people is to be erased; while there is none, half a
    year after it was made. Since `erased_at` its addresses are nobody's.
    """

    objects: ClassVar[Any]

    id: str = StringField(primary_key=True)
    user_id: int = LongField(required=True)
    quote_id: str = StringField(required=True)
    batch_id: str = StringField(default="")
    mode: ApiMode = EnumField(ApiMode, required=True)
    provider: str = StringField(required=True)
    shipment_id: str = StringField(default="")
    rate_id: str = StringField(default="")
    reference: str = StringField(default="")
    sender: Address = ValueField(Address, default=NOBODY)
    recipient: Address = ValueField(Address, default=NOBODY)
    parcel: Parcel = ValueField(Parcel, required=True)
    customs: Customs | None = ValueField(Customs)
    rate: PricedRate = ValueField(PricedRate, required=True)
    price: Money = MoneyField(required=True)

    status: OrderState = EnumField(OrderState, required=True, default=OrderState.NEW)
    timeline: tuple[OrderStep, ...] = ValuesField(OrderStep)
    fence: int = IntField(required=True, default=0)
    attempts: int = IntField(required=True, default=0)
    asked: int = IntField(required=True, default=0)
    wakes: int = IntField(required=True, default=0)
    absent: int = IntField(required=True, default=0)
    unfunded: int = IntField(required=True, default=0)
    bought_after: datetime | None = DateTimeField()
    lease_until: datetime | None = DateTimeField()
    next_at: datetime | None = DateTimeField()
    follow_at: datetime | None = DateTimeField()
    erase_at: datetime | None = DateTimeField()
    erased_at: datetime | None = DateTimeField()
    created_at: datetime = DateTimeField(required=True)
    moved_at: datetime = DateTimeField(required=True)

    label_id: str = StringField(default="")
    tracking_code: str = StringField(default="")
    tracking_url: str = StringField(default="")
    label_url: str = StringField(default="")
    form_urls: list[str] = ListField(StringField())
    cost: Money | None = MoneyField()
    refusal: str = StringField(default="")

    meta: ClassVar = {
        "collection": "orders",
        "queryset_class": OrderQuerySet,
        "indexes": [
            ("user_id", "-created_at"),
            ("status", "-created_at"),
            "-created_at",
            "shipment_id",
            {"fields": ["tracking_code"], "sparse": True},
            {
                "fields": ["follow_at"],
                "partialFilterExpression": {"follow_at": {"$type": "date"}},
                "name": "unfollowed_by_follow_at",
            },
            {
                "fields": ["erase_at", "created_at"],
                "partialFilterExpression": {"sender": {"$exists": True}},
                "name": "told_by_erase_at",
            },
            UNFINISHED,
        ],
    }

    @property
    def is_erased(self) -> bool:
        return self.erased_at is not None

    def whole(self) -> Self:
        """Itself, with all that it tells. Raises Erased."""
        if self.is_erased:
            raise Erased(id=self.id)
        return self

    @property
    def shipment(self) -> Shipment:
        return Shipment(
            sender=self.sender, recipient=self.recipient, parcel=self.parcel, customs=self.customs
        )
