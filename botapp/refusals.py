"""Refusals in words: one table from code to sentence."""

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
    sentence = SENTENCES.get(refusal.code)
    return sentence(refusal.facts) if sentence else common.trouble()


def words_of_trouble(trouble: Unavailable) -> Html:
    """Who does not answer, and that nothing is lost."""
    return TROUBLES.get(trouble.code, common.trouble)()
