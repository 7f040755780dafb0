"""The inbox: kept before it is confirmed, one holder a chat, in Telegram's order."""

import pytest

from models.inbox import Lease, Update
from services.drafts import DraftMoved, Drafts
from services.inbox import Inbox, Share, chat_of


@pytest.fixture
def inbox(shop):
    return Inbox(shop.clock)


def message(update_id, chat_id=7, text="hello"):
    return {"update_id": update_id, "message": {"chat": {"id": chat_id}, "text": text}}


def test_updates_are_kept_once_and_name_their_chats(inbox):
    assert inbox.receive([message(1), message(2, 8), message(3)]) == [7, 8]
    assert inbox.receive([message(3), message(4)]) == [7]
    assert inbox.receive([]) == []

    assert [update.update_id for update in inbox.waiting(7)] == [1, 3, 4]
    assert Update.objects.count() == 4


def test_a_chats_updates_wait_in_telegrams_order_whatever_order_they_came_in(inbox):
    inbox.receive([message(5), message(2), message(9)])
    inbox.receive([message(4)])

    assert [update.update_id for update in inbox.waiting(7)] == [2, 4, 5, 9]


def test_a_handled_update_waits_no_more(inbox):
    inbox.receive([message(1), message(2)])

    inbox.finish(inbox.waiting(7)[0])

    assert [update.update_id for update in inbox.waiting(7)] == [2]


def test_an_update_that_always_fails_is_given_up_and_named(inbox):
    inbox.receive([message(1), message(2)])
    tries = 0
    while not inbox.is_given_up(inbox.waiting(7)[0]):
        inbox.blame(inbox.waiting(7)[0])
        tries += 1

    inbox.finish(inbox.waiting(7)[0], failure="poison")
    inbox.finish(Update.objects.fetch("tg:1"), inbox.waiting(7)[0])

    assert tries == 5
    assert [update.failure for update in Update.objects.order_by("update_id")] == ["poison", ""]
    assert inbox.waiting(7) == []


def test_chats_left_alone_are_found_after_a_while(shop, inbox):
    inbox.receive([message(1), message(2), message(3, 8)])
    assert inbox.chats_waiting() == []

    shop.clock.turn(seconds=6)
    assert inbox.chats_waiting() == [7, 8]


def test_shares_have_every_chat_once_groups_as_well(shop, inbox):
    chats = [-5, -4, -3, 0, 1, 2, 3, 2**40 + 1]
    inbox.receive([message(number, chat) for number, chat in enumerate(chats, 1)])
    shop.clock.turn(seconds=6)

    shares = [inbox.chats_waiting(Share(number, 3)) for number in range(3)]

    assert shares == [[chat for chat in chats if chat % 3 == number] for number in range(3)]
    assert inbox.chats_waiting() == chats


def test_a_chat_has_one_holder_at_a_time(shop, inbox):
    assert inbox.take_chat(7, "a")
    assert not inbox.take_chat(7, "b")
    assert inbox.take_chat(7, "a")
    assert inbox.take_chat(8, "b")

    inbox.give_back(7, "a")
    shop.clock.turn(seconds=1)
    assert inbox.take_chat(7, "b")


def test_a_lease_tells_whether_somebody_else_had_the_chat_and_died_with_it(shop, inbox):
    first = inbox.take_chat(7, "a")
    inbox.give_back(7, "a")
    again = inbox.take_chat(7, "a")
    shop.clock.turn(seconds=11)
    inherited = inbox.take_chat(7, "b")
    inbox.give_back(7, "b")
    regained = inbox.take_chat(7, "a")

    assert first == again == Lease(undisturbed=True, after_death=False)
    assert inherited == Lease(undisturbed=False, after_death=True)
    assert regained == Lease(undisturbed=False, after_death=False)


def test_a_dead_holders_chat_is_free_after_the_lease_and_a_living_ones_is_not(shop, inbox):
    inbox.take_chat(7, "a")
    shop.clock.turn(seconds=8)
    inbox.renew([7], "a")
    shop.clock.turn(seconds=8)
    assert not inbox.take_chat(7, "b")

    shop.clock.turn(seconds=3)
    assert inbox.take_chat(7, "b")
    inbox.give_back(7, "a")
    assert not inbox.take_chat(7, "c")


@pytest.mark.parametrize(
    ("raw", "chat_id"),
    [
        ({"update_id": 1, "message": {"chat": {"id": 5}}}, 5),
        ({"update_id": 1, "edited_message": {"chat": {"id": 5}}}, 5),
        (
            {"update_id": 1, "callback_query": {"from": {"id": 6}, "message": {"chat": {"id": 5}}}},
            5,
        ),
        ({"update_id": 1, "callback_query": {"from": {"id": 6}}}, 6),
        ({"update_id": 1, "my_chat_member": {"chat": {"id": 5}, "from": {"id": 6}}}, 5),
        ({"update_id": 1, "inline_query": {"from": {"id": 6}}}, 6),
        ({"update_id": 1, "poll": {"id": "x"}}, 0),
        ({"update_id": 1}, 0),
        ({"update_id": 1, "message": {"chat": {"id": "5"}}}, 0),
        ({"update_id": 1, "message": {"chat": {"id": True}}}, 0),
        ({"update_id": 1, "message": {"chat": {"id": 2**63}}}, 0),
        ({"update_id": 1, "callback_query": {"from": {"id": 6}, "message": "x"}}, 6),
    ],
)
def test_every_update_finds_its_chat(raw, chat_id):
    assert chat_of(raw) == chat_id


def test_a_draft_moves_on_once_a_version(shop):
    drafts = Drafts(shop.clock)
    draft, same = drafts.load(7), drafts.load(7)
    assert (draft.screen, draft.version) == ("menu", 0)

    drafts.move(draft, update_id=1, screen="parcel", data={"weight": "2"}, message_id=4)
    drafts.keep(draft)
    drafts.move(same, update_id=2, screen="menu", data={}, message_id=None)
    with pytest.raises(DraftMoved):
        drafts.keep(same)

    kept = drafts.load(7)
    assert (kept.screen, kept.data, kept.message_id) == ("parcel", {"weight": "2"}, 4)
    assert (kept.version, kept.last_update_id) == (1, 1)


def test_a_draft_remembers_an_update_once_however_often_it_moves_after_it(shop):
    drafts = Drafts(shop.clock)

    for update_id in (1, 2, 2, 2, 3):
        draft = drafts.load(7)
        drafts.move(draft, update_id=update_id, screen="menu", data={}, message_id=4)
        drafts.keep(draft)

    assert (drafts.load(7).version, drafts.load(7).heard) == (5, [1, 2, 3])
