"""Every answer of EasyPost that was ever recorded or published, read by our readers."""

import json
from typing import Any

import pytest

from core.money import Money
from core.tracking import TrackingState
from providers.carriers.base import Verdict
from providers.carriers.easypost_addresses import read_checked, read_unverified
from providers.carriers.easypost_books import read_balance, read_page, read_sold
from providers.carriers.easypost_calls import read_error
from providers.carriers.easypost_news import _news
from providers.carriers.easypost_read import label_urls, read_bought, read_quoted, read_rates
from providers.carriers.easypost_tracking import read_tracked
from tests.providers.recorded_easypost import RECORDED, SENDER, answers

CONTRACTS = RECORDED.parent
NOT_OURS = {
    "Batch",
    "CarrierAccount",
    "CustomsInfo",
    "Insurance",
    "Parcel",
    "Webhook",
}
"""We ask for none of these, or learn nothing from the answer."""


def bodies() -> dict[str, Any]:
    found = {
        f"{path.stem}-{number}": body
        for path in sorted(RECORDED.glob("*.yaml"))
        for number, body in enumerate(answers(path.stem))
    }
    files = [*sorted(CONTRACTS.glob("examples/*/*.json")), *sorted(CONTRACTS.glob("*.json"))]
    return found | {path.stem: json.loads(path.read_text()) for path in files}


BODIES = bodies()


def documents(name: str) -> list[dict[str, Any]]:
    """The objects of one body: itself, or what it wraps or lists."""
    body = BODIES[name]
    if isinstance(body, list):
        return body
    if "object" in body:
        return [body]
    inner = [value if isinstance(value, list) else [value] for value in body.values()]
    return [each for values in inner for each in values if isinstance(each, dict)]


def every(kind: str) -> list[Any]:
    return [
        pytest.param(raw, id=f"{name}-{number}")
        for name in BODIES
        for number, raw in enumerate(documents(name))
        if raw.get("object") == kind
    ]


def every_body_with(key: str) -> list[Any]:
    return [pytest.param(body, id=name) for name, body in BODIES.items() if key in body]


def test_there_is_nothing_that_no_reader_was_shown():
    read = {"Shipment", "Tracker", "Address", "Event", "User", "Refund", "Rate"}
    kinds = {raw.get("object") for name in BODIES for raw in documents(name)}

    assert kinds - {None} - NOT_OURS == read
    assert len(BODIES) >= 70


@pytest.mark.parametrize("raw", every("Shipment"))
def test_every_shipment_is_read(raw):
    quoted, bought = read_quoted(raw), read_bought(raw, raw["id"])

    assert [rate.rate_id for rate in quoted.rates] == [rate["id"] for rate in raw["rates"]]
    assert quoted.complaints == tuple(f"{m['carrier']}: {m['message']}" for m in raw["messages"])
    assert (bought is None) == (raw["postage_label"] is None)
    if bought is None:
        assert label_urls(raw) == {}
        return
    sold = read_sold(raw)
    assert sold.cost == bought.cost == Money.of(raw["selected_rate"]["rate"])
    assert (sold.tracking_code, sold.label_id) == (raw["tracking_code"], raw["id"])
    assert str(sold.void) == (raw["refund_status"] or "none")
    assert sold.bought_at.isoformat().startswith(raw["postage_label"]["created_at"][:19])
    assert label_urls(raw)["png"] == raw["postage_label"]["label_url"]


@pytest.mark.parametrize("raw", every("Tracker"))
def test_every_tracker_is_read(raw):
    tracked = read_tracked(raw)

    assert tracked.tracking_code == raw["tracking_code"]
    assert tracked.state == raw["status"]
    assert len(tracked.scans) == len(raw["tracking_details"])
    assert all(scan.message and scan.state != TrackingState.UNKNOWN for scan in tracked.scans)


@pytest.mark.parametrize("raw", every("Address"))
def test_every_address_is_judged(raw):
    told = read_checked(raw, SENDER)

    delivery = raw.get("verifications", {}).get("delivery", {})
    expected = {None: {"doubtful"}, True: {"verified", "corrected"}, False: {"undeliverable"}}
    assert told.verdict in expected[delivery.get("success")]
    assert bool(told.remarks) == bool(delivery.get("errors"))
    assert (told.suggestion is not None) == (delivery.get("success") is True)


@pytest.mark.parametrize("raw", every("Event"))
def test_every_event_is_known(raw):
    news = _news(raw["id"], raw["description"], raw.get("result"))

    assert news.event_id == raw["id"]
    assert (news.tracked is not None) == ("result" in raw)


@pytest.mark.parametrize("raw", every("Refund"))
def test_every_refund_that_succeeds_names_its_label(raw):
    news = _news("evt_1", "refund.successful", raw)

    assert (news.label_id, news.void) == (raw["shipment_id"], "refunded")


@pytest.mark.parametrize("raw", every("User"))
def test_every_account_tells_its_balance(raw):
    assert read_balance(raw) == (Money.of(raw["balance"]) if "balance" in raw else None)


@pytest.mark.parametrize("raw", every_body_with("rates"))
def test_every_list_of_rates_is_read(raw):
    quoted = read_rates(raw, "shp_1")

    # Rates that belong to no shipment have no id, and can't be bought.
    assert len(quoted.rates) == sum("id" in rate for rate in raw["rates"])
    assert len(quoted.rates) + len(quoted.complaints) == len(raw["rates"])


@pytest.mark.parametrize("raw", every_body_with("shipments"))
def test_every_list_of_shipments_is_a_page(raw):
    if raw.get("object") == "Batch":
        return
    shipments, has_more = read_page(raw)

    assert (shipments, has_more) == (raw["shipments"], raw["has_more"])


@pytest.mark.parametrize("raw", every_body_with("error"))
def test_every_error_is_read(raw):
    error = read_error(raw)

    assert error.code == raw["error"]["code"]
    assert error.told.startswith(raw["error"]["message"])
    assert len(error.details) == len(raw["error"]["errors"])
    if error.code == "ADDRESS.VERIFY.FAILURE":
        assert read_unverified(error.details).verdict is Verdict.UNDELIVERABLE
