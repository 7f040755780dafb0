"""Purchases by our client of ShipEngine, whatever comes back, and finding what was bought."""

from dataclasses import replace

import pytest

from core.modes import ApiMode
from providers.carriers import shipengine
from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds, PurchaseDoubtful
from tests.providers.recorded_shipengine import (
    BOUGHT,
    BUY,
    LABEL,
    LIMITED,
    LOOK,
    RATE,
    SHIPMENT,
    connected,
    error,
    listed,
    quote,
    settings,
    shipment,
)
from tests.providers.stand import (
    Stand,
    hangs_up,
    nobody_there,
    resets,
    says,
    sends,
    stays_silent,
)

FOUND = replace(LABEL, rate_id="")
LIST = f"GET /shipengine/v1/labels?shipment_id={SHIPMENT}"
NAMED = "GET /shipengine/v1/shipments/external_shipment_id/Q-1"


@pytest.fixture
def carrier(stand):
    return connected(stand)


def test_a_purchase_is_sent_once_and_read_as_recorded(stand, carrier):
    stand.play(says(200, BOUGHT))

    bought = carrier.buy(SHIPMENT, RATE)

    assert bought == LABEL
    assert stand.calls() == [BUY]
    assert stand.asked[0].json == {
        "label_format": "pdf",
        "label_layout": "4x6",
        "label_download_type": "url",
        "validate_address": "no_validation",
    }


@pytest.mark.parametrize(
    ("change", "label_url"),
    [
        ({"label_download": {"href": "https://files.example/1"}}, "https://files.example/1"),
        ({"label_download": {"pdf": "javascript:1", "href": None}}, ""),
        ({"label_download": None}, ""),
        ({"status": "printed_as_no_list_says", "label_download": None}, ""),
    ],
)
def test_a_label_that_lacks_an_address_or_has_an_unknown_status_is_still_bought(
    stand, carrier, change, label_url
):
    stand.play(says(200, BOUGHT | change))

    bought = carrier.buy(SHIPMENT, RATE)

    assert bought == replace(LABEL, label_url=label_url)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (429, LIMITED),
        (429, b"<html>slow down"),
        (401, error("unauthorized", "security")),
        (403, error("forbidden", "security")),
    ],
)
def test_a_purchase_that_was_turned_away_at_the_door_did_nothing(stand, carrier, status, told):
    stand.play(says(status, told))

    with pytest.raises(CarrierDown):
        carrier.buy(SHIPMENT, RATE)

    assert stand.calls() == [BUY]


