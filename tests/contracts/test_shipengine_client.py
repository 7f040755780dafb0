"""Our client of ShipEngine and ShipStation by their official specifications and recordings."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.addresses import Address
from core.clock import SystemClock
from core.customs import ContentsType, Customs, CustomsItem
from core.label_formats import LabelFormat
from core.money import Money
from core.shipments import Shipment
from providers import exact_json
from providers.carriers.base import Verdict, VoidState
from providers.carriers.shipengine_accounts import Accounts
from providers.carriers.shipengine_errors import read_errors
from providers.carriers.shipengine_labels import Label, Making
from providers.carriers.shipengine_read import read_checked, read_quoted
from tests.contracts.openapi_judge import judge
from tests.providers.recorded_shipengine import (
    BOUGHT,
    CARRIERS,
    CHECKED,
    CODE,
    LABEL_ID,
    NOW,
    PARCEL,
    QUOTED,
    RATE,
    RECIPIENT,
    RECORDED,
    SENDER,
    SHIPMENT,
    VOIDED,
    connected,
    listed,
    recorded,
    shipment,
)
from tests.providers.stand import Stand, says

SPECIFICATIONS = {"shipengine": "shipengine", "shipstation": "shipstation-v2"}
CUSTOMS = Customs(
    ContentsType.SAMPLE,
    (CustomsItem("Tea", 3, Money(1000), Decimal(10), origin="CN", tariff="0902.10"),),
    signer="Jack Sparrow",
)
PLAIN = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)
ABROAD = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL, customs=CUSTOMS)
SINCE, UNTIL = datetime(2021, 8, 5, tzinfo=UTC), datetime(2021, 8, 6, 12, tzinfo=UTC)
WAY = {"tracking_number": CODE, "status_code": "IT"}


PURCHASED, PENDING = shipment("label_purchased"), shipment("pending")
CALLS = {
    "check": (lambda c: c.check(SENDER), [CHECKED]),
    "quote": (lambda c: c.quote(PLAIN, reference="Q-1"), [CARRIERS, QUOTED]),
    "quote abroad": (lambda c: c.quote(ABROAD, reference="x" * 50), [CARRIERS, QUOTED]),
    "requote": (lambda c: c.requote(SHIPMENT), [CARRIERS, QUOTED]),
    "buy": (lambda c: c.buy(SHIPMENT, RATE), [BOUGHT]),
    "find": (lambda c: c.find(SHIPMENT, reference="Q-1"), [listed(), PENDING]),
    "find what was lost": (lambda c: c.find("", reference="Q-1"), [PURCHASED, listed(BOUGHT)]),
    "void": (lambda c: c.void(LABEL_ID), [VOIDED, BOUGHT]),
    "void_state": (lambda c: c.void_state(LABEL_ID), [BOUGHT]),
    "track": (lambda c: c.track(CODE, "USPS"), [listed(BOUGHT), WAY]),
    "balance": (lambda c: c.balance(), [CARRIERS]),
    "statement": (lambda c: list(c.statement(SINCE, UNTIL)), [listed(BOUGHT)]),
}
"""Each call of the protocol, with the answers that it gets."""


@pytest.fixture
def stand():
    with Stand() as stand:
        yield stand


def faults(stand: Stand, name: str) -> list[str]:
    """What the service's specification says against the requests that were sent."""
    found = []
    for asked in stand.asked:
        body = asked.json if asked.body else None
        path = asked.path.removeprefix(f"/{name}")
        found += judge(SPECIFICATIONS[name]).request(asked.method, path, body)
    return found


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_every_request_is_as_the_official_specification_wants_it(stand, name, call):
    ask, answers = CALLS[call]
    checks_nothing = (name, call) == ("shipstation", "check")
    stand.play(*(says(200, answer) for answer in answers))

    ask(connected(stand, name))

    assert len(stand.asked) == (0 if checks_nothing else len(answers))
    assert faults(stand, name) == []


def test_a_parcel_of_somebody_else_is_asked_for_as_the_specification_wants_it(stand):
    stand.play(says(200, listed()), says(200, WAY))

    connected(stand).track(CODE, "UPS")

    assert faults(stand, "shipengine") == []


def test_the_recordings_are_all_read_here():
    responses = {path.stem for path in RECORDED.glob("*esponse*.json")}

    assert responses == {
        "BadRequest400Response",
        "RateLimited429Response",
        "docs_addresses_validate.response2",
        "docs_create_label_from_rate_id.response2",
        "docs_get_rates_from_shipment.response2",
        "docs_list_carriers.response1",
        "docs_void_label_by_label_id.response1",
    }


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("BadRequest400Response", "request_body_required", "validation"),
        ("RateLimited429Response", "rate_limit_exceeded", "system"),
    ],
)
def test_every_recorded_error_is_read(name, code, kind):
    raw = recorded(name)

    told = read_errors(raw)

    assert (told.code, told.kinds, told.by_carrier) == (code, {kind}, False)
    assert told.told == raw["errors"][0]["message"][:300]
    assert told.request_id == raw["request_id"]


def test_every_recorded_rate_of_a_parcel_is_read_and_no_envelope():
    raw = [rate for rate in QUOTED["rate_response"]["rates"] if rate["package_type"] == "package"]

    quoted = read_quoted(exact(QUOTED))

    assert [rate.rate_id for rate in quoted.rates] == [rate["rate_id"] for rate in raw]
    prices = [Decimal(str(rate["shipping_amount"]["amount"])) for rate in raw]
    assert [rate.cost.decimal for rate in quoted.rates] == prices
    assert quoted.complaints == ()


def test_the_recorded_label_is_read():
    label = Label(exact(BOUGHT))

    assert label.making is Making.MADE
    assert label.void(NOW) is VoidState.NONE
    assert label.bought(RATE).cost == Money(335)
    assert label.sold(NOW).bought_at == datetime(2021, 8, 5, 16, 47, 47, 876883, tzinfo=UTC)
    files = [label.file(form) for form in LabelFormat]
    assert [url.rpartition(".")[2] for url in files] == ["pdf", "", "png", "zpl"]


def test_the_recorded_accounts_are_read():
    accounts = Accounts("shipengine", lambda: exact(CARRIERS), (), SystemClock())

    found = [(each.carrier_id, each.balance) for each in accounts.fresh()]

    assert found == [("se-656171", Money(874291)), ("se-656172", None), ("se-656173", None)]


def test_the_recorded_addresses_are_read():
    for raw in CHECKED:
        original = raw["original_address"]
        lines = [original["address_line2"], original["address_line3"]]
        asked = Address(
            name="ShipEngine",
            street=original["address_line1"],
            street2=" ".join(filter(None, lines)),
            city=original["city_locality"],
            state=original["state_province"],
            zip=original["postal_code"],
        )

        checked = read_checked(raw, asked)

        assert checked.suggestion is not None
        assert checked.suggestion.zip == "78756-0003"
        assert (checked.verdict, checked.remarks) == (Verdict.VERIFIED, ())


def exact(raw):
    """As our client reads it: with Decimals."""
    return exact_json.read(json.dumps(raw).encode())
