"""Address checks by our EasyPost client."""

import json
from dataclasses import replace

import pytest

from providers.carriers.base import CarrierDown, CarrierRefused, Checked, Verdict
from tests.providers.recorded_easypost import SENDER, answers, error, exchanges
from tests.providers.stand import resets, says

(GOOD,) = answers("address_create_verify_strict")
_, BAD = answers("address_create_verify")
FOUND = replace(SENDER, street="388 TOWNSEND ST APT 20", street2="", city="SAN FRANCISCO")
NOT_FOUND = {"code": "E.ADDRESS.NOT_FOUND", "field": "address", "message": "Address not found"}
FLAT = {"code": "E.SECONDARY_INFORMATION.MISSING", "message": "Missing Apt/Suite"}


def checked(**delivery):
    return GOOD | {"verifications": {"delivery": delivery}}


@pytest.mark.parametrize(("strict", "word"), [(False, "verify"), (True, "verify_strict")])
def test_an_address_is_asked_about_as_recorded(stand, carrier, strict, word):
    stand.play(says(201, GOOD))

    carrier.check(SENDER, strict=strict)

    (recorded,) = exchanges("address_create_verify_strict")
    assert stand.calls() == ["POST /easypost/v2/addresses"]
    asked = stand.asked[0].json
    assert asked.keys() == {"address", word}
    assert asked[word] is True
    assert asked["address"].keys() < json.loads(recorded["request"]["body"])["address"].keys()


def test_a_good_address_is_verified_and_comes_back_as_the_carrier_spells_it(stand, carrier):
    stand.play(says(201, GOOD))

    told = carrier.check(SENDER)

    assert told == Checked(Verdict.VERIFIED, replace(FOUND, zip="94107-1670"), ())


def test_an_address_already_spelled_like_that_needs_no_suggestion(stand, carrier):
    stand.play(says(201, GOOD))

    told = carrier.check(replace(FOUND, zip="94107-1670"))

    assert told == Checked(Verdict.VERIFIED, None, ())


@pytest.mark.parametrize(
    "typed",
    [
        replace(SENDER, zip="94105"),
        replace(SENDER, zip="94107-9999"),
        replace(SENDER, city="Oakland"),
        replace(SENDER, street="338 Townsend St"),
        replace(SENDER, street2=""),
    ],
)
def test_a_corrected_address_is_offered_and_keeps_who_gets_it(stand, carrier, typed):
    stand.play(says(201, GOOD))

    told = carrier.check(typed)

    assert told.verdict is Verdict.CORRECTED
    assert told.suggestion == replace(FOUND, zip="94107-1670")
    assert told.suggestion.name == "Jack Sparrow"


def test_a_failed_check_is_told_in_a_created_address(stand, carrier):
    stand.play(says(201, BAD))

    told = carrier.check(SENDER)

    assert told == Checked(Verdict.UNDELIVERABLE, None, ("Address not found",))


@pytest.mark.parametrize(
    ("errors", "verdict", "remarks"),
    [
        ([NOT_FOUND], Verdict.UNDELIVERABLE, ("Address not found",)),
        ([NOT_FOUND, NOT_FOUND], Verdict.UNDELIVERABLE, ("Address not found",)),
        (
            [{"code": "E.HOUSE_NUMBER.MISSING", "message": "No number", "suggestion": "12 A St"}],
            Verdict.UNDELIVERABLE,
            ("No number (12 A St)",),
        ),
        ([FLAT], Verdict.DOUBTFUL, ("Missing Apt/Suite",)),
        ([FLAT, NOT_FOUND], Verdict.UNDELIVERABLE, ("Missing Apt/Suite", "Address not found")),
        (["in plain words"], Verdict.DOUBTFUL, ()),
        ([], Verdict.DOUBTFUL, ()),
    ],
)
def test_a_strict_check_that_fails_says_why(stand, carrier, errors, verdict, remarks):
    stand.play(says(422, error("ADDRESS.VERIFY.FAILURE", "Unable to verify address.", errors)))

    told = carrier.check(SENDER, strict=True)

    assert told == Checked(verdict, None, remarks)


def test_a_house_that_is_known_without_its_flat_is_doubtful(stand, carrier):
    stand.play(says(201, checked(success=True, errors=[FLAT])))

    told = carrier.check(SENDER)

    assert told.verdict is Verdict.DOUBTFUL
    assert told.remarks == ("Missing Apt/Suite",)


@pytest.mark.parametrize(
    "answer",
    [
        GOOD | {"verifications": {}},
        GOOD | {"verifications": None},
        checked(success=None, errors=None),
        checked(success="true"),
        {},
    ],
)
def test_an_address_that_nobody_checked_is_doubtful(stand, carrier, answer):
    stand.play(says(201, answer))

    assert carrier.check(SENDER) == Checked(Verdict.DOUBTFUL, None, ())


def test_a_good_answer_without_a_street_suggests_nothing(stand, carrier):
    stand.play(says(201, checked(success=True) | {"street1": None}))

    assert carrier.check(SENDER) == Checked(Verdict.VERIFIED, None, ())


def test_a_question_that_was_wrong_itself_is_refused(stand, carrier):
    stand.play(says(422, error("PARAMETER.REQUIRED", "Missing", ["street1"])))

    with pytest.raises(CarrierRefused) as caught:
        carrier.check(SENDER)

    assert caught.value.facts["reason"] == "PARAMETER.REQUIRED"
    assert caught.value.facts["told"] == "Missing; street1"


@pytest.mark.parametrize(
    "act",
    [
        resets,
        says(500, {}),
        says(429, {}),
        says(422, b"<html>"),
        says(422, error("ADDRESS.VERIFY.UPSTREAM_UNAVAILABLE")),
    ],
)
def test_a_check_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.check(SENDER)
