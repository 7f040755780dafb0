"""The outbox: said once, later if it must be, never lost."""

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


def test_a_sender_killed_half_way_is_followed_by_another_after_its_lease(shop, note_id):
    shop.notes.troubles.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        shop.outbox.send(note_id)

    shop.outbox.resume()
    assert shop.told() == []

    shop.clock.turn(seconds=61)
    shop.outbox.resume()
    assert shop.told() == ["topup_credited"]
