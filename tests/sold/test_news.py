"""Carriers' webhooks over HTTP: whatever comes in at the hooks, only the carrier is believed."""

import pytest

from core.tracking import TrackingState as State
from models.notice import Notice
from models.outbox import Note
from models.tracking import Trail
from tests.carriers.conftest import SERVICES, SHIPENGINE, SHIPSTATION, desk_of
from tests.providers.stand import shop_settings
from tests.sold.doorway import opened
from tests.webapp.conftest import platform_of
from webapp.hooks.app import create_hooks

KEY_ID = "x-shipengine-rsa-sha256-key-id"
KEYS = "GET /jwks"
OTHER = b"9400000000000000000000"


@pytest.fixture(scope="module")
def subscribed(world):
    """Every carrier service tells its news here."""
    with opened() as (doorway, url):
        for service in SERVICES:
            desk_of(service, world).subscribe(f"{url}/carriers/{service}")
        yield doorway


@pytest.fixture
def doorway(subscribed, till, world):
    """Open for this test's shop."""
    subscribed.hooks = create_hooks(platform_of(till.shop, shop_settings(world.url)))
    subscribed.heard.clear()
    subscribed.answers.clear()
    return subscribed


def moves_told():
    return {note.facts["state"] for note in Note.objects(kind="parcel_moved")}


def kept():
    return Notice.objects.count()


@pytest.fixture
def genuine(till, doorway):
    """What was said of a move, and then forgotten here: its body and headers."""
    till.move("in_transit")
    assert doorway.hears(1) == [200]
    Notice.objects.delete()
    till.shop.jobs.asked.clear()
    return doorway.heard[0]


def test_a_move_is_known_as_soon_as_the_carrier_tells_of_it(till, doorway):
    till.move("in_transit")
    answers = doorway.hears(1)
    till.shop.work()

    assert (answers, kept()) == ([200], 1)
    assert Trail.objects.get().status is State.IN_TRANSIT
    assert till.shop.told() == ["parcel_moved"]


def test_news_forged_doubled_or_overtaken_on_their_way_tell_nothing_untrue_and_nothing_twice(
    till, doorway
):
    ends = []
    for fault, move in (
        ("notice_forged", "in_transit"),
        ("notice_twice", "available_for_pickup"),
        ("notice_reordered", "out_for_delivery"),
        ("notice_lost", "delivered"),
    ):
        till.misbehave("notice", fault, 3600 if fault == "notice_reordered" else None)
        till.move(move)
        doorway.hears({"notice_forged": 2, "notice_twice": 4}.get(fault, 4))
        till.shop.work()
        ends.append((doorway.answers.count(403), doorway.answers.count(200), kept(), moves_told()))
    till.move("delivered")
    doorway.hears(6)
    till.shop.work()

    first, second = {"in_transit"}, {"in_transit", "available_for_pickup"}
    assert ends == [(1, 1, 1, first), *[(1, 3, 2, second)] * 3]
    assert Trail.objects.get().status is State.DELIVERED
    assert moves_told() == {*second, "delivered"}
    assert till.shop.told() == ["parcel_moved"] * 3


def test_news_altered_or_unsigned_are_refused_and_leave_nothing(till, doorway, genuine):
    body, headers = genuine
    code = till.order.tracking_code.encode()
    unsigned = {name: value for name, value in headers.items() if not name.startswith("x-")}

    answers = [
        doorway.tell(till.desk.name, body.replace(code, OTHER), headers),
        doorway.tell(till.desk.name, body, unsigned),
        doorway.tell(till.desk.name, b"{}", headers),
    ]

    assert answers == [403, 403, 403]
    assert (kept(), till.shop.jobs.asked) == (0, [])
    assert doorway.tell(till.desk.name, body, headers) == 200


def test_the_same_news_told_over_and_over_are_looked_at_once(till, doorway, genuine):
    body, headers = genuine

    answers = [doorway.tell(till.desk.name, body, headers) for _ in range(3)]
    till.shop.work()
    looks = till.asked(till.desk.tracking)
    answers.append(doorway.tell(till.desk.name, body, headers))
    till.shop.work()

    assert (answers, kept()) == ([200] * 4, 1)
    assert till.asked(till.desk.tracking) == looks
    assert till.shop.told() == ["parcel_moved"]


@pytest.mark.parametrize("service", [SHIPENGINE])
@pytest.mark.parametrize("minutes", [6, -6])
def test_news_from_another_time_are_refused(till, doorway, genuine, minutes):
    till.shop.clock.turn(minutes=minutes)

    assert doorway.tell(till.desk.name, *genuine) == 403
    assert kept() == 0


@pytest.mark.parametrize("service", [SHIPENGINE])
def test_keys_that_nobody_has_published_have_the_published_ones_read_once(till, doorway, genuine):
    body, headers = genuine
    till.shop.clock.turn(seconds=31)
    asked = till.asked(KEYS)

    answers = [
        doorway.tell(till.desk.name, body, headers | {KEY_ID: f"made up {number}"})
        for number in range(5)
    ]

    assert answers == [403] * 5
    assert till.asked(KEYS) - asked == 1
    assert kept() == 0


@pytest.mark.parametrize("service", [SHIPENGINE, SHIPSTATION])
def test_news_under_a_new_key_are_heard_once_the_keys_may_be_read_again(till, doorway, genuine):
    till.desk.world.post("/shipengine/jwks/change", None)
    till.move("delivered")
    answers = doorway.hears(2)
    body, headers = doorway.heard[1]

    till.shop.clock.turn(seconds=31)
    again = doorway.tell(till.desk.name, body, headers)
    till.shop.work()

    assert (answers, again) == ([200, 403], 200)
    assert Trail.objects.get().status is State.DELIVERED


@pytest.mark.parametrize("service", [SHIPENGINE])
def test_while_the_keys_can_not_be_had_news_are_put_off_and_a_flood_of_them_asks_once(
    till, doorway
):
    till.desk.world.misbehave(SHIPENGINE, KEYS, "error_500", times=99)
    till.move("in_transit")
    first = doorway.hears(1)
    body, headers = doorway.heard[0]
    asked = till.asked(KEYS)

    flood = [doorway.tell(till.desk.name, body, headers) for _ in range(5)]
    till.desk.world.behave()
    till.shop.clock.turn(seconds=31)
    later = doorway.tell(till.desk.name, body, headers)

    assert (first, flood, later) == ([503], [503] * 5, 200)
    assert till.asked(KEYS) - asked == 1, "those of the flood asked too"
    assert kept() == 1
