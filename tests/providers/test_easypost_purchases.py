"""Purchases by our EasyPost client, whatever comes back."""

import pytest

from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds, PurchaseDoubtful
from tests.providers.recorded_easypost import BOUGHT, LABEL, PATH, RATE, SHIPMENT, UNBOUGHT, error
from tests.providers.stand import Stand, hangs_up, resets, says, sends, stays_silent

IN_PROGRESS = "SHIPMENT.PURCHASE.IN_PROGRESS"
NO_RESPONSE = "SHIPMENT.POSTAGE.NO_RESPONSE"


def test_a_purchase_is_sent_once_and_read_as_recorded(stand, carrier):
    stand.play(says(200, BOUGHT))

    bought = carrier.buy(SHIPMENT, RATE)

    assert bought == LABEL
    assert stand.calls() == [f"POST {PATH}/buy"]
    assert stand.asked[0].body == b'{"rate":{"id":"' + RATE.encode() + b'"}}'


def test_a_purchase_that_was_turned_away_for_its_pace_did_nothing(stand, carrier):
    stand.play(says(429, error("RATE_LIMITED")))

    with pytest.raises(CarrierDown) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts["reason"] == "RATE_LIMITED"
    assert stand.calls() == [f"POST {PATH}/buy"]


def lost_answers(stand: Stand) -> list:
    return [
        resets,
        hangs_up,
        stays_silent(stand),
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"),
        says(500, error("INTERNAL_SERVER_ERROR")),
        says(503, b"<html>"),
        says(302, {}),
        says(200, b"<html>"),
        says(200, {}),
        says(200, BOUGHT | {"id": "shp_another"}),
        says(200, UNBOUGHT),
        says(200, BOUGHT | {"selected_rate": None}),
        says(200, BOUGHT | {"selected_rate": {"id": RATE, "rate": "?"}}),
        says(403, b"<html>a gateway's page"),
        says(408, b""),
    ]


@pytest.mark.parametrize("manner", range(15))
def test_a_purchase_whose_answer_is_lost_or_broken_is_doubtful_and_never_sent_again(
    stand, carrier, manner
):
    stand.play(lost_answers(stand)[manner])

    with pytest.raises(PurchaseDoubtful) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts == {"provider": "easypost", "shipment_id": SHIPMENT}
    assert stand.calls() == [f"POST {PATH}/buy"]


@pytest.mark.parametrize("status", [400, 404, 409, 422])
def test_a_refused_purchase_is_refused_only_after_a_look(stand, carrier, status):
    stand.play(says(status, error("SHIPMENT.POSTAGE.FAILURE", "no funds")), says(200, UNBOUGHT))

    with pytest.raises(CarrierRefused) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts == {
        "provider": "easypost",
        "reason": "SHIPMENT.POSTAGE.FAILURE",
        "told": "no funds",
    }
    assert stand.calls() == [f"POST {PATH}/buy", f"GET {PATH}"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (402, "PAYMENT_REQUIRED"),
        (402, ""),
        (422, "PAYMENT_REQUIRED"),
        (422, "BANK_ACCOUNT.CHARGE.FAILURE"),
        (422, "CREDIT_CARD.CHARGE.FAILURE"),
    ],
)
def test_a_purchase_that_our_account_cannot_pay_for_bought_nothing(stand, carrier, status, code):
    stand.play(says(status, error(code)), says(200, UNBOUGHT))

    with pytest.raises(NoFunds) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts["reason"] == (code or "HTTP.402")
    assert stand.calls() == [f"POST {PATH}/buy", f"GET {PATH}"]


def test_a_refusal_without_a_code_is_named_by_its_status(stand, carrier):
    stand.play(says(422, {"error": "no"}), says(404, error("NOT_FOUND")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts == {"provider": "easypost", "reason": "HTTP.422", "told": "no"}


@pytest.mark.parametrize("code", ["SHIPMENT.POSTAGE.EXISTS", NO_RESPONSE, "ANYTHING"])
def test_a_purchase_refused_for_a_label_that_is_there_is_that_label(stand, carrier, code):
    stand.play(says(422, error(code)), says(200, BOUGHT))

    bought = carrier.buy(SHIPMENT, RATE)

    assert bought == LABEL
    assert stand.calls() == [f"POST {PATH}/buy", f"GET {PATH}"]


@pytest.mark.parametrize("code", [IN_PROGRESS, NO_RESPONSE, "SHIPMENT.POSTAGE.EXISTS"])
def test_a_refusal_that_tells_of_another_purchase_settles_nothing(stand, carrier, code):
    stand.play(says(422, error(code)), says(200, UNBOUGHT))

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(SHIPMENT, RATE)


@pytest.mark.parametrize(
    "look", [resets, says(500, {}), says(401, error("X")), says(200, {}), says(422, error("X"))]
)
def test_a_refusal_that_could_not_be_looked_into_settles_nothing(stand, carrier, look):
    stand.play(says(422, error("SHIPMENT.POSTAGE.FAILURE")), look)

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(SHIPMENT, RATE)


def test_a_search_finds_what_was_bought_and_nothing_else(stand, carrier):
    stand.play(says(200, BOUGHT), says(200, UNBOUGHT), says(404, error("NOT_FOUND")))

    found = [carrier.find(SHIPMENT, reference="L-1") for _ in range(3)]

    assert found == [LABEL, None, None]
    assert set(stand.calls()) == {f"GET {PATH}"}


def test_without_a_shipment_id_the_search_goes_by_our_reference(stand, carrier):
    stand.play(says(200, BOUGHT | {"reference": "L-1"}))

    found = carrier.find("", reference="L-1")

    assert found == LABEL
    assert stand.calls() == ["GET /easypost/v2/shipments/L-1"]


def test_a_search_by_a_strange_id_stays_on_its_path(stand, carrier):
    stand.play(says(404, error("NOT_FOUND")))

    found = carrier.find("../users?x=1", reference="L-1")

    assert found is None
    assert stand.calls() == ["GET /easypost/v2/shipments/..%2Fusers%3Fx%3D1"]


@pytest.mark.parametrize("act", [resets, says(500, {}), says(200, {}), says(404, b"<html>")])
def test_a_search_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.find(SHIPMENT, reference="L-1")
