"""News of parcels waits for the morning, or is not wanted at all; nothing else ever waits."""

from datetime import UTC, datetime

import pytest

from core.quiet import QuietHours
from models.outbox import Note, NoteKind, NoteState
from tests.shop import BUYER

MIDNIGHT = datetime(2026, 11, 3, 5, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 3, 13, 0, tzinfo=UTC)


@pytest.fixture
def sleeper(shop):
    """Sleeps from 22 to 8 in New York, where it is midnight."""
    shop.users.meet(BUYER, first_name="Maria", username="", language="en")
    shop.users.keep_quiet(BUYER, QuietHours(22, 8))
    shop.users.choose_zone(BUYER, "America/New_York")
    shop.clock.moment = MIDNIGHT
    return shop


def put(shop, note_id, kind=NoteKind.PARCEL_MOVED, order_id="L-1"):
    shop.outbox.put(note_id, BUYER, kind, order_id=order_id)
    shop.outbox.send(note_id)


def test_news_of_a_parcel_waits_for_the_morning(sleeper):
    put(sleeper, "a")
    sleeper.clock.turn(hours=7, minutes=59)
    sleeper.outbox.resume()
    asleep = list(sleeper.notes.told)
    sleeper.clock.turn(minutes=1)
    sleeper.outbox.resume()

    assert asleep == []
    assert sleeper.notes.told == [(NoteKind.PARCEL_MOVED, BUYER)]
    assert sleeper.clock.now() == MORNING
    assert Note.objects.get(pk="a").status is NoteState.SENT


@pytest.mark.parametrize("kind", [kind for kind in NoteKind if kind is not NoteKind.PARCEL_MOVED])
def test_nothing_else_ever_waits(sleeper, kind):
    put(sleeper, "a", kind)

    assert sleeper.notes.told == [(kind, BUYER)]


def test_in_the_morning_each_parcel_is_told_of_once_as_it_stands(sleeper):
    put(sleeper, "a")
    sleeper.clock.turn(hours=1)
    put(sleeper, "b")
    put(sleeper, "c", order_id="L-2")
    sleeper.clock.turn(hours=7)

    sleeper.outbox.resume()

    assert {note.id: note.status.value for note in Note.objects} == {
        "a": "unwanted", "b": "sent", "c": "sent",
    }  # fmt: skip
    assert len(sleeper.notes.told) == 2


def test_by_day_every_move_is_told(sleeper):
    sleeper.clock.moment = MORNING

    put(sleeper, "a")
    put(sleeper, "b")

    assert len(sleeper.notes.told) == 2


def test_who_wants_no_news_of_parcels_gets_none_even_if_it_waited(sleeper):
    put(sleeper, "a")
    sleeper.users.hear_of_parcels(BUYER, wanted=False)
    sleeper.clock.moment = MORNING
    sleeper.outbox.resume()
    put(sleeper, "b")
    put(sleeper, "label", NoteKind.LABEL_READY)

    assert sleeper.notes.told == [(NoteKind.LABEL_READY, BUYER)]
    assert {note.status for note in Note.objects(kind=NoteKind.PARCEL_MOVED)} == {
        NoteState.UNWANTED
    }


@pytest.mark.parametrize("change", ["hours", "zone"])
def test_hours_count_only_with_a_zone(sleeper, change):
    if change == "hours":
        sleeper.users.keep_quiet(BUYER, None)
    else:
        sleeper.users.choose_zone(BUYER, "")

    put(sleeper, "a")

    assert len(sleeper.notes.told) == 1
