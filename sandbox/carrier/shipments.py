"""Quoting, buying and voiding postage."""

from decimal import Decimal
from typing import Any

from sandbox.carrier import errors, places, rating, shapes
from sandbox.carrier.addresses import Addresses, verified
from sandbox.carrier.scans import UNSCANNED, announced, newborn, tracking_code
from sandbox.carrier.store import Document, Store
from sandbox.carrier.trackers import Trackers
from sandbox.world import World

FILE_TYPES = {
    "PNG": "image/png",
    "PDF": "application/pdf",
    "ZPL": "application/zpl",
    "EPL2": "application/epl2",
}
SHIPPED = "Unable to request refund. The parcel has been shipped."
NOT_YET = (
    "tracking_code",
    "batch_id",
    "batch_status",
    "batch_message",
    "insurance",
    "order_id",
    "postage_label",
    "refund_status",
    "scan_form",
    "selected_rate",
    "tracker",
)


class Shipments:
    def __init__(
        self, world: World, store: Store, addresses: Addresses, trackers: Trackers
    ) -> None:
        self._world = world
        self._store = store
        self._addresses = addresses
        self._trackers = trackers

    def create(self, given: Any, mode: str) -> Document:
        """Rate a parcel; with `service` and `carrier` in it, buy at once as well."""
        if not isinstance(given, dict) or not given:
            raise errors.missing("shipment")
        shipment = self._rated(self._unrated(given, mode), given.get("carrier_accounts"))
        self._store.put(("shipments", shipment["id"], shipment))
        if "service" not in given:
            return shipment
        return self.buy(shipment["id"], _wanted_rate(shipment, given))

    def get(self, key: str) -> Document:
        """By id, else the newest with that reference."""
        shipment = self._store.get("shipments", key)
        if shipment is not None:
            return shipment
        for candidate in reversed(self._store.all("shipments")):
            if key in (candidate["reference"], candidate["tracking_code"]):
                return candidate
        raise errors.not_found()

    def rerate(self, key: str) -> list[Document]:
        """New rates with new ids; the old ids are gone."""
        with self._store.lock:
            shipment = self.get(key)
            if shipment["postage_label"]:
                raise errors.postage_exists()
            shipment = self._rated({**shipment, "updated_at": shapes.now()}, None)
            self._store.put(("shipments", shipment["id"], shipment))
        rates: list[Document] = shipment["rates"]
        return rates

    def buy(self, key: str, rate_id: object) -> Document:
        """Charge the account and make the label, once."""
        with self._store.lock:
            shipment = self.get(key)
            if shipment["postage_label"]:
                raise errors.postage_exists()
            rate = next((rate for rate in shipment["rates"] if rate["id"] == rate_id), None)
            if rate is None:
                raise errors.not_found()
            if trouble := rating.objection(rate["carrier"], shipment["to_address"]["street1"]):
                raise errors.not_sold(trouble)
            left = self._store.balance - Decimal(rate["rate"])
            if left < 0:
                raise errors.payment_required()
            return self._bought(shipment, rate, left)

    def refund(self, key: str) -> Document:
        """Ask for the void; the answer comes later. What was scanned already is refused."""
        with self._store.lock:
            shipment = self.get(key)
            if not shipment["postage_label"]:
                raise errors.not_refundable("There is no postage to refund.")
            if shipment["refund_status"] in ("submitted", "refunded"):
                raise errors.not_refundable("A refund was already requested.")
            if shipment["tracker"]["status"] not in UNSCANNED:
                raise errors.not_refundable(SHIPPED)
            shipment = {**shipment, "refund_status": "submitted", "updated_at": shapes.now()}
            self._store.put(("shipments", shipment["id"], shipment))
        self._trackers.settle_later(shipment["id"])
        return shipment

    def converted(self, key: str, file_format: str) -> Document:
        """The shipment with a label URL in another format."""
        with self._store.lock:
            shipment = self.get(key)
            if not shipment["postage_label"]:
                raise errors.not_found()
            if file_format not in FILE_TYPES:
                raise errors.invalid("file_format", f"must be one of {', '.join(FILE_TYPES)}")
            if shipment["postage_label"]["label_file_type"] != FILE_TYPES["PNG"]:
                raise errors.not_converted()
            field = "label_url" if file_format == "PNG" else f"label_{file_format.lower()}_url"
            url = shipment["postage_label"]["label_url"].rpartition(".")[0]
            url = f"{url}.{file_format.lower()}"
            label = {**shipment["postage_label"], field: url, "updated_at": shapes.now()}
            shipment = {**shipment, "postage_label": label}
            self._store.put(("shipments", shipment["id"], shipment))
        return shipment

    def _unrated(self, given: Document, mode: str) -> Document:
        to, from_ = (
            self._addresses.resolve(given.get(field), field, mode)
            for field in ("to_address", "from_address")
        )
        back = given.get("return_address")
        customs = given.get("customs_info")
        return _blank(mode) | {
            "options": shapes.options(given.get("options") or {}),
            "reference": given.get("reference"),
            "customs_info": shapes.customs_info(customs, mode) if customs else None,
            "from_address": from_,
            "parcel": _parcel(given.get("parcel"), mode),
            "to_address": to,
            "return_address": self._addresses.resolve(back, "return_address", mode)
            if back
            else from_,
            "buyer_address": to,
        }

    def _rated(self, shipment: Document, accounts: list[str] | None) -> Document:
        zone = places.zone(*(str(shipment[end]["zip"]) for end in ("from_address", "to_address")))
        rates, messages = [], []
        for service in rating.SERVICES:
            if accounts and rating.ACCOUNTS[service.carrier] not in accounts:
                continue
            trouble = rating.refusal(service, shipment["parcel"])
            if zone is None:
                trouble = "Unknown ZIP code."
            if zone is None or trouble:
                messages.append(_message(service.carrier, str(trouble)))
            else:
                price = rating.price(service, shipment["parcel"], zone)
                rates.append(shapes.rate(price, shipment["id"], shipment["mode"]))
        unique = list({tuple(message.items()): message for message in messages}.values())
        return {**shipment, "rates": rates, "messages": unique, "usps_zone": zone}

    def _bought(self, shipment: Document, rate: Document, left: Decimal) -> Document:
        format_ = str(shipment["options"].get("label_format") or "PNG").upper()
        file_type = FILE_TYPES.get(format_, "image/png")
        token = shapes.new_id("").strip("_")
        day = shapes.now()[:10].replace("-", "")
        extension = format_.lower() if format_ in FILE_TYPES else "png"
        path = f"/easypost-files/postage_label/{day}/{token}.{extension}"
        code = tracking_code(rate["carrier"])
        tracker = newborn(code, rate["carrier"], shipment["id"], shipment["mode"])
        to = verified(shipment["to_address"])
        bought = {
            **shipment,
            "tracking_code": code,
            "updated_at": shapes.now(),
            "postage_label": shapes.postage_label(self._world.public_url() + path, file_type),
            "selected_rate": rate,
            "to_address": to,
            "buyer_address": to,
            "fees": shapes.fees(rate["rate"]),
        }
        if shapes.crosses_border(shipment):
            form = f"/easypost-files/form/{day}/{token}.pdf"
            bought["forms"] = [shapes.form(self._world.public_url() + form, shipment["mode"])]
        scanned = announced(tracker, shipment["from_address"], to, rate["service"])
        self._store.put(
            ("shipments", shipment["id"], _seen_later(bought, scanned)),
            ("trackers", code, scanned),
            ("labels", token, {"shipment_id": shipment["id"]}),
            self._store.with_balance(left),
        )
        return {**bought, "tracker": tracker}


