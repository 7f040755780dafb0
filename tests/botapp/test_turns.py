"""Each update counts once, whatever is repeated, late, or killed half-way."""

import pytest

from botapp.states import Place
from core.chats import MessageDoubtful, TelegramDown
from models.draft import Draft
from models.order import Order
from models.payment import Payment
from models.user import User
from providers.carriers.base import CarrierDown, CarrierRefused
from providers.payments.base import PaymentProviderDown
from services.drafts import DraftMoved
from tests.botapp.talk import SENDER_TEXT
from tests.shop import BUYER


def test_an_update_handled_twice_shows_the_screen_again_and_moves_nothing(talk):
    talk.reach(Place.WEIGHT)
    update = talk.heard({"text": "2 lb"})

    talk.handle(update)
    before = talk.draft.to_mongo()
    talk.handle(update)

    assert "How large is it?" in talk.text
    assert {**talk.draft.to_mongo(), "message_id": 0} == {**before, "message_id": 0}


def test_what_was_answered_before_a_death_is_not_said_in_a_second_message(talk):
    talk.reach(Place.WEIGHT)
    update = talk.heard({"text": "2 lb"})
    talk.handle(update)
    shown, answered_in = dict(talk.chat.shown), talk.draft.message_id

    talk.handle(update)

    assert talk.chat.shown == shown
    assert talk.draft.message_id == answered_in


