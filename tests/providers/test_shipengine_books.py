"""What our client of ShipEngine reads in its books: accounts, labels sold, files, addresses."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from core.label_formats import LabelFormat
from core.money import Money
from providers.carriers.base import (
    CarrierDown,
    CarrierRefused,
    Checked,
    Sold,
    Verdict,
    VoidState,
)
from tests.providers.recorded_shipengine import (
    BOUGHT,
    CARRIERS,
    CHECKED,
    CODE,
    LABEL_ID,
    RECIPIENT,
    SHIPMENT,
    connected,
    error,
    listed,
)
from tests.providers.stand import KEY, nobody_there, resets, says

SINCE, UNTIL = datetime(2021, 8, 5, tzinfo=UTC), datetime(2021, 8, 6, tzinfo=UTC)
AUSTIN = replace(
    RECIPIENT,
    street="3800 N Lamar Blvd",
    street2="ste 220",
    city="Austin",
    state="TX",
    zip="78756",
)
SOLD = Sold(
    shipment_id=SHIPMENT,
    label_id=LABEL_ID,
    reference="Q-1",
    tracking_code=CODE,
    cost=Money(335),
    void=VoidState.NONE,
    bought_at=datetime(2021, 8, 5, 16, 47, 47, 876883, tzinfo=UTC),
)
OURS = BOUGHT | {"external_shipment_id": "Q-1"}


@pytest.fixture
def carrier(stand):
    return connected(stand)


def funded(*balances):
    first = CARRIERS["carriers"][0]
    return {"carriers": [first | {"balance": balance} for balance in balances]}


@pytest.mark.parametrize(
    ("told", "balance"),
    [
        (CARRIERS, Money(874_291)),
        (funded(100, 12.34, 50), Money(1_234)),
        (funded(100, None, "odd"), Money(10_000)),
        ({"carriers": CARRIERS["carriers"][1:]}, None),
    ],
)
def test_the_balance_is_the_lowest_of_all_prepaid_accounts(stand, carrier, told, balance):
    stand.play(says(200, told))

    assert carrier.balance() == balance


def test_a_balance_is_asked_for_anew_each_time(stand, carrier):
    stand.play(says(200, funded(5)), says(200, funded(4)))

    assert [carrier.balance(), carrier.balance()] == [Money(500), Money(400)]


@time_machine.travel("2021-08-05T17:00:00Z", tick=False)
def test_a_statement_has_every_page_and_only_what_was_sold_in_that_time(stand, carrier):
    void = {"status": "voided", "voided": True, "voided_at": "2021-08-05T16:50:00Z"}
    early = {"created_at": "2021-08-04T23:59:59.9999999Z"}
    late = {"created_at": "2021-08-06T00:00:00Z"}
    first = listed(OURS | early, OURS, OURS | {"status": "processing"}, pages=2)
    second = listed(OURS | void | {"label_id": "se-2"}, OURS | {"status": "error"}, OURS | late)
    stand.play(says(200, first), says(200, second | {"page": 2, "pages": 2}))

    sold = list(carrier.statement(SINCE, UNTIL))

    assert sold == [SOLD, replace(SOLD, label_id="se-2", void=VoidState.SUBMITTED)]
    asked = [each.path.partition("?")[2].split("&") for each in stand.asked]
    assert [sorted(set(each) - set(asked[0])) for each in asked] == [[], ["page=2"]]
    assert sorted(asked[0]) == [
        "created_at_end=2021-08-06T00%3A00%3A00.000000Z",
        "created_at_start=2021-08-05T00%3A00%3A00.000000Z",
        "page=1",
        "page_size=100",
        "sort_by=created_at",
        "sort_dir=asc",
    ]


def test_an_entry_that_makes_no_sense_is_reported_and_hides_no_other(stand, carrier, capsys):
    broken = OURS | {"created_at": None, "label_id": "se-3"}
    stand.play(says(200, listed(None, broken, OURS | {"external_shipment_id": None})))

    sold = list(carrier.statement(SINCE, UNTIL))

    assert sold == [replace(SOLD, reference="")]
    told = capsys.readouterr().out
    assert told.count("statement_entry_unreadable") == 2
    assert "se-3" in told


@pytest.mark.parametrize("act", [resets, says(500, b""), says(200, {}), says(200, {"labels": []})])
def test_a_statement_that_breaks_off_is_no_statement(stand, carrier, act):
    stand.play(says(200, listed(OURS, pages=2)), act)
    sold = carrier.statement(SINCE, UNTIL)

    assert next(sold) == SOLD
    with pytest.raises(CarrierDown):
        next(sold)


def test_a_label_is_fetched_without_our_key(stand, carrier):
    stand.play(says(200, b"%PDF-1.4 label"))

    label = carrier.label_file(f"{stand.url}/shipengine/v1/downloads/10/x/label-1.pdf")

    assert label == b"%PDF-1.4 label"
    assert KEY not in str(stand.asked[0].headers)


def test_only_the_service_itself_is_shown_our_key_when_it_asks_for_it(stand, carrier):
    stand.play(says(401, b""), says(200, b"%PDF-1.4 label"), says(401, b""))

    label = carrier.label_file(f"{stand.url}/shipengine/v1/downloads/label-1.pdf")
    with pytest.raises(CarrierDown):
        carrier.label_file(f"{stand.url}/elsewhere/label-1.pdf")

    assert label == b"%PDF-1.4 label"
    assert [asked.headers.get("api-key") for asked in stand.asked] == [None, KEY, None]


@pytest.mark.parametrize(
    ("wanted", "name", "content"),
    [
        (LabelFormat.PDF_4X6, "pdf", b"%PDF-1.4"),
        (LabelFormat.PNG, "png", b"\x89PNG\r\n"),
        (LabelFormat.ZPL, "zpl", b"\n^XA^FO50,50^XZ"),
    ],
)
def test_a_label_comes_in_the_format_that_was_wanted(stand, carrier, wanted, name, content):
    download = {name: f"{stand.url}/file", "href": f"{stand.url}/other"}
    stand.play(says(200, BOUGHT | {"label_download": download}), says(200, content))

    assert carrier.label_in(LABEL_ID, wanted) == content
    assert stand.calls() == [f"GET /shipengine/v1/labels/{LABEL_ID}", "GET /file"]


@pytest.mark.parametrize("wanted", [LabelFormat.PDF_4X6, LabelFormat.PNG, LabelFormat.ZPL])
def test_a_file_of_another_kind_means_later(stand, carrier, wanted):
    url = f"{stand.url}/file"
    download = {"pdf": url, "png": url, "zpl": url}
    stand.play(says(200, BOUGHT | {"label_download": download}), says(200, b"<html>"))

    with pytest.raises(CarrierDown):
        carrier.label_in(LABEL_ID, wanted)

    assert stand.calls()[1:] == ["GET /file"]


@pytest.mark.parametrize(
    ("wanted", "download"),
    [
        (LabelFormat.PDF_LETTER, BOUGHT["label_download"]),
        (LabelFormat.ZPL, {"pdf": "https://files.example/1"}),
        (LabelFormat.PNG, None),
    ],
)
def test_a_format_that_a_label_does_not_have_is_refused(stand, carrier, wanted, download):
    stand.play(says(200, BOUGHT | {"label_download": download}))

    with pytest.raises(CarrierRefused) as caught:
        carrier.label_in(LABEL_ID, wanted)

    assert caught.value.facts["reason"] == "format_not_offered"


@pytest.mark.parametrize(
    "url",
    ["", "not an address", "file:///etc/passwd", nobody_there()],
    ids=["none", "no address", "a file", "nobody there"],
)
def test_a_label_without_an_address_means_later(carrier, url):
    with pytest.raises(CarrierDown):
        carrier.label_file(url)


def test_an_address_is_checked_as_recorded(stand, carrier):
    stand.play(says(200, CHECKED[:1]))

    checked = carrier.check(AUSTIN)

    tidy = {
        "street": "3800 N LAMAR BLVD STE 220",
        "street2": "",
        "city": "AUSTIN",
        "zip": "78756-0003",
    }
    assert checked == Checked(Verdict.VERIFIED, replace(AUSTIN, **tidy), ())
    assert stand.calls() == ["POST /shipengine/v1/addresses/validate"]
    assert stand.asked[0].json == [
        {
            "name": "O'Brien & Sons #3",
            "company_name": "Sons",
            "address_line1": "3800 N Lamar Blvd",
            "address_line2": "ste 220",
            "city_locality": "Austin",
            "state_province": "TX",
            "postal_code": "78756",
            "country_code": "US",
            "phone": "+13105550100",
            "email": "o@example.org",
            "address_residential_indicator": "unknown",
        }
    ]


TOLD = [{"message": "Suite missing", "code": "a1004"}, {"message": None}, "odd"]


@pytest.mark.parametrize(
    ("change", "verdict", "city"),
    [
        ({}, Verdict.VERIFIED, "AUSTIN"),
        ({"city": "DALLAS"}, Verdict.CORRECTED, "DALLAS"),
        ({"status": "warning"}, Verdict.DOUBTFUL, "AUSTIN"),
        ({"status": "unverified"}, Verdict.DOUBTFUL, "AUSTIN"),
        ({"status": "error"}, Verdict.UNDELIVERABLE, None),
        ({"status": "unheard_of"}, Verdict.DOUBTFUL, "AUSTIN"),
        ({"matched": None}, Verdict.VERIFIED, None),
    ],
)
def test_each_verdict_is_read_with_its_remarks(stand, carrier, change, verdict, city):
    matched = CHECKED[0]["matched_address"] | {"city_locality": change.get("city", "AUSTIN")}
    told = CHECKED[0] | {
        "status": change.get("status", "verified"),
        "matched_address": change.get("matched", matched),
        "messages": TOLD,
    }
    stand.play(*[says(200, [told])] * 2)

    checked, strict = carrier.check(AUSTIN), carrier.check(AUSTIN, strict=True)

    doubtful = verdict is Verdict.DOUBTFUL
    assert checked.verdict is verdict
    assert strict.verdict is (Verdict.UNDELIVERABLE if doubtful else verdict)
    assert (checked.suggestion and checked.suggestion.city) == city
    assert checked.remarks == strict.remarks == ("Suite missing",)


def test_a_question_that_is_wrong_is_refused(stand, carrier):
    stand.play(says(400, error("field_value_required", field_name="country_code")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.check(AUSTIN)

    assert caught.value.facts["told"] == "country_code: told"


@pytest.mark.parametrize("act", [resets, says(200, []), says(200, {}), says(500, b"")])
def test_a_check_without_an_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.check(AUSTIN)


def test_the_newer_service_checks_nothing_and_says_so(stand):
    carrier = connected(stand, "shipstation")

    assert carrier.check(AUSTIN, strict=True) == Checked(Verdict.UNCHECKED, None, ())
    assert stand.asked == []
