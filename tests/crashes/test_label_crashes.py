"""A death while a label is given back, or tracked: the sweep brings the same end, once."""

import pytest

from core.tracking import Scan, Tracked, TrackingState
from models import ledger as entries
from models.order import OrderState
from models.outbox import Note
from models.void import VoidStage
from providers.carriers.base import VoidState
from tests.crashes.deaths import survive
from tests.shop import BUYER

VOID_POINTS = [
    "void.after_insert",
    "void.before_send",
    "void.after_send",
    "void.after_decision",
    "void.after_refund",
    "void.after_note",
    "ledger.after_refund",
    "outbox.after_send",
]
DENIED_POINTS = ["void.after_decision", "void.after_note"]
TRACKING_POINTS = ["tracking.after_scan", "tracking.after_note", "outbox.after_send"]


@pytest.fixture
def bought(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    shop.notes.told.clear()
    shop.clock.turn(hours=2)
    return shop.orders.get(order.id)


def live_on(shop):
    """Leases end, sweeps come by, for a day."""
    for _ in range(48):
        survive(shop.work)
        shop.clock.turn(minutes=30)
        survive(shop.sweep)


@pytest.mark.parametrize("point", VOID_POINTS)
def test_a_void_survives_a_death(shop, bought, die_at, point):
    died = die_at(point)

    survive(lambda: shop.voids.ask(bought.id, user_id=BUYER))
    live_on(shop)
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    live_on(shop)

    assert died.exists()
    assert shop.orders.get(bought.id).status is OrderState.REFUNDED
    assert shop.voids.of(bought.id).next_at is None
    assert shop.balance() == (2_500, 0)
    assert shop.carrier.voided == [bought.label_id]
    assert len([entry for entry in entries.walk() if entry["kind"] == "refund"]) == 1
    said = [str(note.kind) for note in Note.objects if note.kind.startswith("void")]
    assert sorted(said) == ["void_refunded", "void_sent"]
    assert shop.verification.verify().mismatches == 0


def test_whoever_asks_again_after_a_death_sees_at_once_that_it_is_asked_for(shop, bought, die_at):
    died = die_at("void.after_insert")
    survive(lambda: shop.voids.ask(bought.id, user_id=BUYER))

    shop.voids.ask(bought.id, user_id=BUYER)

    assert died.exists()
    assert shop.orders.get(bought.id).status is OrderState.VOID_SENT


@pytest.mark.parametrize("point", DENIED_POINTS)
def test_a_refused_void_survives_a_death(shop, bought, die_at, point):
    died = die_at(point)
    shop.carrier.voids[bought.label_id] = VoidState.REJECTED

    survive(lambda: shop.voids.ask(bought.id, user_id=BUYER))
    survive(shop.work)
    # Whatever it says now: its last word is written down.
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    live_on(shop)

    assert died.exists()
    assert shop.orders.get(bought.id).status is OrderState.VOID_REFUSED
    assert shop.voids.of(bought.id).status is VoidStage.DENIED
    assert shop.balance() == (1_750, 0)
    assert shop.told() == ["void_refused"]


@pytest.mark.parametrize("point", TRACKING_POINTS)
def test_a_move_is_told_although_somebody_dies(shop, bought, die_at, point):
    died = die_at(point)
    scan = Scan(TrackingState.DELIVERED, shop.clock.now(), "Delivered", "NEW YORK, NY")
    shop.carrier.parcels[bought.tracking_code] = Tracked(
        bought.tracking_code, "USPS", TrackingState.DELIVERED, None, (scan,)
    )

    live_on(shop)

    trail = shop.tracking.of(bought.id)
    assert died.exists()
    assert (trail.status, trail.told) == (TrackingState.DELIVERED, TrackingState.DELIVERED)
    assert trail.next_at is None
    assert [note.id for note in Note.objects(kind="parcel_moved")] == [
        f"parcel_moved:{bought.id}:delivered"
    ]
