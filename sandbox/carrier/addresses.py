"""Creating and verifying addresses."""

from typing import Any

from sandbox.carrier import places, shapes
from sandbox.carrier.errors import missing, not_found, unverified
from sandbox.carrier.store import Document, Store


class Addresses:
    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, given: Any, mode: str, *, verify: bool, strict: bool) -> Document:
        """Store an address. A failed check is told in it, or raised when `strict`."""
        if not isinstance(given, dict) or not given:
            raise missing("address")
        address = shapes.address(given, mode)
        if verify or strict:
            address = verified(address)
        if strict:
            _raise_failures(address)
        self._store.put(("addresses", address["id"], address))
        return address

    def get(self, address_id: str) -> Document:
        address = self._store.get("addresses", address_id)
        if address is None:
            raise not_found()
        return address

    def verify(self, address_id: str) -> Document:
        address = verified(self.get(address_id))
        _raise_failures(address)
        self._store.put(("addresses", address_id, address))
        return address

    def resolve(self, given: Any, field: str, mode: str) -> Document:
        """The address that a shipment names by id, or spells out."""
        if not isinstance(given, dict) or not given:
            raise missing(field)
        if set(given) == {"id"}:
            return self.get(str(given["id"]))
        return shapes.address(given, mode)


def verified(address: Document) -> Document:
    """The address with the outcome of its check, corrected when it is good."""
    errors = places.failures(address)
    details = {} if errors else places.details(address)
    told = errors or places.doubts(address)
    outcome = {
        "zip4": {"success": not errors, "errors": told, "details": None},
        "delivery": {"success": not errors, "errors": told, "details": details},
    }
    corrected = {} if errors else places.delivered_as(address)
    return {**address, **corrected, "verifications": outcome}


def _raise_failures(address: Document) -> None:
    delivery = address["verifications"]["delivery"]
    if not delivery["success"]:
        raise unverified(delivery["errors"])
