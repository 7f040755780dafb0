"""What the shop relies on, asked of every carrier service alike over real HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from core.customs import ContentsType, Customs, CustomsItem
from core.label_formats import LabelFormat
from core.money import Money
from core.tracking import TrackingState
from providers.carriers.base import (
    CarrierDown,
    CarrierRefused,
    ForgedNews,
    NoFunds,
    PurchaseDoubtful,
    Verdict,
    VoidState,
)
from tests.carriers.conftest import (
    EASYPOST,
    RECIPIENT,
    SENDER,
    SHIPMENT,
    SHIPSTATION,
    Desk,
    cheapest,
)
from tests.sandbox.world import Shop

NOT_DONE = ["time_out_before", "reset_before", "error_500", "garbage"]
DONE_AND_LOST = ["time_out_after", "reset_after", "error_500_after"]
NO_ANSWER = [*NOT_DONE, "rate_limit"]


def bought(desk: Desk, carrier: str = "USPS", reference: str = "Q-1"):
    quoted = desk.quote(reference)
    return desk.carrier.buy(quoted.shipment_id, cheapest(quoted, carrier).rate_id)


def test_a_quote_has_rates_of_several_carriers_in_our_words_and_sells_nothing(desk):
    quoted = desk.quote()

    assert {"USPS", "UPS"} <= {rate.carrier for rate in quoted.rates}
    assert len({rate.rate_id for rate in quoted.rates}) == len(quoted.rates)
    assert all(rate.cost > Money(0) and rate.days and rate.service for rate in quoted.rates)
    assert desk.sold() == []


def test_a_requote_has_rates_for_the_same_shipment_that_can_be_bought(desk):
    quoted = desk.quote()

    again = desk.carrier.requote(quoted.shipment_id)
    label = desk.carrier.buy(again.shipment_id, again.rates[0].rate_id)

    assert again.shipment_id == quoted.shipment_id == label.shipment_id
    assert {rate.rate_id for rate in again.rates}.isdisjoint(r.rate_id for r in quoted.rates)
    costs = [{(rate.service, rate.cost) for rate in each.rates} for each in (quoted, again)]
    assert costs[0] == costs[1]


def test_a_label_is_bought_at_its_price_and_found_by_either_name(desk):
    quoted = desk.quote()
    rate = cheapest(quoted)
    before = desk.carrier.find(quoted.shipment_id, reference="Q-1")

    label = desk.carrier.buy(quoted.shipment_id, rate.rate_id)

    assert before is None
    assert (label.shipment_id, label.rate_id, label.cost) == (
        quoted.shipment_id,
        rate.rate_id,
        rate.cost,
    )
    [entry] = desk.sold()
    assert entry["reference"] == "Q-1"
    assert entry["tracking_code"] == label.tracking_code
    for shipment_id, reference in ((quoted.shipment_id, "Q-1"), ("", "Q-1")):
        found = desk.carrier.find(shipment_id, reference=reference)
        assert found is not None
        assert found.rate_id in {"", label.rate_id}
        assert (found.label_id, found.tracking_code) == (label.label_id, label.tracking_code)
        assert (found.cost, found.label_url) == (label.cost, label.label_url)


def test_a_label_behind_a_border_comes_with_its_customs_form(desk):
    shirts = CustomsItem("T-shirts", 2, Money(3_000), Decimal(8))
    customs = Customs(ContentsType.GIFT, (shirts,), SENDER.name)
    island = replace(RECIPIENT, city="San Juan", state="PR", zip="00901")
    abroad = replace(SHIPMENT, recipient=island, customs=customs)
    quoted = desk.carrier.quote(abroad, reference="Q-1")

    label = desk.carrier.buy(quoted.shipment_id, cheapest(quoted).rate_id)

    [url] = label.form_urls
    [page] = PdfReader(BytesIO(desk.carrier.label_file(url))).pages
    assert "2 x T-shirts" in page.extract_text()
    assert url != label.label_url
    assert desk.carrier.find(quoted.shipment_id, reference="Q-1").form_urls == (url,)


def test_a_label_between_states_has_no_form(desk):
    assert bought(desk).form_urls == ()


def test_what_nobody_bought_is_not_found(desk):
    assert desk.carrier.find("", reference="Q-unheard-of") is None


def test_a_second_purchase_is_the_first_label_or_a_second_one_so_we_never_send_it(desk):
    quoted = desk.quote()
    first = desk.carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    second = desk.carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)
    found = desk.carrier.find(quoted.shipment_id, reference="Q-1")

    sold_once = desk.name == EASYPOST
    assert len(desk.sold()) == (1 if sold_once else 2)
    assert (second.label_id == first.label_id) is sold_once
    assert found is not None
    assert found.label_id == first.label_id


@pytest.mark.parametrize("fault", NOT_DONE)
def test_a_purchase_that_did_not_happen_is_doubtful_then_not_found_then_bought_once(desk, fault):
    quoted = desk.quote()
    rate_id = cheapest(quoted).rate_id
    desk.misbehave(desk.buy, fault)

    with pytest.raises(PurchaseDoubtful):
        desk.carrier.buy(quoted.shipment_id, rate_id)
    absent = desk.carrier.find(quoted.shipment_id, reference="Q-1")
    sold_before = desk.sold()
    label = desk.carrier.buy(quoted.shipment_id, rate_id)

    assert (absent, sold_before) == (None, [])
    assert [each["tracking_code"] for each in desk.sold()] == [label.tracking_code]


@pytest.mark.parametrize("fault", DONE_AND_LOST)
def test_a_purchase_whose_answer_is_lost_is_doubtful_then_found_and_sold_once(desk, fault):
    quoted = desk.quote()
    rate = cheapest(quoted)
    desk.misbehave(desk.buy, fault)

    with pytest.raises(PurchaseDoubtful):
        desk.carrier.buy(quoted.shipment_id, rate.rate_id)
    found = desk.carrier.find(quoted.shipment_id, reference="Q-1")

    assert found is not None
    assert found.cost == rate.cost
    assert [each["tracking_code"] for each in desk.sold()] == [found.tracking_code]


def test_a_purchase_turned_away_for_its_pace_surely_bought_nothing(desk):
    quoted = desk.quote()
    desk.misbehave(desk.buy, "rate_limit")

    with pytest.raises(CarrierDown):
        desk.carrier.buy(quoted.shipment_id, quoted.rates[0].rate_id)

    assert desk.sold() == []


def test_an_empty_account_is_told_from_every_other_refusal_and_buys_nothing(desk):
    quoted = desk.quote()
    desk.fund("0.10")

    with pytest.raises(NoFunds):
        desk.carrier.buy(quoted.shipment_id, cheapest(quoted, "USPS").rate_id)

    assert desk.sold() == []


def test_a_rate_that_does_not_exist_is_refused_and_buys_nothing(desk):
    quoted = desk.quote()

    with pytest.raises(CarrierRefused) as caught:
        desk.carrier.buy(quoted.shipment_id, "se-1")

    assert not isinstance(caught.value, NoFunds)
    assert desk.sold() == []


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_search_without_an_answer_never_means_that_nothing_was_bought(desk, fault):
    label = bought(desk)
    desk.misbehave(desk.finding, fault)

    with pytest.raises(CarrierDown):
        desk.carrier.find(label.shipment_id, reference="Q-1")


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_quote_without_an_answer_means_later(desk, fault):
    desk.misbehave(desk.quoting, fault)

    with pytest.raises(CarrierDown):
        desk.quote()
    assert desk.quote("Q-2").rates


def test_a_void_is_submitted_until_somebody_pays_and_asked_again_tells_what_stands(desk):
    label = bought(desk)
    before = desk.carrier.void_state(label.label_id)

    asked = desk.carrier.void(label.label_id)
    again = desk.carrier.void(label.label_id)

    assert before is VoidState.NONE
    assert asked is again is VoidState.SUBMITTED
    assert desk.carrier.void_state(label.label_id) is VoidState.SUBMITTED


@pytest.mark.parametrize("outcome", ["refunded", "rejected"])
def test_what_the_carrier_decides_on_a_void_is_heard(desk, outcome):
    label = bought(desk)
    desk.carrier.void(label.label_id)
    if desk.name == SHIPSTATION:
        pytest.skip("the newer service tells nobody whether USPS has paid: see ADR 9")

    desk.decide(label.tracking_code, outcome)

    assert desk.carrier.void_state(label.label_id) is VoidState(outcome)


@pytest.mark.parametrize("fault", DONE_AND_LOST)
def test_a_void_whose_answer_was_lost_stands_when_asked_again(desk, fault):
    label = bought(desk)
    desk.misbehave(desk.void, fault)

    with pytest.raises(CarrierDown):
        desk.carrier.void(label.label_id)

    assert desk.carrier.void(label.label_id) is VoidState.SUBMITTED


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_void_that_was_not_heard_did_nothing(desk, fault):
    label = bought(desk)
    desk.misbehave(desk.void, fault)

    with pytest.raises(CarrierDown):
        desk.carrier.void(label.label_id)

    assert desk.carrier.void_state(label.label_id) is VoidState.NONE


def test_a_parcel_that_was_scanned_is_not_paid_back(desk):
    label = bought(desk)
    desk.move(label.tracking_code, "in_transit")

    try:
        state = desk.carrier.void(label.label_id)
    except CarrierRefused:
        state = VoidState.REJECTED

    assert state is VoidState.REJECTED
    assert desk.carrier.void_state(label.label_id) in {VoidState.NONE, VoidState.REJECTED}


@pytest.mark.parametrize(
    "status",
    [
        "pre_transit",
        "in_transit",
        "out_for_delivery",
        "available_for_pickup",
        "delivered",
        "return_to_sender",
        "failure",
    ],
)
def test_a_parcel_is_where_the_carrier_scanned_it(desk, status):
    label = bought(desk)
    desk.move(label.tracking_code, status)

    tracked = desk.carrier.track(label.tracking_code, "USPS")

    assert tracked.state is TrackingState(status)
    assert (tracked.tracking_code, tracked.carrier) == (label.tracking_code, "USPS")
    assert tracked.scans[-1].state is TrackingState(status)
    assert [scan.at for scan in tracked.scans] == sorted(scan.at for scan in tracked.scans)
    assert all(
        scan.at.tzinfo is UTC or scan.at.utcoffset() == timedelta() for scan in tracked.scans
    )


def test_news_of_a_parcel_are_heard_once_signed_and_never_when_altered(desk):
    with Shop() as shop:
        desk.subscribe(shop.url)
        label = bought(desk)
        already = len(shop.heard)
        desk.move(label.tracking_code, "delivered")
        heard = shop.hears(already + 1)[-1]

    news = desk.carrier.read_news(heard.body, heard.headers)
    again = desk.carrier.read_news(heard.body, heard.headers)

    assert news == again
    assert news.tracked is not None
    assert news.tracked.tracking_code == label.tracking_code
    assert news.tracked.state is TrackingState.DELIVERED
    altered = heard.body.replace(label.tracking_code.encode(), b"9400000000000000000000")
    for body, headers in ((altered, heard.headers), (heard.body, {})):
        with pytest.raises(ForgedNews):
            desk.carrier.read_news(body, headers)


def test_a_statement_lists_what_was_bought_in_its_time_with_our_references_and_voids(desk):
    start = datetime.now(UTC) - timedelta(seconds=1)
    labels = [bought(desk, reference=f"Q-{number}") for number in range(3)]
    desk.quote("Q-never-bought")
    desk.carrier.void(labels[1].label_id)
    end = datetime.now(UTC) + timedelta(seconds=1)

    sold = {each.label_id: each for each in desk.carrier.statement(start, end)}

    assert sold.keys() == {label.label_id for label in labels}
    for number, label in enumerate(labels):
        entry = sold[label.label_id]
        assert (entry.reference, entry.cost) == (f"Q-{number}", label.cost)
        assert entry.void is (VoidState.SUBMITTED if number == 1 else VoidState.NONE)
        assert start <= entry.bought_at < end
    assert list(desk.carrier.statement(start - timedelta(days=2), start)) == []


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_a_statement_without_an_answer_is_none(desk, fault):
    bought(desk)
    now = datetime.now(UTC)
    desk.misbehave(desk.listing, fault)

    with pytest.raises(CarrierDown):
        list(desk.carrier.statement(now - timedelta(hours=1), now + timedelta(hours=1)))


@pytest.mark.parametrize(
    ("wanted", "beginning"),
    [
        (LabelFormat.PDF_4X6, b"%PDF"),
        (LabelFormat.PNG, b"\x89PNG"),
        (LabelFormat.ZPL, b"^XA"),
    ],
)
def test_a_label_comes_as_pdf_and_in_every_format_that_carriers_convert(desk, wanted, beginning):
    label = bought(desk)

    pdf = desk.carrier.label_file(label.label_url)
    other = desk.carrier.label_in(label.label_id, wanted)

    assert pdf.startswith(b"%PDF")
    assert other.startswith(beginning)


def test_a_format_that_nobody_converts_is_refused(desk):
    label = bought(desk)

    with pytest.raises(CarrierRefused):
        desk.carrier.label_in(label.label_id, LabelFormat.PDF_LETTER)


def test_the_balance_is_what_is_left_after_a_purchase(desk):
    desk.fund("100.00")

    label = bought(desk)

    assert desk.carrier.balance() == Money(100_00) - label.cost


def test_an_address_is_checked_where_the_service_can(desk):
    checked = desk.carrier.check(RECIPIENT)

    expected = Verdict.UNCHECKED if desk.name == SHIPSTATION else Verdict.VERIFIED
    assert checked.verdict is expected
