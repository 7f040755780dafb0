"""Refusals in words: one table from code to sentence."""

from collections.abc import Mapping
from typing import Any

from botapp.markup import Html
from botapp.texts import common
from botapp.texts.refused import SENTENCES
from core.errors import Refusal, Unavailable

TROUBLES = {
    "carrier_down": common.carrier_trouble,
    "payment_provider_down": common.payment_trouble,
}


def words(refusal: Refusal) -> Html:
    """Every refusal that can reach a customer has its own; a test says so."""
    return words_of(refusal.code, refusal.facts)


def words_of(code: str, facts: Mapping[str, Any]) -> Html:
    sentence = SENTENCES.get(code)
    return sentence(facts) if sentence else common.trouble()


def words_of_trouble(trouble: Unavailable) -> Html:
    """Who does not answer, and that nothing is lost."""
    return TROUBLES.get(trouble.code, common.trouble)()
