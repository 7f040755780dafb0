"""What a customer keeps for the next label. Every verb may be repeated and has one effect."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from mongoengine.errors import NotUniqueError

from core.addresses import Address
from core.clock import Clock
from core.errors import Refusal
from core.ids import new_id
from core.naming import folded, read_name
from core.parcels import Parcel
from core.shipments import Shipment
from models.base import NotFound
from models.saved import MOST_USED_FIRST, SavedAddress, SavedParcel, Template


class TooManySaved(Refusal):
    """The customer keeps as many as there may be. Facts: `kind` (a Kind), `limit`."""


class NameTaken(Refusal):
    """Another template of this customer has the name. Facts: `name`."""


class Kind(StrEnum):
    """What may be kept."""

    ADDRESS = "address"
    PARCEL = "parcel"
    TEMPLATE = "template"


LIMITS: Mapping[Kind, int] = {Kind.ADDRESS: 100, Kind.PARCEL: 50, Kind.TEMPLATE: 50}
_DOCUMENTS: Mapping[Kind, Any] = {
    Kind.ADDRESS: SavedAddress,
    Kind.PARCEL: SavedParcel,
    Kind.TEMPLATE: Template,
}


@dataclass(frozen=True, slots=True)
class Saved:
    """Updates of one customer come one after another, which the limits rely on."""

    clock: Clock

    def most_used(self, kind: Kind, user_id: int, *, skip: int = 0, most: int) -> Sequence[Any]:
        """A page of what the customer keeps, the most used ones first."""
        found = _DOCUMENTS[kind].objects(user_id=user_id).order_by(*MOST_USED_FIRST)
        return list(found.skip(skip).limit(most))

    def count(self, kind: Kind, user_id: int) -> int:
        counted: int = _DOCUMENTS[kind].objects(user_id=user_id).count()
        return counted

    def get(self, kind: Kind, user_id: int, key: str) -> Any:
        """Raises models.base.NotFound for anybody else's."""
        return _DOCUMENTS[kind].objects.fetch(_id(user_id, key))

    def keep_address(self, user_id: int, address: Address) -> SavedAddress:
        """Raises TooManySaved."""
        kept: SavedAddress = self._keep(Kind.ADDRESS, user_id, _key(address), address=address)
        return kept

    def keep_parcel(self, user_id: int, parcel: Parcel) -> SavedParcel:
        """Raises TooManySaved."""
        kept: SavedParcel = self._keep(Kind.PARCEL, user_id, _key(parcel), parcel=parcel)
        return kept

    def keep_template(self, user_id: int, typed: str, shipment: Shipment) -> Template:
        """The same shipment under the same name is kept once.

        Raises core.naming.BadName, NameTaken, TooManySaved.
        """
        name = read_name(typed)
        known: Template | None = Template.objects(user_id=user_id, folded=folded(name)).first()
        if known is not None and known.shipment != shipment:
            raise NameTaken(name=name)
        parts = {
            "sender": shipment.sender,
            "recipient": shipment.recipient,
            "parcel": shipment.parcel,
            "customs": shipment.customs,
        }
        return known or self._keep(
            Kind.TEMPLATE, user_id, new_id("K"), name=name, folded=folded(name), **parts
        )

    def has(self, kept: Address | Parcel, user_id: int) -> bool:
        document = SavedAddress if isinstance(kept, Address) else SavedParcel
        known: bool = document.objects.has(_id(user_id, _key(kept)))
        return known

    def use(self, kind: Kind, user_id: int, key: str, *, by: str) -> Any:
        """Count a use, named by `by`, and answer what is used. Raises models.base.NotFound."""
        documents = _DOCUMENTS[kind].objects
        documents(pk=_id(user_id, key), used_by__ne=by).update_one(
            inc__uses=1, set__used_by=by, set__used_at=self.clock.now()
        )
        return self.get(kind, user_id, key)

    def rename(self, kind: Kind, user_id: int, key: str, typed: str) -> Any:
        """Raises core.naming.BadName, NameTaken, models.base.NotFound."""
        name = read_name(typed)
        more = {"set__folded": folded(name)} if kind is Kind.TEMPLATE else {}
        renamed = _DOCUMENTS[kind].objects(pk=_id(user_id, key))
        try:
            renamed.update_one(set__name=name, **more)
        except NotUniqueError as taken:
            raise NameTaken(name=name) from taken
        return self.get(kind, user_id, key)

    def delete(self, kind: Kind, user_id: int, key: str) -> None:
        """What is gone already is no error."""
        _DOCUMENTS[kind].objects(pk=_id(user_id, key)).delete()

    def _keep(self, kind: Kind, user_id: int, key: str, **what: Any) -> Any:
        documents, record_id, now = _DOCUMENTS[kind].objects, _id(user_id, key), self.clock.now()
        if not documents.has(record_id) and self.count(kind, user_id) >= LIMITS[kind]:
            raise TooManySaved(kind=kind, limit=LIMITS[kind])
        try:
            return documents.get_or_insert(
                record_id, user_id=user_id, used_at=now, created_at=now, **what
            )
        except NotFound as taken:
            raise NameTaken(name=what["name"]) from taken


def _id(user_id: int, key: str) -> str:
    return f"{user_id}:{key}"


def _key(kept: Address | Parcel) -> str:
    """The same for the same: `10` and `10.0` inches are one."""
    parts = (part if isinstance(part, str) else f"{part.normalize():f}" for part in astuple(kept))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
