"""The outbox: said once, later if it must be, never lost."""

from dataclasses import replace

import pytest

from core.chats import BadMessage, ChatUnreachable, MessageDoubtful, TelegramDown, TooManyMessages
from core.jobs import Job
from models.outbox import Note, NoteKind, NoteState
from models.user import User
from tests.shop import BUYER


@pytest.fixture
def note_id(shop):
    shop.outbox.put("n", BUYER, NoteKind.TOPUP_CREDITED, payment_id="T-1")
    return "n"


def note():
    return Note.objects.fetch("n")


def test_a_note_is_written_once_and_said_once(shop, note_id):
    shop.outbox.put("n", BUYER, NoteKind.LABEL_READY)
    shop.outbox.send(note_id)
    shop.outbox.send(note_id)

    assert shop.told() == ["topup_credited"]
    assert (note().status, note().message_id, note().next_at) == (NoteState.SENT, 1, None)


def test_hurrying_asks_for_a_worker(shop, note_id):
    shop.outbox.hurry(note_id)

    assert shop.jobs.asked == [(Job.SEND_NOTE, "n")]


def test_a_note_whose_job_was_lost_is_sent_by_the_sweep(shop, note_id):
    shop.outbox.resume()

    assert shop.told() == ["topup_credited"]


@pytest.mark.parametrize("trouble", [TelegramDown(), MessageDoubtful()])
def test_trouble_is_tried_again_later_and_later(shop, note_id, trouble):
    shop.notes.troubles.extend([trouble] * 2)

    shop.outbox.send(note_id)
    first = note().next_at - shop.clock.now()
    shop.outbox.send(note_id)
    assert note().attempts == 1

    shop.clock.moment = note().next_at
    shop.outbox.send(note_id)
    assert note().next_at - shop.clock.now() == first * 2

    shop.clock.moment = note().next_at
    shop.outbox.resume()
    assert shop.told() == ["topup_credited"]


def test_a_pause_that_telegram_asks_for_is_kept(shop, note_id):
    shop.notes.troubles.append(TooManyMessages(retry_after=37))

    shop.outbox.send(note_id)

    assert (note().next_at - shop.clock.now()).total_seconds() == 37


def test_a_customer_who_blocked_the_bot_is_marked_and_left_alone(shop, note_id):
    shop.notes.troubles.append(ChatUnreachable(chat_id=BUYER))

    shop.outbox.send(note_id)
    shop.clock.turn(hours=1)
    shop.outbox.resume()

    assert note().status is NoteState.UNDELIVERABLE
    assert User.objects.fetch(BUYER).unreachable_at is not None
    assert shop.told() == []


def test_a_message_that_cannot_be_sent_says_so_and_blames_nobody(shop, note_id):
    shop.notes.troubles.append(BadMessage(told="chat text is empty"))

    shop.outbox.send(note_id)

    assert note().status is NoteState.UNDELIVERABLE
    assert "chat text is empty" in note().problem
    assert User.objects.fetch(BUYER).unreachable_at is None


def test_the_sweep_sends_what_is_urgent_before_a_broadcast_that_waits_longer(shop):
    for number in range(3):
        shop.outbox.put(f"news:{number}", BUYER, NoteKind.BROADCAST, text="News")
    shop.clock.turn(seconds=1)
    shop.outbox.put("moved", BUYER, NoteKind.PARCEL_MOVED)
    shop.outbox.put("old", BUYER, NoteKind.LABEL_READY)
    Note.objects(pk="old").update_one(unset__urgency=True)
    shop.clock.turn(seconds=1)
    shop.outbox.put("money", BUYER, NoteKind.TOPUP_CREDITED)

    due = list(Note.objects.due(shop.clock.now(), 4))

    assert due[:3] == ["old", "money", "moved"]
    assert due[3].startswith("news:")


def test_many_notes_are_sent_by_several_senders_each_once(shop):
    for number in range(250):
        shop.outbox.put(f"news:{number}", number, NoteKind.BROADCAST, text="News")

    shop.outbox.resume()

    assert sorted(chat_id for _, chat_id in shop.notes.told) == list(range(250))


def test_a_sweep_takes_its_turn_and_leaves_the_rest_to_the_next(shop, note_id):
    hurried = replace(shop.outbox, turn=-1.0)

    hurried.resume()
    assert shop.told() == []

    shop.outbox.resume()
    assert shop.told() == ["topup_credited"]


def test_a_note_that_is_put_off_waits_for_another_sweep(shop, note_id):
    shop.notes.troubles.append(TooManyMessages(retry_after=-1))

    shop.outbox.resume()
    assert shop.told() == []

    shop.outbox.resume()
    assert shop.told() == ["topup_credited"]


def test_who_blocked_the_bot_is_spared_pushes_and_still_told_of_money(shop):
    shop.users.mark_unreachable(BUYER)
    since = User.objects.fetch(BUYER).unreachable_at
    shop.clock.turn(hours=1)
    shop.outbox.put("news", BUYER, NoteKind.BROADCAST, text="News")
    shop.outbox.put("moved", BUYER, NoteKind.PARCEL_MOVED)
    shop.outbox.put("money", BUYER, NoteKind.TOPUP_CREDITED)

    shop.outbox.resume()

    assert shop.told() == ["topup_credited"]
    assert {note.id: note.status for note in Note.objects} == {
        "news": NoteState.UNDELIVERABLE,
        "moved": NoteState.UNDELIVERABLE,
        "money": NoteState.SENT,
    }
    assert "chat_unreachable" in Note.objects.fetch("news").problem
    assert User.objects.fetch(BUYER).unreachable_at == since


def test_a_sender_killed_half_way_is_followed_by_another_after_its_lease(shop, note_id):
    shop.notes.troubles.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        shop.outbox.send(note_id)

    shop.outbox.resume()
    assert shop.told() == []

    shop.clock.turn(seconds=61)
    shop.outbox.resume()
    assert shop.told() == ["topup_credited"]
