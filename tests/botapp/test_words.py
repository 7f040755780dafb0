"""Every refusal has words, every sentence is in the catalogue, every quotation is escaped."""

import importlib
import pkgutil
import re
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bootstrap
import botapp
import core
import models
import providers
import services
from botapp import language
from botapp.batch_notes import BatchNotes
from botapp.factory import SCREENS
from botapp.markup import Html, code, fill, lines, link, paragraphs
from botapp.notifier import Notifier
from botapp.reading import read_both
from botapp.refusals import words
from botapp.states import Place
from botapp.texts import common, names, refused
from botapp.views import Action, Choice, View, bound
from core.addresses import BadField
from core.errors import Refusal
from core.limits import Fix
from core.money import Money
from core.parcels import TooHeavy
from core.tables.columns import Column
from models.outbox import NoteKind
from tests.botapp.tongues import is_ours

FOR_MACHINES = {
    "chat_unreachable",
    "message_gone",
    "bad_message",
    "forged_notice",
    "unreadable_notice",
    "nothing_to_check",
    "invoice_differs",
    "reason_missing",
    "nothing_to_adjust",
    "form_used",
    "same_operator",
    "not_waiting",
    "not_refundable",
    "refunded_before",
    "discount_out_of_range",
    "not_frozen",
    "more_found",
    "not_in_review",
    "nothing_arrived",
    "forged_news",
    "unreadable_news",
    "draft_begun",
    "draft_moved",
    "nothing_changed",
    "unknown_customer",
    "no_rule_for_the_rest",
    "same_rule_twice",
    "too_many_rules",
    "wrong_rule",
    "not_in_hand",
    "order_not_in_review",
    "label_not_found",
    "label_found",
    "nothing_held",
    "void_unclear",
    "not_lost",
    "no_such_form",
    "format_not_offered",
    "unwanted",
    "export_gone",
    "no_such_page",
}
"""These are told to us, to operators or to providers, never to a customer."""
FACTS = {
    "field": "zip",
    "reason": "zip_not_in_state",
    "kind": "template",
    "name": "<no>",
    "zip": "94107",
    "state": "NY",
    "limit": Decimal(70),
    "limit_lb": Decimal(150),
    "limit_in": Decimal(108),
    "actual": Decimal("70.5"),
    "measure": "weight_lb",
    "amounts": [Money(500), Money(700)],
    "least": Money(500),
    "most": Money(500_000),
    "missing": Money(740),
    "complaints": ["USPS: <no>"],
    "told": "<no>",
    "contents_oz": Decimal(40),
    "parcel_oz": Decimal(32),
    "columns": [Column.NAME],
    "service": "<no>",
    "offered": ["<no>"],
    "before": "$1.00",
    "now": "$2.00",
    "fix": Fix("USPS", "", Decimal("0.5"), Decimal(1), Decimal(0)),
}


def _all_refusals():
    for package in (bootstrap, botapp, core, models, providers, services):
        for found in pkgutil.walk_packages(
            getattr(package, "__path__", []), f"{package.__name__}."
        ):
            importlib.import_module(found.name)
    found, todo = set(), [Refusal]
    while todo:
        kinds = todo.pop().__subclasses__()
        todo += kinds
        ours = ("core.", "models.", "providers.", "services.", "botapp.", "bootstrap")
        found |= {kind for kind in kinds if kind.__module__.startswith(ours)}
    return found


def test_the_journeys_look_for_sentences_that_are_told():
    flows = (Path(__file__).parents[1] / "journeys" / "flows").glob("*.txt")
    lines = [line for flow in flows for line in flow.read_text().splitlines()]
    looked_for = re.findall(r"^(?:see|read|times +\d) +(.+)", "\n".join(lines), re.MULTILINE)

    assert len(looked_for) > len(lines) / 4
    assert [sentence for sentence in looked_for if not is_ours(sentence)] == []


def test_every_refusal_that_can_reach_a_customer_has_words():
    codes = {kind.code for kind in _all_refusals()}

    assert codes - FOR_MACHINES == set(refused.SENTENCES)


def test_every_sentence_of_a_refusal_is_complete_and_escaped():
    for kind in _all_refusals():
        if kind.code not in FOR_MACHINES:
            told = words(kind(**FACTS))
            assert isinstance(told, Html)
            assert "{" not in told
            assert "<no>" not in told


