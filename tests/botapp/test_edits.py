"""A message is edited: what it had told changes, as long as that can still be changed."""

import pytest

from botapp.states import Place
from models.batch import Batch
from models.order import Order
from models.payment import Payment
from providers.payments.base import PaymentProviderDown
from tests.batches import bad, good, table
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT

PASTED, WEIGHED, MEASURED = 51, 52, 53
SHIRTS, MUGS = "2 T-shirts 30 USD 1 lb", "3 mugs 24.50 USD 12 oz"


def say(talk, message_id, text):
    return talk.handle(talk.heard({"text": text, "message_id": message_id}))


def edit(talk, message_id, text, edit_date=1):
    """No date: an edit of Telegram's own, for a link preview say."""
    content = {"text": text, "message_id": message_id, "edit_date": edit_date}
    return talk.handle(talk.keep({"edited_message": talk.heard(content).raw["message"]}))


def label(talk):
    return talk.draft.data["label"]


@pytest.fixture
def confirmed(talk):
    """All is told, in one message and two words."""
    talk.say("/new")
    say(talk, PASTED, f"{SENDER_TEXT}\n{RECIPIENT_TEXT}")
    talk.press("Looks right")
    say(talk, WEIGHED, "2 lb")
    say(talk, MEASURED, "10x8x4")
    assert talk.place == Place.CONFIRM
    return talk


def test_another_weight_is_the_labels_and_shown_anew(confirmed):
    edit(confirmed, WEIGHED, "3 lb")

    assert confirmed.text.startswith("Changed, as in your edited message.")
    assert "3 lb" in confirmed.text
    assert confirmed.place == Place.CONFIRM
    assert label(confirmed)["weight_oz"] == "48.0"


def test_an_edited_address_changes_only_what_differs(confirmed):
    confirmed.press("Edit from")
    confirmed.press("Phone")
    confirmed.say("415 555 2671")

    edit(confirmed, PASTED, f"{SENDER_TEXT}\n{RECIPIENT_TEXT}".replace("388", "390"))

    sender = label(confirmed)["sender"]
    assert (sender["street"], sender["phone"]) == ("390 Townsend St", "+14155552671")
    assert label(confirmed)["recipient"]["street"] == "350 5th Ave"


def test_what_an_edit_leaves_out_is_taken_away(talk):
    talk.say("/new")
    say(talk, PASTED, SENDER_TEXT.replace("\n", "\nAcme Inc\n", 1))
    before = label(talk)["sender"]["company"]

    edit(talk, PASTED, SENDER_TEXT)

    assert before == "Acme Inc"
    assert label(talk)["sender"]["company"] == ""


@pytest.mark.parametrize(("text", "edit_date"), [("2 lb", 1), ("3 lb", 0), ("3 lb", None)])
def test_what_telegram_itself_changes_is_not_answered(confirmed, text, edit_date):
    answers = len(confirmed.chat.told)

    edit(confirmed, WEIGHED, text, edit_date)

    assert len(confirmed.chat.told) == answers
    assert label(confirmed)["weight_oz"] == "32.0"


@pytest.mark.parametrize(
    ("message_id", "text", "told"),
    [
        (WEIGHED, "200 lb", "150 lb"),
        (WEIGHED, "heavy", "weight"),
        (MEASURED, "10x8", "that size"),
        (PASTED, "oops", "Nothing was changed."),
        (PASTED, f"{SENDER_TEXT.replace('94107', '10118')}\n{RECIPIENT_TEXT}", "10118"),
    ],
)
def test_a_bad_edit_says_why_and_keeps_the_old(confirmed, message_id, text, told):
    before = dict(label(confirmed))

    edit(confirmed, message_id, text)

    assert told in confirmed.text.split("<b>Ready")[0]
    assert confirmed.place == Place.CONFIRM
    assert dict(label(confirmed)) == before


def test_a_changed_parcel_is_never_bought_at_the_old_ones_price(confirmed):
    confirmed.shop.credit(5_000)
    confirmed.press("Get rates")
    confirmed.press("USPS Ground")
    pay = confirmed.pressed("Pay $7.50")

    edit(confirmed, WEIGHED, "20 lb")
    confirmed.handle(pay)

    assert confirmed.place == Place.CONFIRM
    assert "quote" not in label(confirmed)
    assert Order.objects.count() == 0


def test_an_edit_is_taken_back_like_any_word(confirmed):
    edit(confirmed, WEIGHED, "3 lb")
    confirmed.press("Undo")
    edit(confirmed, WEIGHED, "4 lb")

    assert label(confirmed)["weight_oz"] == "64.0"
    assert confirmed.place == Place.CONFIRM


def test_a_word_that_was_refused_is_heard_again_when_it_is_edited(talk):
    talk.reach(Place.WEIGHT)
    say(talk, WEIGHED, "2 punds")

    edit(talk, WEIGHED, "2 pounds")
    heard = talk.place
    edit(talk, WEIGHED, "3 pounds")

    assert (heard, talk.place) == (Place.SIZES, Place.SIZES)
    assert label(talk)["weight_oz"] == "48.0"


