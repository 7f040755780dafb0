"""Whatever stands in place of one value of a recording, our readers read it or say it is broken."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from core.clock import SystemClock
from core.money import Money
from providers import exact_json
from providers.carriers.base import CarrierDown
from providers.carriers.shipengine_accounts import Accounts
from providers.carriers.shipengine_errors import BrokenAnswer, read_errors
from providers.carriers.shipengine_labels import Label
from providers.carriers.shipengine_read import read_checked, read_quoted
from providers.carriers.shipengine_tracking import read_tracked
from tests.providers.recorded_shipengine import (
    BOUGHT,
    CARRIERS,
    CHECKED,
    CODE,
    LIMITED,
    QUOTED,
    SENDER,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WAY = {
    "tracking_number": CODE,
    "status_code": "IT",
    "status_detail_code": "IN_TRANSIT",
    "carrier_code": "stamps_com",
    "estimated_delivery_date": "2021-08-09T00:00:00Z",
    "events": [
        {
            "occurred_at": "2021-08-06T08:00:00Z",
            "status_code": "IT",
            "description": "Departed",
            "city_locality": "AUSTIN",
            "state_province": "TX",
            "postal_code": 78756,
        }
    ],
}
FEW_RATES = QUOTED | {
    "rate_response": QUOTED["rate_response"]
    | {
        "rates": QUOTED["rate_response"]["rates"][2:4],
        "invalid_rates": QUOTED["rate_response"]["rates"][:1],
        "errors": LIMITED["errors"],
    }
}
FEW_CARRIERS = CARRIERS | {
    "carriers": [each | {"services": [], "packages": []} for each in CARRIERS["carriers"]]
}
ODD = st.sampled_from(
    [None, "", " ", "odd", "\x00", 0, -1, 1e300, 0.1, 10**30, True, [], [None], {}, {"a": 1}]
)


def label(raw: Any) -> None:
    read = Label(raw)
    read.bought()
    read.sold(NOW)


def accounts(raw: Any) -> None:
    Accounts("shipengine", lambda: raw, (), SystemClock()).fresh()


READERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "quote": (FEW_RATES, read_quoted),
    "label": (BOUGHT, label),
    "accounts": (FEW_CARRIERS, accounts),
    "address": (CHECKED[0], lambda raw: read_checked(raw, SENDER)),
    "way": (WAY, read_tracked),
    "error": (LIMITED, read_errors),
}


def places(raw: Any) -> Iterator[tuple[Any, Any]]:
    """Each value's container and its name there."""
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for name, value in pairs:
        yield raw, name
        if isinstance(value, dict | list):
            yield from places(value)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_odd_value_is_more_than_broken(name, data):
    recording, read = READERS[name]
    spoilt = copy.deepcopy(recording)
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(list(places(spoilt))))
        container[key] = copy.deepcopy(data.draw(ODD))

    exact = exact_json.read(json.dumps(spoilt).encode())
    try:
        result = read(exact)
    except (BrokenAnswer, CarrierDown):
        return

    if name == "quote":
        assert all(rate.cost >= Money(0) and rate.rate_id for rate in result.rates)
