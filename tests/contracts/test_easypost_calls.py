"""Our EasyPost client in the sandbox: addresses, new rates, parcels, books, formats, webhooks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.label_formats import LabelFormat
from core.modes import ApiMode
from core.money import Money
from core.tracking import TrackingState
from providers.carriers import easypost
from providers.carriers.base import CarrierDown, CarrierRefused, Verdict, VoidState
from sandbox.settings import SandboxSettings
from tests.providers.recorded_easypost import SENDER, quote
from tests.providers.stand import shop_settings
from tests.sandbox.world import Shop, served

SECRET = "sécret"
HOUR = timedelta(hours=1)


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as shop:
        yield shop


@pytest.fixture
def world(shop):
    settings = SandboxSettings(easypost_webhook=shop.url, easypost_webhook_secret=SECRET)
    with served(settings) as world:
        yield world


@pytest.fixture
def carrier(world):
    settings = shop_settings(
        world.url,
        easypost_test_key="EZTKtests",
        easypost_test_webhook_secret=SECRET,
        carrier_timeout_seconds=10,
    )
    return easypost.connect(settings, ApiMode.TEST)


def buy(carrier):
    quoted = quote(carrier)
    return carrier.buy(quoted.shipment_id, min(quoted.rates, key=lambda rate: rate.cost).rate_id)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        (SENDER, Verdict.VERIFIED),
        (replace(SENDER, street="388 Townsend Street"), Verdict.VERIFIED),
        (replace(SENDER, city="Oakland"), Verdict.CORRECTED),
        (replace(SENDER, street2="Apt"), Verdict.DOUBTFUL),
        (replace(SENDER, street="Townsend St", street2=""), Verdict.UNDELIVERABLE),
        (replace(SENDER, street="000 unknown street"), Verdict.UNDELIVERABLE),
    ],
)
def test_addresses_are_judged_alike_plainly_and_strictly(carrier, typed, verdict, strict):
    told = carrier.check(typed, strict=strict)

    assert told.verdict is verdict
    assert bool(told.remarks) == (verdict in {Verdict.DOUBTFUL, Verdict.UNDELIVERABLE})
    if verdict is Verdict.CORRECTED:
        assert told.suggestion.city == "SAN FRANCISCO"


def test_new_rates_are_bought_and_the_old_are_gone(carrier):
    quoted = quote(carrier)
    again = carrier.requote(quoted.shipment_id)

    with pytest.raises(CarrierRefused):
        carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)
    bought = carrier.buy(again.shipment_id, again.rates[0].rate_id)

    assert [rate.cost for rate in again.rates] == [rate.cost for rate in quoted.rates]
    assert bought.rate_id == again.rates[0].rate_id
    with pytest.raises(CarrierRefused) as caught:
        carrier.requote(quoted.shipment_id)
    assert caught.value.facts["reason"] == "SHIPMENT.POSTAGE.EXISTS"


def test_a_label_whose_id_was_lost_is_found_by_our_reference(carrier):
    bought = buy(carrier)

    assert carrier.find("", reference="L-1") == bought
    assert carrier.find("", reference="L-2") is None


def test_a_label_comes_in_each_format_that_the_carrier_makes(carrier):
    bought = buy(carrier)

    files = [carrier.label_in(bought.label_id, kind) for kind in ("png", "pdf_4x6", "zpl")]

    assert [file[:4] for file in files] == [b"\x89PNG", b"%PDF", b"^XA^"]
    assert bought.tracking_code.encode() in files[2]
    assert carrier.label_file(bought.label_url) == files[1]
    assert carrier.label_file(carrier.find(bought.shipment_id, reference="").label_url) == files[1]
    with pytest.raises(CarrierRefused):
        carrier.label_in(bought.label_id, LabelFormat.PDF_LETTER)


def test_a_void_is_submitted_then_refunded_and_the_shop_hears_of_it(carrier, world, shop):
    bought = buy(carrier)
    before = carrier.void_state(bought.label_id)

    asked, again = carrier.void(bought.label_id), carrier.void(bought.label_id)
    world.post(f"/tracking/{bought.tracking_code}/refund", {"status": "refunded"})

    assert (before, asked, again) == (VoidState.NONE, VoidState.SUBMITTED, VoidState.SUBMITTED)
    assert carrier.void_state(bought.label_id) is VoidState.REFUNDED
    assert carrier.void(bought.label_id) is VoidState.REFUNDED
    [heard] = shop.hears(1)
    news = carrier.read_news(heard.body, heard.headers)
    assert (news.label_id, news.void) == (bought.label_id, VoidState.REFUNDED)


def test_a_rejected_void_may_be_asked_for_again_and_a_scanned_label_not(carrier, world):
    bought = buy(carrier)
    carrier.void(bought.label_id)
    world.post(f"/tracking/{bought.tracking_code}/refund", {"status": "rejected"})

    rejected, again = carrier.void_state(bought.label_id), carrier.void(bought.label_id)
    world.post(f"/tracking/{bought.tracking_code}/refund", {"status": "rejected"})
    world.post(f"/tracking/{bought.tracking_code}", {"status": "in_transit"})

    assert (rejected, again) == (VoidState.REJECTED, VoidState.SUBMITTED)
    with pytest.raises(CarrierRefused) as caught:
        carrier.void(bought.label_id)
    assert caught.value.facts["told"] == "Unable to request refund. The parcel has been shipped."


@pytest.mark.parametrize(
    "status",
    [
        "in_transit",
        "out_for_delivery",
        "available_for_pickup",
        "delivered",
        "return_to_sender",
        "failure",
        "cancelled",
    ],
)
def test_a_parcel_is_followed_by_asking_and_by_listening(carrier, world, shop, status):
    bought = buy(carrier)

    world.post(f"/tracking/{bought.tracking_code}", {"status": status})

    tracked = carrier.track(bought.tracking_code, "USPS")
    assert tracked.state is TrackingState(status)
    assert [scan.state for scan in tracked.scans[-2:]] == ["pre_transit", status]
    assert tracked.scans[-1].place == "REDONDO BEACH, CA 90277"
    [heard] = shop.hears(1)
    assert carrier.read_news(heard.body, heard.headers).tracked == tracked


def test_the_books_tell_what_was_bought_and_what_is_left(carrier):
    before = carrier.balance()
    bought = [buy(carrier) for _ in range(3)]
    quote(carrier)
    carrier.void(bought[0].label_id)
    now = datetime.now(UTC)

    lines = list(carrier.statement(now - HOUR, now + HOUR))

    assert {line.label_id: line.cost for line in lines} == {
        label.label_id: label.cost for label in bought
    }
    assert {line.reference for line in lines} == {"L-1"}
    assert [line.void for line in reversed(lines)] == ["submitted", "none", "none"]
    assert carrier.balance() == before - Money(3 * bought[0].cost.minor)
    assert list(carrier.statement(now + HOUR, now + 2 * HOUR)) == []


def test_a_long_list_is_turned_page_by_page(carrier, monkeypatch):
    monkeypatch.setattr(easypost, "PAGE_SIZE", 2)
    bought = [buy(carrier).label_id for _ in range(5)]
    now = datetime.now(UTC)

    lines = list(carrier.statement(now - HOUR, now + HOUR))

    assert [line.label_id for line in reversed(lines)] == bought


def test_who_asks_too_often_is_told_when_to_come_back(carrier, world):
    world.misbehave("easypost", "GET /users", "rate_limit", seconds=3)

    with pytest.raises(CarrierDown) as caught:
        carrier.balance()

    assert caught.value.facts["retry_after"] == 3