def test_words_that_are_added_to_a_picture_are_read_and_may_be_edited_again(talk):
    talk.reach(Place.WEIGHT)
    picture = {"photo": [{}], "message_id": WEIGHED}
    talk.handle(talk.heard(picture))

    for caption in ("2 punds", "2 pounds", "3 pounds"):
        changed = picture | {"caption": caption, "edit_date": 1}
        talk.handle(talk.keep({"edited_message": talk.heard(changed).raw["message"]}))

    assert talk.place == Place.SIZES
    assert talk.text.startswith("Changed, as in your edited message.")
    assert label(talk)["weight_oz"] == "48.0"


def test_an_edited_amount_is_asked_for_again_when_nobody_answered(talk):
    talk.say("/topup")
    say(talk, WEIGHED, "a lot")
    talk.shop.provider.troubles.append(PaymentProviderDown(provider="oxapay"))

    told = edit(talk, WEIGHED, "30.50")
    talk.press("Try again")

    assert told.startswith("The payment service doesn't answer right now.")
    assert "Top-up of $30.50" in talk.text
    assert talk.place == Place.INVOICE


def test_what_is_asked_for_may_be_told_by_an_edit(talk):
    talk.say("/new")
    say(talk, PASTED, SENDER_TEXT.replace(" 94107", "").replace(", CA", ""))
    asked = talk.place

    edit(talk, PASTED, SENDER_TEXT)

    assert (asked, talk.place) == (Place.FIELD, Place.ADDRESS)
    assert label(talk)["sender"]["zip"] == "94107"


def test_an_amount_is_changed_until_there_is_an_invoice(talk):
    talk.reach(Place.PROVIDER)
    talk.press("Back")
    say(talk, WEIGHED, "30")

    edit(talk, WEIGHED, "a lot")
    edit(talk, WEIGHED, "40")
    talk.press("Crypto Pay, here in Telegram")
    edit(talk, WEIGHED, "50")

    assert [payment.amount.minor for payment in Payment.objects] == [4_000]
    assert talk.text.startswith("That message can't change anything any more.")
    assert talk.place == Place.INVOICE


def test_an_edit_after_the_purchase_changes_nothing_and_says_so_kindly(confirmed):
    confirmed.shop.credit(5_000)
    confirmed.press("Get rates")
    confirmed.press("USPS Ground")
    confirmed.press("Pay $7.50")

    edit(confirmed, WEIGHED, "3 lb")

    assert confirmed.text.startswith("That message can't change anything any more.")
    assert Order.objects.get().parcel.weight_oz == 32


@pytest.fixture
def declared(talk):
    """Two things for the customs, and the rates."""
    talk.reach(Place.ITEM)
    say(talk, 61, SHIRTS)
    say(talk, 62, MUGS)
    talk.walk(("press:Done", "press:Get rates"))
    return talk


def things(talk):
    return [(thing["quantity"], thing["description"]) for thing in label(talk)["customs"]["items"]]


def test_a_thing_for_the_customs_is_declared_otherwise_in_its_place(declared):
    edit(declared, 61, SHIRTS.replace("2", "4"))

    assert things(declared) == [(4, "T-shirts"), (3, "mugs")]
    assert declared.place == Place.CONFIRM
    assert "please get rates again" in declared.text
    assert "quote" not in label(declared)


@pytest.mark.parametrize(
    ("text", "why"),
    [("2 T-shirts", "worth"), (SHIRTS.replace("1 lb", "40 oz"), "but the whole parcel only 2 lb")],
)
def test_a_thing_that_the_customs_would_not_take_stays_as_it_was(declared, text, why):
    edit(declared, 61, text)

    assert why in declared.text
    assert things(declared) == [(2, "T-shirts"), (3, "mugs")]
    assert (declared.place, "quote" in label(declared)) == (Place.RATES, True)


def test_a_thing_that_was_removed_does_not_come_back_with_an_edit(declared):
    declared.walk(("press:Back", "press:Edit contents", "press:Remove T-shirts"))

    edit(declared, 61, SHIRTS.replace("2", "4"))

    assert declared.text.startswith("That message can't change anything any more.")
    assert things(declared) == [(3, "mugs")]


def test_a_file_that_took_the_place_of_another_is_read_and_a_caption_asks_for_no_second(talk):
    talk.send("orders.csv", table([bad(1)]))
    mended = talk.document("orders.csv", table([good(1), good(2)]))

    for caption in ("", "mended"):
        changed = {"document": mended, "caption": caption, "edit_date": 1}
        talk.handle(talk.keep({"edited_message": talk.heard(changed).raw["message"]}))

    assert "<b>orders.csv</b>: 2 rows" in talk.text
    assert sorted(batch.rows for batch in Batch.objects) == [1, 2]


def test_only_the_latest_messages_are_remembered(talk):
    talk.say("/new")
    for number in range(12):
        say(talk, 100 + number, SENDER_TEXT.replace("388", str(400 + number)))
        talk.press("Back")

    edit(talk, 101, SENDER_TEXT.replace("388", "999"))
    early = label(talk)["sender"]["street"]
    edit(talk, 111, SENDER_TEXT.replace("388", "999"))

    assert len(label(talk)["said"]) == 10
    assert (early, label(talk)["sender"]["street"]) == ("411 Townsend St", "999 Townsend St")
