"""Tracking: every bought label is followed, each move told once, silence noticed."""

from datetime import timedelta

import pytest

from core.tracking import Scan, Tracked, TrackingState as State
from models.notice import Notice
from models.outbox import Note
from models.setting import Setting
from models.tracking import Trail
from providers.carriers.base import (
    CarrierDown,
    CarrierNews,
    ForgedNews,
    UnreadableNews,
    VoidState,
)
from services import following
from tests.factories import LabelFactory, OrderFactory
from tests.shop import BUYER

SILENCE = CarrierDown(provider="easypost")


@pytest.fixture
def bought(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    shop.notes.told.clear()
    return shop.orders.get(order.id)


def parcel_moves(shop, order, *states, arrives=None):
    """The carrier scans it now, as each of these in turn."""
    before = shop.carrier.parcels.get(order.tracking_code)
    scans = before.scans if before else ()
    for number, state in enumerate(states):
        at = shop.clock.now() - timedelta(seconds=len(states) - number)
        scans += (Scan(state, at, f"is {state}", "HOUSTON, TX"),)
    shop.carrier.parcels[order.tracking_code] = Tracked(
        order.tracking_code, "USPS", states[-1], arrives, scans
    )


def time_passes(shop, *, hours=0, days=0):
    """A sweep every six hours; of many days only the last two pass so slowly."""
    quick, slow = max(days - 2, 0), min(days, 2)
    for step in [24] * quick + [6] * (4 * slow + hours // 6):
        shop.clock.turn(hours=step)
        shop.sweep()


def moves_told():
    return [note.facts["state"] for note in Note.objects(kind="parcel_moved").order_by("id")]


def trail_of(shop, order):
    return shop.tracking.of(order.id)


def test_a_bought_label_is_followed_by_the_sweep(shop, bought):
    waiting = bought.follow_at
    shop.sweep()

    trail = trail_of(shop, bought)
    assert (trail.tracking_code, trail.carrier, trail.user_id) == (
        bought.tracking_code,
        "USPS",
        BUYER,
    )
    assert trail.next_at == bought.bought_after + timedelta(minutes=30)
    assert (waiting, shop.orders.get(bought.id).follow_at) == (bought.moved_at, None)
    assert shop.carrier.tracked == []


def test_labels_bought_before_there_was_tracking_are_followed_too(shop):
    sold = [OrderFactory(done=True) for _ in range(3)]
    for order in sold:
        LabelFactory(id=order.id, tracking_code=order.tracking_code)
    OrderFactory()
    shop.clock.turn(days=20)

    shop.sweep()

    assert {trail.id for trail in Trail.objects} == {order.id for order in sold}
    assert sorted(shop.carrier.tracked) == sorted(order.tracking_code for order in sold)
    assert Note.objects.count() == 0


def test_an_old_parcels_end_is_known_and_told_to_nobody(shop):
    order = OrderFactory(done=True)
    LabelFactory(id=order.id, tracking_code=order.tracking_code)
    parcel_moves(shop, order, State.IN_TRANSIT, State.DELIVERED)
    shop.clock.turn(days=20)

    shop.sweep()

    trail = trail_of(shop, order)
    assert (trail.status, trail.told, trail.next_at) == (State.DELIVERED, State.DELIVERED, None)
    assert Note.objects.count() == 0


def test_many_labels_are_followed_in_parts_and_none_twice(shop, monkeypatch):
    monkeypatch.setattr(following, "PER_SWEEP", 4)
    monkeypatch.setattr(following, "AT_A_TIME", 3)
    for _ in range(9):
        order = OrderFactory(done=True)
        LabelFactory(id=order.id, stored_at=shop.clock.now())
        shop.clock.turn(minutes=3)

    counts = []
    for _ in range(4):
        shop.tracking.resume()
        counts.append(Trail.objects.count())

    assert counts == [4, 7, 9, 9]
    assert Setting.objects.get(pk=following.MARK).changed_by == "clock"


def test_a_label_without_an_order_or_a_code_is_left_alone(shop):
    LabelFactory()
    LabelFactory(id=OrderFactory(done=True, tracking_code="").id)

    shop.sweep()

    assert Trail.objects.count() == 0


def test_each_move_is_told_once(shop, bought):
    for state in (State.ACCEPTED, State.IN_TRANSIT, State.OUT_FOR_DELIVERY, State.DELIVERED):
        parcel_moves(shop, bought, state)
        time_passes(shop, days=1)

    assert shop.told() == ["parcel_moved"] * 4
    assert moves_told() == ["accepted", "delivered", "in_transit", "out_for_delivery"]
    assert trail_of(shop, bought).next_at is None


def test_moves_that_nobody_saw_in_between_are_not_told_late(shop, bought):
    parcel_moves(shop, bought, State.ACCEPTED, State.IN_TRANSIT, State.DELIVERED)

    time_passes(shop, hours=6)

    assert moves_told() == ["delivered"]
    assert [scan.state for scan in trail_of(shop, bought).scans] == [
        State.ACCEPTED,
        State.IN_TRANSIT,
        State.DELIVERED,
    ]


def test_an_announced_parcel_is_no_news(shop, bought):
    parcel_moves(shop, bought, State.PRE_TRANSIT)

    time_passes(shop, days=1)

    assert trail_of(shop, bought).status is State.PRE_TRANSIT
    assert shop.told() == []


def test_a_problem_is_told_and_the_parcel_is_watched_further(shop, bought):
    parcel_moves(shop, bought, State.FAILURE)
    time_passes(shop, days=1)
    parcel_moves(shop, bought, State.DELIVERED)
    time_passes(shop, days=2)

    assert moves_told() == ["delivered", "failure"]


def test_a_carrier_that_does_not_answer_is_asked_again_within_the_hour(shop, bought):
    shop.clock.turn(days=2)
    shop.carrier.track_instead.append(SILENCE)
    shop.sweep()

    trail = trail_of(shop, bought)
    assert trail.next_at == shop.clock.now() + timedelta(hours=1)
    assert trail.problem == str(SILENCE)
    parcel_moves(shop, bought, State.IN_TRANSIT)
    time_passes(shop, hours=6)
    assert trail_of(shop, bought).problem == ""
    assert moves_told() == ["in_transit"]


def test_a_parcel_without_a_scan_for_days_is_an_alert_until_it_moves(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)
    time_passes(shop, days=4)
    patient = alerts(shop)

    time_passes(shop, days=2)
    stalled = alerts(shop)
    parcel_moves(shop, bought, State.IN_TRANSIT)
    time_passes(shop, days=1)

    assert (patient, stalled, alerts(shop)) == ([], [("parcel_stalled", bought.id)], [])


def test_a_lost_parcel_is_an_alert_until_nobody_looks_any_more(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)
    time_passes(shop, days=119)
    before = alerts(shop)

    time_passes(shop, days=3)

    assert before == [("parcel_stalled", bought.id)]
    assert alerts(shop) == []
    assert trail_of(shop, bought).next_at is None


def alerts(shop):
    shop.retention.sweep()
    shop.alerts.watch()
    return [
        (alert.kind, alert.subject) for alert in shop.alerts.open() if alert.kind != "queue_silent"
    ]


def test_a_void_is_offered_once_three_days_before_the_window_closes(shop, bought):
    time_passes(shop, days=26)
    before = shop.told()

    time_passes(shop, days=10)

    assert before == []
    assert shop.told() == ["void_offer"]
    [note] = Note.objects(kind="void_offer")
    assert note.facts["until"] == (bought.bought_after + timedelta(days=30)).isoformat()
    assert note.created_at < bought.bought_after + timedelta(days=28)


def test_no_void_is_offered_for_a_label_that_was_used(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)

    time_passes(shop, days=31)

    assert shop.told() == ["parcel_moved"]


def test_no_void_is_offered_before_the_carrier_was_asked_where_the_label_is(shop, bought):
    shop.sweep()
    shop.clock.turn(days=28)
    shop.carrier.track_instead.append(SILENCE)
    shop.sweep()
    silent = shop.told()
    parcel_moves(shop, bought, State.IN_TRANSIT)

    time_passes(shop, days=1)

    assert silent == []
    assert shop.told() == ["parcel_moved"]


def test_no_void_is_offered_for_a_label_that_is_given_back_already(shop, bought):
    shop.voids.ask(bought.id, user_id=BUYER)

    time_passes(shop, days=31)

    assert "void_offer" not in shop.told()


def test_whoever_asks_has_the_carrier_asked_now_but_not_every_second(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)

    for _ in range(3):
        shop.tracking.look(bought)
        shop.work()

    assert shop.carrier.tracked == [bought.tracking_code]
    assert trail_of(shop, bought).status is State.IN_TRANSIT
    shop.clock.turn(minutes=1)
    shop.tracking.look(bought)
    shop.work()
    assert len(shop.carrier.tracked) == 2


def test_a_delivered_parcel_is_not_asked_about_any_more(shop, bought):
    parcel_moves(shop, bought, State.DELIVERED)
    time_passes(shop, hours=6)
    asked = len(shop.carrier.tracked)

    shop.clock.turn(days=1)
    shop.tracking.look(bought)
    time_passes(shop, days=3)

    assert len(shop.carrier.tracked) == asked


def test_a_parcel_that_kills_its_workers_is_looked_at_no_more(shop, bought):
    shop.sweep()
    Trail.objects.update(set__unended=6)

    time_passes(shop, days=1)

    assert trail_of(shop, bought).problem == "kills_its_worker"
    assert trail_of(shop, bought).next_at is None
    assert shop.carrier.tracked == []


def test_a_hand_that_comes_back_late_writes_nothing(shop, bought):
    """Another hand took the turn while this one waited for the carrier."""
    track = shop.carrier.track

    def slow(code, carrier):
        Trail.objects.update(inc__turn=1, set__next_at=shop.clock.now())
        return track(code, carrier)

    shop.carrier.track = slow
    parcel_moves(shop, bought, State.IN_TRANSIT)
    shop.sweep()
    shop.clock.turn(hours=1)

    shop.tracking.drive(bought.id)

    trail = trail_of(shop, bought)
    assert (trail.status, trail.told) == (State.UNKNOWN, State.UNKNOWN)
    assert trail.next_at == shop.clock.now()


def test_news_that_come_while_somebody_looks_are_not_slept_over(shop, bought):
    track = shop.carrier.track

    def slow(code, carrier):
        told = track(code, carrier)
        Trail.objects.update(set__next_at=shop.clock.now())
        return told

    shop.sweep()
    shop.clock.turn(hours=1)
    shop.carrier.track = slow
    shop.tracking.drive(bought.id)

    assert trail_of(shop, bought).next_at == shop.clock.now()
    assert trail_of(shop, bought).unended == 0


# What carriers tell us by themselves.


def news_of(shop, order, *, event_id="evt_1"):
    tracked = shop.carrier.parcels[order.tracking_code]
    shop.carrier.news[event_id] = CarrierNews(event_id, tracked=tracked)
    return event_id.encode()


def test_news_have_the_carrier_asked_at_once(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)

    shop.tracking.notice("easypost", news_of(shop, bought), {})
    kept = Notice.objects.get()
    shop.work()

    assert (kept.provider, kept.provider_id, kept.status, kept.body) == (
        "easypost",
        bought.tracking_code,
        "in_transit",
        b"evt_1",
    )
    assert moves_told() == ["in_transit"]
    assert Notice.objects.get().handled_at is not None


def test_news_told_twice_or_out_of_order_move_nothing_back(shop, bought):
    parcel_moves(shop, bought, State.IN_TRANSIT)
    old = news_of(shop, bought)
    parcel_moves(shop, bought, State.DELIVERED)
    new = news_of(shop, bought, event_id="evt_2")

    for body in (new, old, new, old):
        shop.tracking.notice("easypost", body, {})
        shop.work()

    assert trail_of(shop, bought).status is State.DELIVERED
    assert moves_told() == ["delivered"]
    assert Notice.objects.count() == 2


def test_forged_and_unreadable_news_are_refused_and_not_kept(shop, bought):
    with pytest.raises(ForgedNews):
        shop.tracking.notice("easypost", b"evt_1", {"Forged": "yes"})
    with pytest.raises(UnreadableNews):
        shop.tracking.notice("easypost", b"garbage", {})

    assert Notice.objects.count() == 0
    assert shop.jobs.asked == []


def test_news_of_nothing_that_we_know_are_kept_and_nothing_follows(shop):
    tracked = Tracked("9999", "USPS", State.DELIVERED, None, ())
    shop.carrier.news = {
        "evt_1": CarrierNews("evt_1", tracked=tracked),
        "evt_2": CarrierNews("evt_2"),
        "evt_3": CarrierNews("evt_3", label_id="shp_stranger", void=VoidState.REFUNDED),
    }

    for event_id in shop.carrier.news:
        shop.tracking.notice("easypost", event_id.encode(), {})
    shop.work()

    assert [notice.provider_id for notice in Notice.objects.order_by("provider_id")] == [
        "9999", "evt_2", "shp_stranger",
    ]  # fmt: skip
    assert Trail.objects.count() == 0
    assert shop.balance() == (0, 0)


def test_news_of_a_void_have_the_carrier_asked_and_are_not_believed(shop, bought):
    shop.voids.ask(bought.id, user_id=BUYER)
    shop.work()
    shop.carrier.news["evt_1"] = CarrierNews(
        "evt_1", label_id=bought.label_id, void=VoidState.REFUNDED
    )
    shop.clock.turn(minutes=1)

    shop.tracking.notice("easypost", b"evt_1", {})
    shop.work()
    believed = shop.balance()
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    shop.carrier.news["evt_2"] = shop.carrier.news["evt_1"]
    shop.tracking.notice("easypost", b"evt_2", {})
    shop.work()

    assert believed == (1_750, 0)
    assert shop.balance() == (2_500, 0)
