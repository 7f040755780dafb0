"""Values in documents: kept whole, read as they were."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from mongoengine import ValidationError

from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from core.pricing import Rule
from models import connection
from models.connection import collection
from models.order import Order, OrderState, OrderStep
from models.parts import PricedRate
from models.values import shape_of
from tests.factories import NOON, OrderFactory


@dataclass(frozen=True)
class Item:
    worth: Money
    note: str | None = None


@dataclass(frozen=True)
class Papers:
    items: tuple[Item, ...]
    weight: Decimal = Decimal(1)


@pytest.fixture
def connected(mongo_url):
    connection.connect(mongo_url)
    yield
    connection.disconnect()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (
            Parcel(Decimal("10.5"), Decimal(8), Decimal(4), Decimal("32.25")),
            {"length_in": "10.5", "width_in": "8", "height_in": "4", "weight_oz": "32.25"},
        ),
        (
            OrderStep(at=NOON, state=OrderState.HELD, by="worker"),
            {"at": NOON, "state": "held", "by": "worker", "note": ""},
        ),
        (
            Papers((Item(Money(5)), Item(Money(7, "EUR"), "x")), Decimal("0.1")),
            {
                "items": [
                    {"worth": {"minor": 5, "currency": "USD"}, "note": None},
                    {"worth": {"minor": 7, "currency": "EUR"}, "note": "x"},
                ],
                "weight": "0.1",
            },
        ),
        (
            Rule(carrier="USPS", since=date(2026, 12, 24), percent=Decimal("7.50")),
            {
                "carrier": "USPS",
                "service": "",
                "user_id": None,
                "since": "2026-12-24",
                "percent": "7.50",
                "flat": {"minor": 0, "currency": "USD"},
                "minimum": {"minor": 0, "currency": "USD"},
            },
        ),
    ],
    ids=["parcel", "step", "nested", "rule"],
)
def test_a_value_is_kept_by_its_fields_and_read_as_it_was(value, kept):
    shape = shape_of(type(value))

    assert shape.write(value) == kept
    assert shape.read(kept) == value


def test_what_was_kept_before_a_field_existed_has_its_default():
    assert shape_of(Papers).read({"items": []}) == Papers(())
    assert shape_of(Address).read({"name": "Ann", "street": "1 Elm St", "city": "Reno",
                                   "state": "NV", "zip": "89501"}).country == "US"  # fmt: skip


@pytest.mark.usefixtures("connected")
def test_an_order_reads_its_values_as_they_were_given():
    rate = PricedRate(
        rate_id="r", carrier="UPS", service="Ground", cost=Money(700), price=Money(750),
        arrives_at=datetime(2026, 11, 9, 12, tzinfo=UTC),
    )  # fmt: skip

    order = OrderFactory(rate=rate, cost=None)

    read = Order.objects.fetch(order.id)
    assert (read.rate, read.sender, read.parcel) == (rate, order.sender, order.parcel)
    assert read.timeline == order.timeline
    assert read.cost is None


@pytest.mark.usefixtures("connected")
def test_a_move_pushes_sets_counts_and_unsets_what_it_was_told():
    order = OrderFactory(next_at=NOON)
    step = OrderStep(at=NOON, state=OrderState.BUYING, by="worker")

    moved = Order.objects.advance(
        order.id,
        when=OrderState.HELD,
        to=OrderState.BUYING,
        at=NOON,
        guard={"next_at": NOON},
        push__timeline=step,
        inc__fence=1,
        set__cost=Money(9),
        unset__next_at=True,
    )

    assert (moved.status, moved.fence, moved.cost, moved.next_at) == ("buying", 1, Money(9), None)
    assert moved.timeline == (*order.timeline, step)
    assert "next_at" not in collection("orders").find_one({"_id": order.id})
    assert Order.objects.advance(order.id, when=OrderState.HELD, to="buying", at=NOON) is None


@pytest.mark.usefixtures("connected")
def test_a_document_with_something_else_in_place_of_a_value_is_refused():
    with pytest.raises(ValidationError, match="Only Parcel"):
        OrderFactory(parcel="10x8x4")
    with pytest.raises(ValidationError, match="Only OrderStep"):
        OrderFactory(timeline=("bought",))

    assert Order.objects.count() == 0


@pytest.mark.usefixtures("connected")
def test_an_order_in_hand_is_changed_as_it_was_moved_and_only_then():
    order = OrderFactory(next_at=NOON)
    late = Order.objects.fetch(order.id)

    moved = Order.objects.move(
        order, OrderState.BUYING, at=NOON, note="x", inc__fence=1, set__cost=Money(9),
        unset__next_at=True,
    )  # fmt: skip

    stored = Order.objects.fetch(order.id)
    assert moved is order
    assert moved.to_mongo() == stored.to_mongo()
    assert (stored.status, stored.fence, stored.timeline[-1].note) == ("buying", 1, "x")
    assert Order.objects.move(late, OrderState.FAILED, at=NOON) is None
    assert late.status is OrderState.HELD
    assert Order.objects.fetch(order.id).to_mongo() == stored.to_mongo()
