"""Telegram's limits, with the longest legal values put in, in every language."""

import importlib
import pkgutil
import re
from html import unescape

import pytest

from botapp import texts
from botapp.language import speaking
from botapp.markup import Html
from botapp.texts import common, help as help_texts
from botapp.texts.refused import SENTENCES as REFUSALS
from botapp.views import Action, Choice, View, bound
from core.ids import new_id
from tests.botapp.longest import sentences
from tests.botapp.tongues import TONGUES

MODULES = [
    importlib.import_module(f"botapp.texts.{found.name}")
    for found in pkgutil.iter_modules(texts.__path__)
]
CAPTION, MESSAGE, REFUSAL = 1_024, 4_096, 1_000
"""A refusal is told above the screen that it keeps the customer on."""
BUTTON, COMMAND = 64, 256


def letters(html):
    """As Telegram counts: UTF-16 units of what is left without the markup."""
    return len(unescape(re.sub("<[^>]*>", "", html)).encode("utf-16-le")) // 2


def limit_of(module, name, told):
    function = getattr(module, name)
    if not isinstance(told, Html):
        return BUTTON
    if "caption" in f"{function.__name__} {function.__doc__}".lower():
        return CAPTION
    return REFUSAL if function in REFUSALS.values() else MESSAGE - REFUSAL


@pytest.mark.parametrize("code", TONGUES)
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_sentence_and_no_label_is_too_long(module, code):
    with speaking(code):
        said = [(name, told, limit_of(module, name, told)) for name, told in sentences(module)]

    assert [(name, letters(told)) for name, told, most in said if letters(told) > most] == []


@pytest.mark.parametrize("code", TONGUES)
def test_a_question_of_the_help_fits_into_a_button(code):
    with speaking(code):
        assert max(letters(question) for question, _ in help_texts.answers()) <= BUTTON


@pytest.mark.parametrize("code", TONGUES)
def test_the_commands_fit_into_telegrams_list(code):
    with speaking(code):
        assert all(1 <= len(told) <= COMMAND for _, told in common.commands())


def test_the_longest_id_behind_the_longest_action_fits_into_a_button():
    rows = tuple((Choice("x", action, new_id("L")),) for action in Action)

    assert len(bound(View(Html("x"), rows).rows, 10**12)) == len(Action)