@pytest.mark.parametrize(
    "reason",
    [
        "missing", "too_short", "too_long", "no_letters", "several_lines", "strange_characters",
        "unknown_state", "bad_zip", "unknown_zip", "zip_not_in_state", "bad_phone", "bad_email",
        "abroad",
    ],
)  # fmt: skip
def test_every_reason_against_a_field_has_words(reason):
    told = words(BadField(field="name", reason=reason, limit=2))

    assert told.endswith((".", "?"))


def test_a_refusal_without_words_is_told_as_trouble():
    class Unheard(Refusal):
        pass

    assert words(Unheard()) == common.trouble()


def test_every_place_has_a_screen_under_its_own_name():
    assert set(SCREENS) == set(Place)
    assert all(screen.place == place for place, screen in SCREENS.items())


def test_every_kind_of_note_can_be_said():
    modules = (importlib.import_module(each.__module__) for each in (Notifier, BatchNotes))
    source = "".join(Path(module.__file__).read_text() for module in modules)

    assert all(f"NoteKind.{kind.name}" in source for kind in NoteKind)


def test_quotations_are_escaped_and_our_own_markup_is_not():
    told = fill("<b>{name}</b> {known}", name="<i>&", known=code("a<b"))

    assert told == "<b>&lt;i&gt;&amp;</b> <code>a&lt;b</code>"
    assert lines("a<", "", Html("<b>b</b>")) == "a&lt;\n<b>b</b>"
    assert paragraphs("a", "b") == "a\n\nb"
    assert link('http://x/?a="&b', "<x>") == ('<a href="http://x/?a=&quot;&amp;b">&lt;x&gt;</a>')


def test_buttons_carry_version_action_and_argument():
    [[button]] = bound(View(Html("x"), ((Choice("Go", Action.OPEN, "L-1"),),)).rows, 12)

    assert (button.label, button.data) == ("Go", "12:open:L-1")


def test_the_template_of_the_catalogues_is_up_to_date():
    folder = Path(language.__file__).parent
    used = {message for *_, message, _, _ in extract_from_dir(folder)}

    with (language.LOCALES / f"{language.DOMAIN}.pot").open() as template:
        listed = {message.id for message in read_po(template) if message.id}

    assert listed == used, "make texts"


def test_an_unknown_language_is_answered_in_english():
    with language.speaking("tlh-KX"):
        assert common.back() == "Back"
        assert names.days(1) == "1 day"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2 lb 10x8x4", ("32.0", "10.0 8.0 4.0")),
        ("10x8x4, 2 lb", ("32.0", "10.0 8.0 4.0")),
        ("2 lb 3 oz\n10 8 4 in", ("35.0", "10.0 8.0 4.0")),
        ("2 lb", None),
        ("10x8x4", None),
        ("10 8 4 2", None),
        ("hello 10x8x4", None),
        ("", None),
    ],
)
def test_weight_and_sizes_are_read_from_one_message(text, read):
    both = read_both(text)

    told = (str(both[0]), " ".join(str(side) for side in both[1])) if both else None
    assert told == read


def test_too_heavy_is_told_even_beside_sizes():
    with pytest.raises(TooHeavy):
        read_both("200 lb 10x8x4")


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("GroundAdvantage", "Ground Advantage"),
        ("FEDEX_2_DAY", "2Day"),
        ("2Day", "2Day"),
        ("2ndDayAir", "2nd Day Air"),
        ("NewBrightService", "New Bright Service"),
        ("ODD_ONE", "ODD ONE"),
        ("…", "…"),
    ],
)
def test_services_are_named_as_people_say(service, name):
    assert names.service_name(service) == name


@pytest.mark.parametrize(
    ("carrier", "name"), [("UPSDAP", "UPS"), ("FedExDefault", "FedEx"), ("OnTrac", "OnTrac")]
)
def test_accounts_of_carriers_go_by_the_carriers_name(carrier, name):
    assert names.carrier_name(carrier) == name


@pytest.mark.parametrize(
    ("ounces", "shown"), [("32", "2 lb"), ("35", "2 lb 3 oz"), ("8.5", "8.5 oz"), ("160", "10 lb")]
)
def test_weights_are_shown_in_pounds_and_ounces(ounces, shown):
    assert names.weight(Decimal(ounces)) == shown
