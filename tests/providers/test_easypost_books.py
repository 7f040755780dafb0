"""EasyPost's own books: the list of what was bought there, and our balance."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from core.money import Money
from providers.carriers import easypost
from providers.carriers.base import CarrierDown, Sold, VoidState
from tests.providers.recorded_easypost import BOUGHT, SHIPMENT, UNBOUGHT, answers, error
from tests.providers.stand import resets, says

DAY = datetime(2025, 3, 7, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)


def page(*shipments, has_more=False):
    return says(200, {"shipments": list(shipments), "has_more": has_more})


def sold(number, at="2025-03-07T16:46:19Z"):
    label = BOUGHT["postage_label"] | {"created_at": at}
    return BOUGHT | {"id": f"shp_{number}", "postage_label": label}


def listed(carrier):
    return [line.shipment_id for line in carrier.statement(DAY, NEXT)]


def test_a_line_tells_what_was_bought_when_and_for_how_much(stand, carrier):
    stand.play(page(BOUGHT | {"reference": "Q-1", "refund_status": "submitted"}))

    [line] = carrier.statement(DAY, NEXT)

    assert line == Sold(
        shipment_id=SHIPMENT,
        label_id=SHIPMENT,
        reference="Q-1",
        tracking_code="9400100208303109505657",
        cost=Money(607),
        void=VoidState.SUBMITTED,
        bought_at=datetime(2025, 3, 7, 16, 46, 20, tzinfo=UTC),
    )


def test_the_recorded_list_is_read_whole(stand, carrier):
    (recorded,) = answers("shipment_all")
    stand.play(says(200, recorded | {"has_more": False}))

    lines = list(carrier.statement(DAY, NEXT))

    assert [line.tracking_code for line in lines] == [
        shipment["tracking_code"] for shipment in recorded["shipments"]
    ]


def test_pages_are_turned_until_the_last(stand, carrier):
    stand.play(page(sold(1), sold(2), has_more=True), page(sold(3), has_more=True), page(sold(4)))

    assert listed(carrier) == ["shp_1", "shp_2", "shp_3", "shp_4"]

    first, second, third = (asked.path for asked in stand.asked)
    assert first == (
        "/easypost/v2/shipments?purchased=true&page_size=100"
        "&start_datetime=2025-03-06T00%3A00%3A00%2B00%3A00"
        "&end_datetime=2025-03-08T00%3A00%3A00%2B00%3A00"
    )
    assert second == f"{first}&before_id=shp_2"
    assert third == f"{first}&before_id=shp_3"


def test_an_empty_page_is_the_last_whatever_it_says(stand, carrier):
    stand.play(page(has_more=True))

    assert listed(carrier) == []


def test_a_label_belongs_to_the_day_on_which_it_was_bought(stand, carrier):
    stand.play(
        page(
            sold(1, "2025-03-06T23:59:59Z"),
            sold(2, "2025-03-07T00:00:00Z"),
            sold(3, "2025-03-07T23:59:59Z"),
            sold(4, "2025-03-08T00:00:00Z"),
        )
    )

    assert listed(carrier) == ["shp_2", "shp_3"]


def test_a_label_without_a_file_belongs_to_the_day_of_its_shipment(stand, carrier):
    stand.play(page(BOUGHT | {"postage_label": None, "created_at": "2025-03-07T01:00:00Z"}))

    assert listed(carrier) == [SHIPMENT]


@pytest.mark.parametrize(
    "odd", [UNBOUGHT, {"id": "shp_1"}, BOUGHT | {"postage_label": {"created_at": "?"}}]
)
def test_a_line_that_nobody_can_read_is_reported_and_the_others_stand(stand, carrier, odd):
    stand.play(page(odd, sold(2)))

    with capture_logs() as logs:
        assert listed(carrier) == ["shp_2"]

    assert {
        "event": "statement_line_unreadable",
        "log_level": "warning",
        "provider": "easypost",
        "shipment_id": odd["id"],
    } in logs


@pytest.mark.parametrize(
    "act",
    [
        resets,
        says(429, error("RATE_LIMITED"), Retry_After="7"),
        says(200, {}),
        says(200, {"shipments": ["odd"]}),
    ],
)
def test_a_page_that_does_not_come_is_not_the_end_of_the_list(stand, carrier, act):
    stand.play(page(sold(1), has_more=True), act)
    lines = carrier.statement(DAY, NEXT)

    assert next(lines).shipment_id == "shp_1"
    with pytest.raises(CarrierDown):
        next(lines)


def test_who_asks_too_often_is_told_how_long_to_wait(stand, carrier):
    stand.play(says(429, error("RATE_LIMITED"), Retry_After="7"), says(429, {}, Retry_After="soon"))

    with pytest.raises(CarrierDown) as told:
        listed(carrier)
    with pytest.raises(CarrierDown) as untold:
        listed(carrier)

    assert told.value.facts == {"provider": "easypost", "reason": "RATE_LIMITED", "retry_after": 7}
    assert untold.value.facts == {"provider": "easypost", "reason": "HTTP.429"}


def test_the_request_id_of_each_answer_is_logged(stand, carrier):
    stand.play(says(200, {"balance": "1.00"}, X_EP_Request_UUID="8e8eb62667c9fc2ce2b97f0e"))

    with capture_logs() as logs:
        carrier.balance()

    assert [line["request_id"] for line in logs] == ["8e8eb62667c9fc2ce2b97f0e"]


@pytest.mark.parametrize(
    ("told", "balance"),
    [
        ("0.00000", Money(0)),
        ("1234.56780", Money(123_457)),
        ("-3.00000", Money(-300)),
        (None, None),
        ("", None),
        ("plenty", None),
    ],
)
def test_the_balance_is_what_the_account_says(stand, carrier, told, balance):
    (recorded,) = answers("user_retrieve_me")
    stand.play(says(200, recorded | {"balance": told}))

    assert carrier.balance() == balance
    assert stand.calls() == ["GET /easypost/v2/users"]


def test_an_account_without_a_balance_has_none(stand, carrier):
    stand.play(says(200, {"id": "user_1"}))

    assert carrier.balance() is None


@pytest.mark.parametrize(
    "act", [resets, says(401, error("APIKEY.INACTIVE")), says(404, error("X"))]
)
def test_a_balance_that_cannot_be_asked_for_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.balance()


def test_a_list_without_an_end_is_given_up(stand, carrier, monkeypatch):
    monkeypatch.setattr(easypost, "MOST_PAGES", 2)
    stand.play(page(sold(1), has_more=True), page(sold(1), has_more=True))

    with pytest.raises(CarrierDown):
        listed(carrier)

    assert len(stand.asked) == 2
