"""Several updates of a chat in one sitting: less is asked, and nothing is told otherwise."""

from collections import Counter
from unittest.mock import Mock

import pytest
from pymongo import monitoring
from pymongo.errors import AutoReconnect

from botapp.states import Place
from core.chats import ChatUnreachable
from models.connection import collection
from models.draft import Draft
from tests.shop import BUYER

STREET = ("Maria O'Brien", "Labeldesk", "388 Townsend St", "Apt 20")


class Asked(monitoring.CommandListener):
    """How often a collection was asked."""

    def __init__(self):
        self.count = Counter()

    def started(self, event):
        self.count[event.command.get("find")] += 1

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


@pytest.fixture
def asked(talk):
    listener = Asked()
    client = collection("drafts").database.client
    client._event_listeners = monitoring._EventListeners([listener])
    return listener.count


def words(talk, *texts):
    return [talk.heard({"text": text}) for text in texts]


def other_hand(talk, **changes):
    """Whatever else writes drafts: it moves the version on."""
    before = talk.draft
    assert Draft.objects.move(before, before.last_update_id, **changes)


def test_of_words_that_came_at_once_only_the_first_have_customer_and_draft_read(talk, asked):
    talk.reach(Place.FIELD)
    heard = words(talk, *STREET)
    asked.clear()

    talk.handle_all(*heard)

    assert (asked["users"], asked["drafts"]) == (1, 1)
    assert talk.draft.data["label"]["sender"] == dict(
        zip(("name", "company", "street", "street2"), STREET, strict=True)
    )
    assert talk.draft.message_id == max(talk.chat.shown)


def test_what_is_remembered_of_a_draft_is_what_mongodb_has(talk):
    talk.reach(Place.FIELD)
    draft = talk.draft

    talk.conversation.shop.drafts.write(
        draft, update_id=7, screen="menu", data={"kept": (1, {"at": None})}, message_id=None
    )

    assert {name: draft[name] for name in draft} == {name: talk.draft[name] for name in draft}


def test_words_after_which_somebody_else_wrote_the_draft_are_heard_where_it_stands(talk):
    talk.reach(Place.WEIGHT)
    first, second = words(talk, "nonsense", "2 lb")

    with talk.conversation.sit() as handle:
        handle(first)
        other_hand(talk, data=talk.draft.data | {"aside": [{"at": "pay"}]})
        handle(second)

    assert talk.place == Place.SIZES
    assert talk.draft.data["aside"] == [{"at": "pay"}]
    assert talk.draft.data["label"]["weight_oz"] == "32.0"


def test_an_old_button_after_words_shows_what_somebody_else_wrote(talk):
    talk.say("/start")
    old = talk.pressed("New label")
    [word] = words(talk, "2 lb")

    with talk.conversation.sit() as handle:
        handle(word)
        other_hand(talk, screen="balance")
        handle(old)

    assert "Available: <b>$0.00</b>" in talk.chat.shown[100][0]


def test_words_after_another_language_was_chosen_are_answered_in_it(talk):
    talk.say("/language")

    with talk.conversation.sit() as handle:
        handle(talk.heard({"text": "hello"}))
        handle(talk.pressed("Español"))
        handle(talk.heard({"text": "hola"}))

    assert "¿Qué quieres hacer?" in talk.text


def test_a_customer_who_is_back_between_words_is_reachable(talk):
    talk.say("/start")
    first, second = words(talk, "hello", "hello again")
    talk.chat.troubles["send_text"] = [ChatUnreachable(chat_id=BUYER, told="blocked")]

    with talk.conversation.sit() as handle:
        with pytest.raises(ChatUnreachable):
            handle(first)
        talk.shop.users.mark_unreachable(BUYER)
        handle(second)

    assert not talk.shop.users.is_unreachable(BUYER)


def test_the_message_that_was_shown_is_kept_though_the_next_word_fails(talk, monkeypatch):
    talk.reach(Place.FIELD)
    first, second = words(talk, *STREET[:2])

    with talk.conversation.sit() as handle:
        handle(first)
        monkeypatch.setattr(Draft.objects.__class__, "move", Mock(side_effect=AutoReconnect()))
        with pytest.raises(AutoReconnect):
            handle(second)

    assert talk.draft.message_id == max(talk.chat.shown)