def lost_answers(stand: Stand) -> list:
    return [
        resets,
        hangs_up,
        stays_silent(stand),
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{"),
        says(500, error("unspecified", "system")),
        says(503, b"<html>"),
        says(302, {}),
        says(200, b"<html>"),
        says(200, {}),
        says(200, BOUGHT | {"shipment_id": "se-7"}),
        says(200, BOUGHT | {"label_id": None}),
        says(200, BOUGHT | {"status": "processing"}),
        says(200, BOUGHT | {"status": "voided"}),
        says(200, BOUGHT | {"status": "unheard_of", "tracking_number": None}),
        says(200, BOUGHT | {"shipment_cost": None}),
        says(200, BOUGHT | {"status": "error", "shipment_id": "se-7"}),
        says(400, error("unspecified", "system")),
        says(400, error("carrier_disconnected", "integrations", error_source="carrier")),
        says(400, error("any", "a_kind_that_no_list_knows")),
        says(400, {"errors": [None, "odd"]}),
        says(429, error("rate_limit_exceeded", "system", error_source="carrier")),
        says(403, b"<html>a gateway's page"),
        says(404, {"errors": None}),
        says(408, b""),
    ]


@pytest.mark.parametrize("manner", range(24))
def test_a_purchase_whose_answer_is_lost_or_broken_is_doubtful_and_never_sent_again(
    stand, carrier, manner
):
    stand.play(lost_answers(stand)[manner])

    with pytest.raises(PurchaseDoubtful) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts == {"provider": "shipengine", "shipment_id": SHIPMENT}
    assert stand.calls() == [BUY]


def test_without_a_connection_nothing_is_bought_and_all_means_later():
    carrier = shipengine.connect(settings(nobody_there()), ApiMode.TEST)
    assert carrier is not None

    for ask in (
        lambda: quote(carrier),
        lambda: carrier.buy(SHIPMENT, RATE),
        lambda: carrier.find(SHIPMENT, reference=""),
        lambda: carrier.void("se-1"),
        lambda: carrier.label_file(nobody_there()),
    ):
        with pytest.raises(CarrierDown) as caught:
            ask()
        assert caught.value.facts["provider"] == "shipengine"


@pytest.mark.parametrize("status", [400, 402, 404, 409, 422])
def test_a_refused_purchase_is_refused_only_after_a_look_at_the_shipment(stand, carrier, status):
    refusal = error("invalid_address", "business_rules", field_name="ship_to")
    stand.play(says(status, refusal), says(200, shipment("pending")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts["reason"] == "invalid_address"
    assert caught.value.facts["told"] == "ship_to: told"
    assert not isinstance(caught.value, NoFunds)
    assert stand.calls() == [BUY, LOOK]


@pytest.mark.parametrize(
    "code", ["insufficient_funds", "funding_source_error", "funding_source_missing_configuration"]
)
def test_an_empty_account_is_told_from_other_refusals(stand, carrier, code):
    stand.play(says(400, error(code, "account_status")), says(200, shipment("pending")))

    with pytest.raises(NoFunds) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts["reason"] == code


def test_a_label_that_could_not_be_made_is_refused_after_a_look(stand, carrier):
    stand.play(says(200, BOUGHT | {"status": "error"}), says(200, shipment("pending")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.buy(SHIPMENT, RATE)

    assert caught.value.facts["reason"] == "label_error"
    assert stand.calls() == [BUY, LOOK]


@pytest.mark.parametrize(
    "look",
    [
        says(200, shipment("label_purchased")),
        says(200, shipment("processing")),
        says(200, shipment("a_status_that_no_list_knows")),
        says(200, {}),
        says(500, b""),
        says(401, error("unauthorized", "security")),
        resets,
    ],
)
def test_a_refusal_settles_nothing_while_the_shipment_may_have_a_label(stand, carrier, look):
    stand.play(says(400, error("invalid_status", "business_rules")), look)

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(SHIPMENT, RATE)

    assert stand.calls() == [BUY, LOOK]


def test_a_rate_of_a_strange_name_stays_on_its_path(stand, carrier):
    stand.play(says(200, BOUGHT))

    carrier.buy(SHIPMENT, "../carriers?x=1")

    assert stand.calls() == ["POST /shipengine/v1/labels/rates/..%2Fcarriers%3Fx%3D1"]


def test_a_search_finds_the_label_of_the_shipment(stand, carrier):
    stand.play(says(200, listed(BOUGHT)))

    found = carrier.find(SHIPMENT, reference="Q-1")

    assert found == FOUND
    assert stand.calls() == [LIST]


def test_a_shipment_whose_id_was_lost_is_found_by_our_reference(stand, carrier):
    stand.play(says(200, shipment("label_purchased")), says(200, listed(BOUGHT)))

    found = carrier.find("", reference="Q-1")

    assert found == FOUND
    assert stand.calls() == [NAMED, LIST]


def test_a_reference_that_nobody_knows_bought_nothing(stand, carrier):
    stand.play(says(404, error("invalid_identifier")))

    assert carrier.find("", reference="Q-1") is None
    assert stand.calls() == [NAMED]


@pytest.mark.parametrize("status", ["pending", "cancelled"])
def test_a_shipment_without_labels_that_nobody_works_at_was_not_bought(stand, carrier, status):
    stand.play(says(200, listed()), says(200, shipment(status)))

    assert carrier.find(SHIPMENT, reference="Q-1") is None
    assert stand.calls() == [LIST, LOOK]


def test_a_shipment_that_is_gone_was_not_bought(stand, carrier):
    stand.play(says(200, listed()), says(404, error("invalid_identifier")))

    assert carrier.find(SHIPMENT, reference="Q-1") is None


@pytest.mark.parametrize("status", ["processing", "label_purchased", "unheard_of", None])
def test_a_shipment_that_is_worked_at_is_waited_for(stand, carrier, status):
    stand.play(says(200, listed()), says(200, shipment(status)))

    with pytest.raises(CarrierDown) as caught:
        carrier.find(SHIPMENT, reference="Q-1")

    assert caught.value.facts["reason"] == "shipment_busy"


@pytest.mark.parametrize("labels", [[{}], [{}, {"label_id": "se-2", "status": "completed"}]])
def test_a_label_in_the_making_is_waited_for(stand, carrier, labels):
    first, *others = labels
    making = BOUGHT | {"status": "processing"} | first
    stand.play(says(200, listed(making, *(BOUGHT | other for other in others))))

    with pytest.raises(CarrierDown) as caught:
        carrier.find(SHIPMENT, reference="Q-1")

    assert caught.value.facts["reason"] == "processing"


@pytest.mark.parametrize("change", [{"status": "voided"}, {"voided": True}])
def test_a_label_that_is_void_is_no_purchase(stand, carrier, change):
    stand.play(says(200, listed(BOUGHT | change)))

    assert carrier.find(SHIPMENT, reference="Q-1") is None


def test_of_two_labels_for_one_shipment_the_first_counts_and_the_other_is_reported(
    stand, carrier, capsys
):
    later = BOUGHT | {"label_id": "se-2", "created_at": "2021-08-05T16:48:00Z"}
    void = BOUGHT | {"label_id": "se-0", "created_at": "2021-08-05T16:46:00Z", "voided": True}
    stand.play(says(200, listed(later, BOUGHT, void)))

    found = carrier.find(SHIPMENT, reference="Q-1")

    assert found == FOUND
    assert "label_sold_twice" in (told := capsys.readouterr().out)
    assert "se-2" in told


@pytest.mark.parametrize(
    "act",
    [
        resets,
        says(500, b""),
        says(404, b"<html>"),
        says(200, {}),
        says(200, {"labels": [None]}),
        says(200, listed(BOUGHT | {"shipment_cost": {}})),
        says(429, LIMITED),
    ],
)
def test_a_search_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.find(SHIPMENT, reference="Q-1")


def test_the_service_s_own_name_for_a_purchase_stands_in_the_log(stand, carrier, capsys):
    act = says(500, b"", X_ShipEngine_RequestID="7da7bb81-24b8-4d52-a577-de464bb10790")
    stand.play(act)

    with pytest.raises(PurchaseDoubtful):
        carrier.buy(SHIPMENT, RATE)

    assert "7da7bb81-24b8-4d52-a577-de464bb10790" in capsys.readouterr().out
