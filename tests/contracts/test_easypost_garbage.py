"""Whatever stands in place of one value of a recording, our readers read it or say it is broken."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from providers import exact_json
from providers.carriers.base import Bought, Quoted, UnreadableNews
from providers.carriers.easypost_addresses import read_checked, read_unverified
from providers.carriers.easypost_books import read_balance, read_page, read_sold
from providers.carriers.easypost_calls import read_error
from providers.carriers.easypost_news import _news
from providers.carriers.easypost_read import (
    BrokenShipment,
    label_urls,
    read_bought,
    read_quoted,
    read_void_state,
)
from providers.carriers.easypost_tracking import BrokenTracker, read_tracked
from tests.providers.recorded_easypost import BOUGHT, RECORDED, SENDER, SHIPMENT, answers

BROKEN = (BrokenShipment, BrokenTracker, UnreadableNews)
ODD = st.sampled_from(
    [None, "", " ", "odd", "\x00", 0, -1, 1e300, 0.1, 10**30, True, [], [None], {}, {"a": 1}]
)
ENDS = ("from_address", "to_address", "return_address", "buyer_address", "parcel", "customs_info")
SMALL = {name: value for name, value in BOUGHT.items() if name not in ENDS}
EVENT = json.loads((RECORDED.parent / "event-body.json").read_text())
(REFUND,) = answers("refund_create")[-1]


def shipment(raw: Any) -> None:
    quoted = read_quoted(raw)
    assert all(rate.rate_id and rate.cost.minor >= 0 for rate in quoted.rates)
    label_urls(raw)
    read_void_state(raw)


def purchase(raw: Any) -> None:
    bought = read_bought(raw, SHIPMENT)
    assert bought is None or (bought.shipment_id and bought.rate_id and bought.label_url)


def event(raw: Any) -> None:
    _news("evt_1", exact_json.text(raw.get("description")), raw.get("result"))


def error(raw: Any) -> None:
    read_unverified(read_error(raw).details)


READERS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "quote": (SMALL, shipment),
    "purchase": (SMALL, purchase),
    "book": (SMALL, read_sold),
    "page": ({"shipments": [{"id": "shp_1"}], "has_more": True}, read_page),
    "tracker": (answers("tracker_create")[0], read_tracked),
    "event": (EVENT, event),
    "refund": ({"description": "refund.successful", "result": REFUND}, event),
    "address": (answers("address_create_verify")[1], lambda raw: read_checked(raw, SENDER)),
    "good address": (
        answers("address_create_verify_strict")[0],
        lambda raw: read_checked(raw, SENDER),
    ),
    "account": (answers("user_retrieve_me")[0], read_balance),
    "error": (answers("error")[0], error),
}


def places(raw: Any) -> Iterator[tuple[Any, Any]]:
    """Each value's container and its name there."""
    pairs = raw.items() if isinstance(raw, dict) else enumerate(raw)
    for name, value in pairs:
        yield raw, name
        if isinstance(value, dict | list):
            yield from places(value)


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_an_odd_value_anywhere_is_read_or_broken_and_nothing_else(name, data):
    recorded, read = READERS[name]
    raw = copy.deepcopy(recorded)
    container, key = data.draw(st.sampled_from(list(places(raw))))
    container[key] = data.draw(ODD)

    try:
        read(exact_json.read(json.dumps(raw).encode()))
    except BROKEN:
        return


@pytest.mark.parametrize("name", READERS)
def test_no_recording_is_broken_by_itself(name):
    recorded, read = READERS[name]

    read(exact_json.read(json.dumps(recorded).encode()))


def test_the_values_of_a_label_fit_to_be_stored_whatever_their_length():
    long = BOUGHT | {"messages": [{"carrier": "U" * 9_999, "message": "m" * 9_999}]}

    quoted: Quoted = read_quoted(long)
    bought: Bought | None = read_bought(BOUGHT | {"tracking_code": "9" * 9_999}, SHIPMENT)

    assert max(map(len, quoted.complaints)) <= 602
    assert bought is not None
    assert len(bought.tracking_code) == 300
