# ruff: noqa: RUF001 - Russian is written in Cyrillic
"""Every customer is answered in the language that they chose, by the bot and by workers alike."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest

import botapp
from botapp import language
from botapp.language import speaking
from botapp.states import Place
from botapp.texts import names, settings
from core.chats import TelegramDown
from core.money import Money
from core.quiet import PRESETS
from models.order import Order
from providers.payments.base import InvoiceState
from tests.botapp.tongues import (
    OTHERS,
    SHORT,
    TONGUES,
    catalogue,
    english_labels,
    english_parts,
    facts,
    in_tongue,
    template,
    translated,
)
from tests.factories import NOON
from tests.shop import BUYER

TAG = re.compile(r"</?\w+>")
ROOT = Path(botapp.__file__).parent
SAYING = [*ROOT.glob("screens/*.py"), *ROOT.glob("texts/*.py"), *ROOT.glob("*.py")]
SAYS = {"fill", "bold", "Choice", "Link"}
WIDEST_ROW = 38
"""Letters that a phone shows on the buttons of one row before it cuts them off."""


def assert_speaks(talk, code):
    """Nothing that was shown is English, and every row of buttons fits on a phone."""
    assert len(talk.chat.told) > 1
    for text, keyboard in talk.chat.told:
        labels = [button.label for row in keyboard for button in row]
        assert [part for part in english_parts(code) if part in text] == []
        assert [label for label in labels if label in english_labels(code)] == []
        for row in keyboard:
            assert max(len(button.label) for button in row) * len(row) <= WIDEST_ROW, row


def one(message):
    return message.id[0] if message.pluralizable else message.id


def test_the_languages_are_those_of_the_catalogues():
    assert language.languages() == TONGUES
    assert [language.own_name(code) for code in TONGUES] == ["English", "Español", "Русский"]


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_is_left_in_english(code):
    told = {english[0] for english, forms, _ in translated(code) if all(forms)}

    assert [message.id for message in template() if message.id and one(message) not in told] == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_keeps_the_facts_the_markup_and_the_number_of_forms(code):
    forms = catalogue(code).num_plurals
    assert forms == {"es": 2, "ru": 3}[code]

    for english, told, message in translated(code):
        assert not message.fuzzy, english
        assert len(told) == (forms if message.pluralizable else 1), english
        for form in told:
            assert facts(form) == facts(english[0]), form
            assert sorted(TAG.findall(form)) == sorted(TAG.findall(english[0])), form
            assert form.count("\n") == english[0].count("\n"), form
            assert (form[0].isspace(), form[-1].isspace()) == (
                english[0][0].isspace(), english[0][-1].isspace()
            ), form  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
def test_a_button_that_a_sentence_names_is_called_so(code):
    """«Pay» is the beginning of `Pay {amount}`; «{field}» is no name yet."""
    told = [form for _, forms, _ in translated(code) for form in forms]
    named = {name for form in told for name in re.findall("«([^«»{}]+)»", form)}

    known = set(told) | {form.partition(" {")[0] for form in told}

    assert len(named) > SHORT
    assert sorted(named - known) == []


@pytest.mark.parametrize(
    ("code", "counted"),
    [
        ("en", ["1 day", "2 days", "5 days", "21 days"]),
        ("es", ["1 día", "2 días", "5 días", "21 días"]),
        ("ru", ["1 день", "2 дня", "5 дней", "21 день"]),
    ],
)
def test_days_are_counted_as_the_language_counts(code, counted):
    with speaking(code):
        assert [names.days(count) for count in (1, 2, 5, 21)] == counted


@pytest.mark.parametrize(
    ("code", "written", "evening"),
    [
        ("en", "Nov 2", "6:05\u202fPM"),
        ("es", "2 nov", "18:05"),
        ("ru", "2 нояб", "18:05"),
    ],
)
def test_dates_and_hours_are_told_as_the_language_tells_them_and_never_end_in_a_dot(
    code, written, evening
):
    at_six = NOON.replace(hour=18, minute=5)
    with speaking(code):
        assert language.day(NOON) == written
        assert language.hour(at_six) == f"{evening} UTC"
        assert settings.zone_now("Europe/Madrid", at_six - timedelta(hours=1)).endswith(evening)


@pytest.mark.parametrize("code", TONGUES)
def test_a_label_is_bought_in_the_customers_language(talk, code):
    talk.shop.users.choose_language(BUYER, code)

    talk.reach(Place.BUYING)
    talk.shop.work()

    assert Order.objects.get().status.value == "done"
    assert in_tongue("<b>Your label is ready</b>", code) in talk.text
    assert in_tongue("Your balance: <b>$42.50</b>", code) in talk.text
    assert_speaks(talk, code)


@pytest.mark.parametrize("code", TONGUES)
def test_money_is_added_in_the_customers_language(talk, code):
    talk.shop.users.choose_language(BUYER, code)

    talk.reach(Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.press("Check payment")
    talk.press("QR code")
    talk.shop.provider.say(payment.provider_id, InvoiceState.PAID, received=Money(3_000))
    talk.press("Check payment")
    talk.shop.work()

    assert talk.text == in_tongue(
        "<b>$30.00 has arrived</b>, more than the $25.00 of your invoice. All of it is yours: "
        "your balance is $30.00.",
        code,
    )
    assert_speaks(talk, code)


@pytest.mark.parametrize("code", TONGUES)
def test_the_other_screens_speak_the_customers_language(talk, code):
    talk.shop.users.choose_language(BUYER, code)
    talk.shop.users.keep_quiet(BUYER, PRESETS[0])
    for place in (
        Place.HELP, Place.FIELDS, Place.FIELD, Place.UNFINISHED, Place.ITEMS, Place.INSUFFICIENT,
        Place.TOPUP, Place.BALANCE, Place.ORDERS, Place.PROVIDER, Place.VERDICT, Place.PAIR,
        Place.SETTINGS, Place.ZONE,
    ):  # fmt: skip
        talk.say("/cancel")
        talk.reach(place)

    assert_speaks(talk, code)


def test_the_first_words_are_in_the_language_of_the_client(talk):
    newcomer, chat = {"id": 8, "language_code": "es-MX"}, {"id": 8, "type": "private"}
    said = talk.heard({"text": "/start", "from": newcomer, "chat": chat})

    talk.handle_all(said)

    assert talk.text.startswith("<b>Te damos la bienvenida a Labeldesk.</b>")


def test_the_apps_list_of_commands_follows_the_chosen_language(talk):
    talk.say("/language")
    talk.press("Español")
    listed = talk.chat.listed[BUYER]
    talk.chat.troubles["set_commands"] = [TelegramDown(method="setMyCommands")]
    talk.say("/language")
    talk.press("Русский")

    assert ("new", "Comprar una etiqueta de envío") in listed
    assert talk.chat.listed[BUYER] == listed
    assert talk.language == "ru"


def test_a_language_once_chosen_is_not_the_clients_any_more(talk):
    talk.say("/start")

    talk.press("Language")
    talk.press("Русский")
    said = talk.text
    talk.conversation.apologise(talk.heard({"text": "x"}))

    assert said == "Баланс: <b>$0.00</b>\n\nЧто будем делать?"
    assert talk.text.startswith("Простите, обработать ваше последнее сообщение не удалось.")
    assert talk.shop.users.get(BUYER).language == "ru"


def test_whoever_changes_the_language_goes_on_where_they_were(talk):
    talk.reach(Place.CONFIRM)
    before = talk.draft.data["label"]

    talk.say("/language")
    asked, offered = talk.text, talk.labels
    talk.say("/language")
    talk.press("Español")
    spanish = talk.text
    talk.press("Edit weight")
    talk.press("Back")

    assert asked.split("\n") == [
        "<b>Which language do you prefer?</b>",
        "<b>¿Qué idioma prefieres?</b>",
        "<b>На каком языке вам удобнее?</b>",
    ]
    assert offered == ["English", "Español", "Русский", "Back", "Cancel"]
    assert spanish.startswith("<b>Revisa que todo esté bien</b>\n\n<b>Origen</b>")
    assert talk.place == Place.CONFIRM
    assert before.items() <= talk.draft.data["label"].items()


def test_a_language_nobody_speaks_is_not_chosen(talk):
    talk.reach(Place.LANGUAGE)
    message_id = max(talk.chat.shown)

    talk.handle(talk.pressed_data(message_id, f"{talk.draft.version}:speak:tlh"))
    talk.press("Back")

    assert talk.shop.users.get(BUYER).language == "en"
    assert talk.place == Place.MENU


def test_nothing_is_said_that_cannot_be_translated():
    """What becomes a message or a label has passed gettext; only operators are told in English."""
    unmarked = []
    for file in SAYING:
        for name, said in _spoken(ast.parse(file.read_text())):
            if re.search("[a-z]{2}", re.sub("{[^}]*}|<[^>]*>", "", said)):
                unmarked.append(f"{file.name} {name}: {said}")

    assert unmarked == []


def test_nothing_is_translated_before_the_language_is_known():
    early = []
    for file in SAYING:
        tree = ast.parse(file.read_text())
        late = {id(node) for function in _functions(tree) for node in ast.walk(function)}
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        early += [
            f"{file.name}:{call.lineno}"
            for call in calls
            if ast.unparse(call.func) in {"_", "ngettext"} and id(call) not in late
        ]

    assert early == []


def _functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _spoken(tree):
    """Every text that a function answers or hands on as it stands."""
    for function in _functions(tree):
        if function.name != "alert":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in SAYS:
                    yield from ((function.name, text) for text in _literals(node.args[:1]))
                if isinstance(node, ast.Return) and ast.unparse(function.returns) in {
                    "str",
                    "Html",
                }:
                    yield from ((function.name, text) for text in _literals([node.value]))


def _literals(nodes):
    for node in nodes:
        for part in node.values if isinstance(node, ast.JoinedStr) else [node]:
            if isinstance(part, ast.Constant):
                yield str(part.value)
