"""A customer whom an operator has blocked is told once, and then left alone."""

import pytest

from models.order import Order
from models.user import User
from tests.shop import BUYER


def block(talk):
    talk.shop.blocks.block(BUYER, by="ann", reason="a stolen card")


def test_a_blocked_customer_is_told_once_and_does_nothing_new(talk):
    talk.shop.credit(5_000)
    talk.say("/start")
    press, before = talk.pressed("New label"), talk.draft.version
    block(talk)

    told = talk.handle(press)
    for word in ("/new", "hello", "/topup"):
        talk.say(word)
    talk.send("orders.csv", b"Name,Address")

    assert told == (
        "The shop has blocked your account: nothing new can be done here. What is paid for is "
        "still finished, and your money is safe.\n\nA person answers at @labeldesk_help."
    )
    assert talk.chat.calls == ["send_text", "answer_press", "send_text"]
    assert talk.draft.version == before
    assert Order.objects.count() == 0


def test_what_was_paid_before_is_delivered(talk):
    talk.shop.credit(5_000)
    talk.shop.place()
    block(talk)

    talk.shop.work()

    assert len(talk.chat.files) == 1


def test_an_unblocked_customer_goes_on_and_is_told_again_next_time(talk):
    talk.say("/start")
    block(talk)
    talk.say("hello")
    talk.shop.blocks.unblock(BUYER, by="ann", reason="a mistake")

    back = talk.say("/start")
    block(talk)

    assert "What would you like to do?" in back
    assert talk.say("hello").startswith("The shop has blocked your account")


def test_a_customer_who_was_not_told_for_want_of_telegram_is_told_later(talk):
    talk.say("/start")
    block(talk)
    talk.chat.troubles["send_text"] = [ConnectionError("Telegram is away")]
    with pytest.raises(ConnectionError):
        talk.say("hello")

    assert talk.say("hello").startswith("The shop has blocked your account")
    assert User.objects.get(pk=BUYER).block_told_at is not None