def test_an_unanswered_note_button_that_comes_again_leaves_the_note_alone(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    message_id, button = max(talk.chat.shown), talk.chat.shown[max(talk.chat.shown)][1][0]
    note = talk.chat.shown[message_id]
    update = talk.pressed_data(message_id, button.data)
    talk.chat.troubles["send_text"] = [TelegramDown(method="sendMessage")]

    with pytest.raises(TelegramDown):
        talk.handle(update)
    talk.handle(update)

    assert talk.chat.shown[message_id] == note
    assert talk.draft.message_id == max(talk.chat.shown) > message_id


def test_an_answer_that_could_not_be_sent_is_given_when_the_update_comes_again(talk):
    talk.reach(Place.WEIGHT)
    update = talk.heard({"text": "2 lb"})
    talk.chat.troubles["send_text"] = [TelegramDown(method="sendMessage")]

    with pytest.raises(TelegramDown):
        talk.handle(update)
    talk.handle(update)

    assert "How large is it?" in talk.text
    assert talk.draft.data["label"]["weight_oz"] == "32.0"


@pytest.mark.parametrize("forgotten_by", ["the inbox", "the draft"])
def test_an_old_update_that_was_handled_does_nothing(talk, forgotten_by):
    talk.reach(Place.WEIGHT)
    old = talk.heard({"text": "2 lb"})
    talk.handle(old)
    talk.say("10x8x4")
    if forgotten_by == "the draft":
        talk.inbox.finish(old)
        Draft.objects(pk=BUYER).update_one(set__heard=[])
    shown = dict(talk.chat.shown)

    talk.handle(old)

    assert talk.chat.shown == shown
    assert talk.place == Place.CONFIRM


def test_an_unhandled_update_with_a_smaller_id_is_heard(talk):
    talk.reach(Place.WEIGHT)
    talk.update_ids = iter([5])

    talk.say("2 lb")

    assert talk.place == Place.SIZES


def test_a_stale_button_shows_the_current_screen(talk):
    talk.say("/start")
    message_id, button = talk.button("New label")
    talk.say("/balance")
    version = talk.draft.version

    talk.handle(talk.pressed_data(message_id, button.data))

    assert "Available: <b>$0.00</b>" in talk.chat.shown[message_id][0]
    assert (talk.place, talk.draft.version) == (Place.BALANCE, version)


@pytest.mark.parametrize("data", ["", ":::", "x", "99999999999:pay:", "note:pay", "note:", "☃:a:b"])
def test_a_button_that_is_not_ours_changes_nothing(talk, data):
    talk.reach(Place.PAY)

    talk.handle(talk.pressed_data(100, data))

    assert talk.place == Place.PAY
    assert Order.objects.count() == 0


def test_two_taps_on_pay_make_one_order(talk):
    talk.reach(Place.PAY)
    first, second = talk.pressed("Pay $7.50"), talk.pressed("Pay $7.50")

    talk.handle(first)
    talk.handle(second)
    talk.shop.work()

    assert Order.objects.count() == 1
    assert talk.shop.balance() == (4_250, 0)
    assert len(talk.shop.carrier.calls) == 1


def test_killed_between_the_order_and_the_draft_pay_is_handled_again_and_buys_once(talk):
    talk.reach(Place.PAY)
    before = Draft.objects.get(pk=BUYER)
    update = talk.pressed("Pay $7.50")
    talk.handle(update)
    before.save()

    talk.handle(update)

    assert talk.place == Place.BUYING
    assert Order.objects.count() == 1
    assert talk.shop.balance() == (4_250, 750)


def test_a_bot_that_comes_late_to_an_amount_opens_no_second_invoice(talk):
    talk.reach(Place.TOPUP)
    before = Draft.objects.get(pk=BUYER)
    update = talk.heard({"text": "25"})
    talk.handle(update)
    [payment] = Payment.objects()
    talk.shop.pay(payment)
    talk.shop.topups.settle(payment.id)
    before.save()

    talk.handle(update)

    assert [each.id for each in Payment.objects()] == [payment.id]
    assert talk.place == Place.INVOICE


def test_a_draft_that_keeps_moving_under_us_is_left_for_later(talk, monkeypatch):
    talk.say("/start")
    monkeypatch.setattr(Draft.objects.__class__, "replace", lambda *_, **__: False)

    with pytest.raises(DraftMoved):
        talk.say("/new")

    assert talk.place == Place.MENU


def test_a_silent_carrier_keeps_the_draft_and_one_button_asks_again(talk):
    talk.reach(Place.CONFIRM)
    before = talk.draft.data["label"]
    quote = talk.shop.carrier.quote
    talk.shop.carrier.quote = _raising(CarrierDown(provider="easypost"))

    told = talk.press("Get rates")
    kept, labels = talk.draft.data["label"], talk.labels
    talk.shop.carrier.quote = quote
    talk.press("Get rates")

    assert told.startswith("The carriers don't answer right now. Your label is kept")
    assert kept == before
    assert labels[0] == "Get rates"
    assert "Try again" not in labels
    assert talk.place == Place.RATES


def test_a_silent_payment_service_is_asked_again_for_the_same_typed_amount(talk):
    talk.say("/topup")
    talk.shop.provider.troubles.append(PaymentProviderDown(provider="oxapay"))

    told = talk.say("30.50")
    talk.press("Try again")

    assert told.startswith("The payment service doesn't answer right now.")
    assert "Top-up of $30.50" in talk.text
    assert len(talk.shop.provider.made) == 1


def test_a_carrier_that_refuses_the_address_is_quoted_and_escaped(talk):
    talk.reach(Place.CONFIRM)
    talk.shop.carrier.quote = _raising(
        CarrierRefused(provider="easypost", reason="x", told="Bad <street> & number.")
    )

    talk.press("Get rates")

    assert "Bad &lt;street&gt; &amp; number." in talk.text
    assert talk.place == Place.CONFIRM


def test_slow_work_says_so_first(talk):
    talk.reach(Place.CONFIRM)
    talk.chat.calls.clear()

    talk.press("Get rates")

    assert talk.chat.calls == ["answer_press", "typing", "edit_text", "edit_text"]


def test_a_press_answers_in_the_pressed_message(talk):
    talk.say("/start")
    count = len(talk.chat.shown)

    talk.press("Balance")

    assert len(talk.chat.shown) == count
    assert talk.draft.message_id == max(talk.chat.shown)


def test_a_deleted_message_is_answered_with_a_new_one(talk):
    talk.say("/start")
    update = talk.pressed("Balance")
    talk.chat.shown.clear()

    talk.handle(update)

    assert talk.text.startswith("Available:")


def test_a_doubtful_answer_is_given_again(talk):
    talk.chat.troubles["send_text"] = [MessageDoubtful(method="sendMessage")]
    update = talk.heard({"text": "/start"})

    with pytest.raises(MessageDoubtful):
        talk.handle(update)
    talk.handle(update)

    assert "What would you like to do?" in talk.text


def test_a_note_button_works_whatever_the_draft_is(talk):
    talk.reach(Place.BUYING)
    talk.shop.work()
    message_id, button = max(talk.chat.shown), talk.chat.shown[max(talk.chat.shown)][1][0]
    talk.say("/balance")
    talk.say("/help")

    talk.handle(talk.pressed_data(message_id, button.data))

    assert button.data == "note:new:"
    assert talk.place == Place.SENDER
    assert "Your label is ready" in talk.chat.shown[message_id][0]


@pytest.mark.parametrize(
    "content",
    [{"sticker": {}}, {"photo": []}, {"contact": {}}, {"voice": {}}, {"document": {}}],
)
def test_what_is_not_text_is_answered_in_words(talk, content):
    talk.reach(Place.WEIGHT)

    talk.handle(talk.heard(content))

    assert talk.text.startswith("I read text, and .csv or .xlsx files")
    assert talk.place == Place.WEIGHT


def test_an_unknown_command_is_named_and_nothing_moves(talk):
    talk.reach(Place.WEIGHT)

    talk.say("/horoscope 123")

    assert talk.text.startswith("I don't know the command /horoscope.")
    assert talk.place == Place.WEIGHT


def test_commands_may_carry_the_bots_name(talk):
    talk.say("/balance@labeldesk_bot")

    assert talk.place == Place.BALANCE


@pytest.mark.parametrize(
    "content",
    [
        {"edited_message": {"message_id": 1}},
        {"message": {"message_id": 1, "from": {"id": 5}, "chat": {"id": -9, "type": "group"}}},
        {"message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "hi"}},
        {"callback_query": {"id": "1", "from": {"id": 5}, "inline_message_id": "x", "data": "1"}},
        {"poll": {"id": "1"}},
        {"message": None},
        {},
    ],
)
def test_other_updates_are_ignored(talk, content):
    talk.handle_all(talk.keep(content))

    assert talk.chat.calls == []
    assert Draft.objects.count() == 0


def _restart(talk, change):
    member = {"user": {"id": 1}, "status": "member"}
    talk.handle_all(talk.keep({"my_chat_member": change | {"new_chat_member": member}}))
    assert talk.chat.calls == []


def _write(talk, _change):
    talk.say("/start")


@pytest.mark.parametrize("come_back", [_write, _restart])
def test_a_customer_who_blocks_the_bot_is_unreachable_until_they_are_back(talk, come_back):
    member = {"user": {"id": 1}, "status": "kicked"}
    chat, person = {"id": BUYER, "type": "private"}, {"id": BUYER, "first_name": "Maria"}
    change = {"chat": chat, "from": person, "date": 0, "new_chat_member": member}

    talk.handle_all(talk.keep({"my_chat_member": change}))
    blocked = User.objects.get(pk=BUYER).unreachable_at
    come_back(talk, change)

    assert blocked is not None
    assert User.objects.get(pk=BUYER).unreachable_at is None


def test_a_draft_of_a_screen_we_no_longer_have_begins_at_the_menu(talk):
    talk.say("/start")
    Draft.objects(pk=BUYER).update_one(set__screen="horoscope")

    talk.say("hello")

    assert talk.text.startswith("Please use the buttons below, or send both addresses")
    assert talk.place == Place.MENU


def test_a_draft_whose_quote_is_gone_falls_back_to_the_menu_and_keeps_the_addresses(talk):
    talk.reach(Place.RATES)
    Draft.objects(pk=BUYER).update_one(set__data__label__quote="Q-GONE")

    talk.say("hello")
    shown = talk.text
    talk.press("Continue label")

    assert "What would you like to do?" in shown
    assert talk.draft.data["label"]["sender"]["street"] == "388 Townsend St"


def test_maintenance_is_told_politely_and_the_label_kept(talk):
    talk.reach(Place.CONFIRM)
    talk.shop.modes.set_maintenance_mode(on=True, by="owner@shop")

    talk.press("Get rates")

    assert talk.text.startswith("We are closed for maintenance")
    assert talk.place == Place.CONFIRM
    assert talk.draft.data["label"]["sender"]["name"] == SENDER_TEXT.splitlines()[0]


def _raising(error):
    def instead(*_, **__):
        raise error

    return instead
