"""Several updates of a chat in one sitting: less is asked, and nothing is told otherwise."""

from collections import Counter
from contextlib import suppress
from unittest.mock import Mock

import pytest
from pymongo import monitoring

from botapp import sitting
from botapp.states import Place
from core.chats import ChatUnreachable, TelegramDown
from models.connection import collection
from services.drafts import DraftMoved, Drafts, WordsLost
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
    drafts, draft = talk.conversation.shop.drafts, talk.draft
    draft.move(draft.last_update_id, **changes)
    drafts.keep(draft, for_updates=False)


def put_back(draft):
    collection("drafts").replace_one({"_id": draft.id}, draft.to_mongo())


def disturbed(talk, first, second):
    with talk.conversation.sit() as handle:
        handle(first)
        other_hand(talk, data=talk.draft.data | {"aside": [{"at": "pay"}]})
        with suppress(DraftMoved):
            handle(second)


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
    draft, drafts = talk.draft, talk.conversation.shop.drafts

    data = {"kept": (1, {"at": None})}
    drafts.move(draft, update_id=7, screen="menu", data=data, message_id=None)
    drafts.keep(draft)

    assert {name: draft[name] for name in draft} == {name: talk.draft[name] for name in draft}


def test_words_that_tell_of_the_label_have_the_draft_written_once(talk):
    talk.reach(Place.FIELD)
    before = talk.draft

    with talk.conversation.sit() as handle:
        for word in words(talk, *STREET):
            handle(word)
        meanwhile = talk.draft

    assert meanwhile.version == before.version
    assert talk.draft.version == before.version + len(STREET)


def test_words_are_written_before_they_are_a_second_old(talk, monkeypatch):
    monkeypatch.setattr(sitting, "UNWRITTEN_SECONDS", 0)
    talk.reach(Place.FIELD)
    before = talk.draft

    with talk.conversation.sit() as handle:
        handle(words(talk, *STREET)[0])
        meanwhile = talk.draft

    assert meanwhile.version == before.version + 1


def test_words_that_may_change_more_than_the_draft_have_it_written_at_once(talk):
    talk.reach(Place.TOPUP)
    before = talk.draft

    with talk.conversation.sit() as handle:
        handle(words(talk, "25")[0])
        meanwhile = talk.draft

    assert meanwhile.version == before.version + 1


def test_words_that_a_dead_bot_had_heard_and_not_written_are_heard_again(talk, monkeypatch):
    talk.reach(Place.FIELD)
    heard = words(talk, *STREET)
    with monkeypatch.context() as dying:
        dying.setattr(Drafts, "keep", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            talk.handle_all(*heard)
    assert talk.draft.last_update_id < heard[0].update_id

    talk.handle_all(*heard)

    assert talk.draft.data["label"]["sender"]["street2"] == STREET[-1]
    assert talk.draft.heard[-4:] == [word.update_id for word in heard]


def test_words_after_which_somebody_else_wrote_the_draft_are_all_heard_again(talk):
    talk.reach(Place.WEIGHT)
    heard = words(talk, "nonsense", "2 lb")

    with pytest.raises(WordsLost):
        disturbed(talk, *heard)
    talk.handle_all(*heard)

    assert talk.place == Place.SIZES
    assert talk.draft.data["aside"] == [{"at": "pay"}]
    assert talk.draft.data["label"]["weight_oz"] == "32.0"


def test_a_press_does_not_hide_that_words_before_it_were_lost(talk):
    talk.reach(Place.WEIGHT)
    [word] = words(talk, "2 lb")
    press = talk.pressed("Back")

    with pytest.raises(WordsLost):
        disturbed(talk, word, press)
    talk.handle_all(word, press)

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


def test_words_whose_answer_fails_are_written_and_only_answered_again(talk):
    talk.reach(Place.FIELD)
    first, second = words(talk, *STREET[:2])

    with talk.conversation.sit() as handle:
        handle(first)
        talk.chat.troubles["send_text"] = [TelegramDown(method="sendMessage")]
        with pytest.raises(TelegramDown):
            handle(second)
    version = talk.draft.version
    talk.handle(second)

    assert talk.draft.version == version
    assert talk.draft.message_id == max(talk.chat.shown)


def test_what_mongodb_has_lost_while_it_was_answered_is_heard_again(talk, monkeypatch):
    """It died and came back with the draft of before, and would mark the update as handled."""
    talk.reach(Place.FIELD)
    lost, update = talk.draft, talk.heard({"text": "/start"})
    send = talk.chat.send_text

    def die_and_send(*said):
        put_back(lost)
        return send(*said)

    monkeypatch.setattr(talk.chat, "send_text", die_and_send)

    with pytest.raises(WordsLost):
        talk.handle(update)
    was_there = talk.draft.version
    monkeypatch.setattr(talk.chat, "send_text", send)
    talk.handle(update)

    assert was_there == lost.version
    assert talk.place == Place.MENU
    assert talk.draft.heard[-1] == update.update_id
    assert talk.draft.message_id == max(talk.chat.shown)


def test_a_draft_that_somebody_has_moved_on_meanwhile_is_not_lost(talk, monkeypatch):
    talk.reach(Place.FIELD)
    send = talk.chat.send_text

    def tick_and_send(*said):
        other_hand(talk, data=talk.draft.data | {"aside": [{"at": "pay"}]})
        return send(*said)

    monkeypatch.setattr(talk.chat, "send_text", tick_and_send)

    talk.say("/start")

    assert talk.place == Place.MENU
    assert talk.draft.data["aside"] == [{"at": "pay"}]
