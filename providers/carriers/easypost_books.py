"""EasyPost's own books: its list of bought shipments, and the account's balance."""

from collections.abc import Mapping
from typing import Any

from core.money import Money, UnreadableAmount
from providers.carriers.base import Sold
from providers.carriers.easypost_read import BrokenShipment, read_bought, read_void_state
from providers.carriers.easypost_tracking import read_time
from providers.exact_json import text


def read_page(raw: Mapping[str, Any]) -> tuple[list[Mapping[str, Any]], bool]:
    """The shipments of one page, and whether there are more. Raises BrokenShipment."""
    listed = raw.get("shipments")
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise BrokenShipment
    return listed, raw.get("has_more") is True


def read_sold(raw: Mapping[str, Any]) -> Sold:
    """One line of the list. Raises BrokenShipment, also if nothing was bought."""
    bought = read_bought(raw, text(raw.get("id")))
    label = raw.get("postage_label")
    at = read_time(label.get("created_at") if isinstance(label, Mapping) else raw.get("created_at"))
    if bought is None or at is None:
        raise BrokenShipment
    return Sold(
        shipment_id=bought.shipment_id,
        label_id=bought.label_id,
        reference=text(raw.get("reference")),
        tracking_code=bought.tracking_code,
        cost=bought.cost,
        void=read_void_state(raw),
        bought_at=at,
    )


def read_balance(raw: Mapping[str, Any]) -> Money | None:
    """None for an account that is billed instead of paying from a balance."""
    try:
        return Money.of(text(raw["balance"]))
    except (KeyError, UnreadableAmount):
        return None
