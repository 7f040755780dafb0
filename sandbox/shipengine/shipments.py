"""Shipments and their rates: quoted, quoted anew, found by either id."""

from typing import Any

from sandbox.carrier.store import Change, Document, Store
from sandbox.shipengine import errors, shapes
from sandbox.shipengine.editions import Edition
from sandbox.shipengine.parcels import parcel
from sandbox.shipengine.quoting import Quote, accounts, quote
from sandbox.world import World

LONGEST_EXTERNAL_ID = 50


class Shipments:
    def __init__(self, world: World, store: Store, edition: Edition) -> None:
        self._world = world
        self._store = store
        self._edition = edition

    def rate(self, body: Document) -> Document:
        """`POST /rates`, for a new shipment or one that is known. Old rates stay for sale."""
        options = body.get("rate_options") or {}
        first = accounts(options)[0]
        with self._store.lock:
            declared: list[Change] = []
            if "shipment_id" in body:
                shipment = self.get(str(body["shipment_id"]))
            else:
                shipment = self._created(body.get("shipment"))
                products = body["shipment"]["packages"][0].get("products") or []
                declared = [("declared", shipment["shipment_id"], {"products": products})]
            shipment = {**shipment, "carrier_id": first.carrier_id}
            found = quote(self._world, self._edition.name, shipment, options)
            changes: list[Change] = [
                ("rates", rate["rate_id"], {"rate": rate, "shipment_id": shipment["shipment_id"]})
                for rate in found.rates
            ]
            self._store.put(*_known(shipment), *declared, *changes)
        return shipment | {"rate_response": self._answer(shipment, found)}

    def get(self, shipment_id: str) -> Document:
        shipment = self._store.get("shipments", shipment_id)
        if shipment is None:
            raise errors.unknown("Shipment", shipment_id)
        return shipment

    def declared(self, shipment_id: str) -> list[Document]:
        """What is in it by the sender's word, which no answer repeats."""
        told: list[Document] = (self._store.get("declared", shipment_id) or {}).get("products", [])
        return told

    def named(self, external_id: str) -> Document:
        found = self._store.get("external_ids", external_id)
        if found is None:
            raise errors.unknown("Shipment", external_id)
        return self.get(found["shipment_id"])

    def one_rate(self, rate_id: str) -> Document:
        """The rate and the shipment it was made for."""
        found = self._store.get("rates", rate_id)
        if found is None:
            raise errors.unknown("Rate", rate_id)
        return found

    def _created(self, given: Any) -> Document:
        if not isinstance(given, dict) or not given:
            raise errors.required("shipment")
        for end in ("ship_to", "ship_from"):
            for field in self._edition.address_fields:
                if not (given.get(end) or {}).get(field):
                    raise errors.required(f"shipment.{end}.{field}")
        parcel(given.get("packages"))
        external_id = (given.get("external_shipment_id") or "")[:LONGEST_EXTERNAL_ID] or None
        if external_id and self._store.get("external_ids", external_id):
            raise errors.taken(external_id)
        return shapes.shipment({**given, "external_shipment_id": external_id}, given["ship_from"])

    def _answer(self, shipment: Document, found: Quote) -> Document:
        return {
            "rates": found.rates,
            "invalid_rates": found.refused,
            "rate_request_id": shapes.new_id(),
            "shipment_id": shipment["shipment_id"],
            "created_at": shapes.now(),
            "status": found.status,
            "errors": [self._edition.error(error) for error in found.errors],
        }


def _known(shipment: Document) -> list[Change]:
    shipment_id, external_id = shipment["shipment_id"], shipment["external_shipment_id"]
    changes: list[Change] = [("shipments", shipment_id, shipment)]
    if external_id:
        changes.append(("external_ids", external_id, {"shipment_id": shipment_id}))
    return changes