def _seen_later(bought: Document, scanned: Document) -> Document:
    """A purchase answers an empty second line as "", every later look as null."""
    to = {**bought["to_address"], "street2": bought["to_address"]["street2"] or None}
    return {**bought, "tracker": scanned, "to_address": to, "buyer_address": to}


def _blank(mode: str) -> Document:
    at = shapes.now()
    nothing = dict.fromkeys(NOT_YET)
    return nothing | {
        "id": shapes.new_id("shp"),
        "created_at": at,
        "updated_at": at,
        "is_return": False,
        "mode": mode,
        "status": "unknown",
        "forms": [],
        "fees": [],
        "object": "Shipment",
    }


def _parcel(given: Any, mode: str) -> Document:
    if not isinstance(given, dict) or not given.get("weight"):
        raise errors.missing("parcel")
    parcel = shapes.parcel(given, mode)
    if not parcel["weight"] > 0:
        raise errors.invalid("weight", "must be greater than 0")
    return parcel


def _wanted_rate(shipment: Document, given: Document) -> object:
    for rate in shipment["rates"]:
        if rate["service"] == given["service"] and given.get("carrier") in (None, rate["carrier"]):
            return rate["id"]
    raise errors.invalid("service", "no such rate")


def _message(carrier: str, text: str) -> Document:
    return {
        "carrier": carrier,
        "carrier_account_id": rating.ACCOUNTS[carrier],
        "type": "rate_error",
        "message": text,
    }
