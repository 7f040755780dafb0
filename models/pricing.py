"""Price versions: what was in force when, by whom and why. Published ones never change."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import DateTimeField, EnumField, IntField, StringField

from core.pricing import PriceList
from models.base import NotFound, Record, RecordQuerySet
from models.connection import collection
from models.fields import ValueField

COLLECTION = "price_versions"


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class VersionQuerySet(RecordQuerySet):
    """Every write is a compare-and-set on a draft, so nothing changes what is published."""

    def last(self) -> int:
        """The number of the last published version; 0 while there is none.

        Each quote asks for it: one raw read of the index, a fraction of a millisecond.
        """
        row = collection(COLLECTION).find_one(
            {"status": VersionState.PUBLISHED.value}, {"_id": 1}, sort=[("_id", -1)]
        )
        return int(row["_id"]) if row else 0

    def published(self, number: int) -> "PriceVersion":
        """Raises NotFound, also for the draft of that number."""
        version: PriceVersion = self.fetch(number)
        if version.status is VersionState.DRAFT:
            raise NotFound(kind="price version", id=number)
        return version

    def draft(self) -> "PriceVersion | None":
        found: PriceVersion | None = self.filter(status=VersionState.DRAFT).first()
        return found

    def begin(self, prices: PriceList, *, after: int, stamp: str, by: str, at: datetime) -> bool:
        """Insert the one draft, numbered after the last version. False if that number is taken."""
        written: bool = self.insert_if_absent(
            after + 1, prices=prices, stamp=stamp, by=by, moved_at=at
        )
        return written

    def replace(
        self, stamp: str, prices: PriceList, *, new_stamp: str, by: str, at: datetime
    ) -> bool:
        """Write the draft's rules, if it still is what the caller saw."""
        changed = self._as_seen(stamp).update_one(
            set__prices=prices,
            set__stamp=new_stamp,
            set__by=by,
            set__moved_at=at,
        )
        return bool(changed)

    def publish(self, stamp: str, *, by: str, reason: str, at: datetime) -> "PriceVersion | None":
        """Put the draft in force, if it still is what the caller saw; None otherwise."""
        published: PriceVersion | None = self._as_seen(stamp).modify(
            new=True,
            set__status=VersionState.PUBLISHED,
            set__by=by,
            set__reason=reason,
            set__moved_at=at,
        )
        return published

    def discard(self, stamp: str) -> "PriceVersion | None":
        """Delete the draft, if it still is what the caller saw; None otherwise."""
        discarded: PriceVersion | None = self._as_seen(stamp).modify(remove=True)
        return discarded

    def _as_seen(self, stamp: str) -> "VersionQuerySet":
        found: VersionQuerySet = self.filter(status=VersionState.DRAFT, stamp=stamp)
        return found


class PriceVersion(Record):
    """The id is the version's number, from 1. The draft has the number that it will have.

    There is one draft at most, since both have the number after the last. `stamp` is new with
    each change of it; `by` and `moved_at` tell of the last change, or of the publication.
    """

    objects: ClassVar[Any]

    id: int = IntField(primary_key=True)
    status: VersionState = EnumField(VersionState, required=True, default=VersionState.DRAFT)
    stamp: str = StringField(required=True)
    prices: PriceList = ValueField(PriceList, required=True)
    by: str = StringField(required=True)
    reason: str = StringField(default="")
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": VersionQuerySet,
        "indexes": [("status", "-id")],
    }
