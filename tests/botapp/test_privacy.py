"""In the chat: a customer's data sent or forgotten, and answers to what is asked."""

from zipfile import is_zipfile

import pytest

from botapp.language import speaking
from botapp.states import Place
from botapp.texts import help as help_texts
from models.export import Export
from models.outbox import Note, NoteState
from models.quote import Quote
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT


def test_the_data_comes_as_one_file_and_the_customer_stays_where_they_were(talk, tmp_path):
    talk.reach(Place.CONFIRM)

    said = talk.say("/export")
    here = talk.place
    talk.shop.work()

    assert said.startswith("I am packing your data.")
    assert here == Place.CONFIRM
    [(name, document)] = talk.chat.files
    assert name == "labeldesk-data.zip"
    (tmp_path / name).write_bytes(document)
    assert is_zipfile(tmp_path / name)
    assert talk.text.startswith("<b>Your data</b>")


def test_an_export_asked_for_twice_by_one_update_is_one(talk):
    asked = talk.heard({"text": "/export"})

    talk.handle(asked)
    talk.handle(asked)
    talk.shop.work()

    assert Export.objects.count() == len(talk.chat.files) == 1


def test_an_export_whose_week_is_over_is_not_sent_and_stops_nothing(talk):
    talk.say("/settings")
    talk.press("Export my data")
    talk.shop.exports.build(Export.objects.get().id)
    Export.objects.delete()
    talk.shop.work()

    assert talk.chat.files == []
    assert Note.objects.get().status is NoteState.UNDELIVERABLE


def test_forgetting_says_what_goes_and_what_stays_and_asks_first(talk):
    talk.reach(Place.RATES)

    asked = talk.say("/forget")
    before = Quote.objects.count(), "label" in talk.draft.data
    press = talk.pressed("Yes, erase them")
    talk.handle(press)
    talk.handle(press)

    assert "<b>Erased at once:</b> saved addresses" in asked
    assert "<b>Kept:</b> your balance" in asked
    assert before == (1, True)
    assert talk.text.startswith("Erased. Your balance and your orders are as they were.")
    assert Quote.objects.count() == 0
    kept = str(talk.draft.data)
    assert SENDER_TEXT.splitlines()[1] not in kept
    assert RECIPIENT_TEXT.splitlines()[1] not in kept
    assert "Continue label" not in talk.labels


def test_turning_back_forgets_nothing(talk):
    talk.reach(Place.RATES)
    talk.say("/forget")

    talk.press("Back")

    assert talk.place == Place.SETTINGS
    assert Quote.objects.count() == 1
    assert "label" in talk.draft.data


def test_help_says_how_it_works_names_a_person_and_answers(talk):
    page = talk.say("/help")
    answered = talk.press("How do I print a label?")
    offered = talk.labels
    person = talk.button("Write to a person")[1].url
    back = talk.press("Back")
    talk.press("Back")

    assert page.startswith("<b>How it works</b>\n\n1. Top up your balance.")
    assert "A person answers at @labeldesk_help." in page
    assert answered.startswith("<b>How do I print a label?</b>\n\nThe PDF is 4 by 6 inches")
    assert "How do I print a label?" not in offered
    assert person == "https://t.me/labeldesk_help"
    assert back == page
    assert talk.place == Place.MENU


@pytest.mark.parametrize(
    ("contact", "url"),
    [("", None), ("help@shop.example", None), ("https://shop.example/help", "https://shop.example/help")],
)  # fmt: skip
def test_only_what_opens_becomes_a_button(talk, contact, url):
    object.__setattr__(talk.conversation.shop, "contact", contact)

    page = talk.say("/help")

    buttons = {button.label: button.url for button in talk.chat.shown[max(talk.chat.shown)][1]}
    assert buttons.get("Write to a person") == url
    assert (f"A person answers at {contact}." in page) is bool(contact)


@pytest.mark.parametrize("code", ["en", "es", "ru"])
def test_every_answer_fits_and_is_said_in_the_customers_language(code):
    with speaking(code):
        answers = help_texts.answers()

    assert len({question for question, _ in answers}) == len(answers)
    assert all(len(question) <= 46 and 60 < len(told) < 1_000 for question, told in answers)
    assert (answers == help_texts.answers()) is (code == "en")
