"""Price versions: what was in force when, by whom and why. Published ones never change."""

from datetime import UTC, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from mongoengine import (
    DateTimeField,
    EmbeddedDocument,
    EmbeddedDocumentListField,
    EnumField,
    IntField,
    LongField,
    NotUniqueError,
    StringField,
)

from core.money import Money
from core.pricing import PriceList, Rule
from models.base import Record, RecordQuerySet
from models.connection import collection
from models.fields import MoneyField

COLLECTION = "price_versions"


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class RulePart(EmbeddedDocument):
    """`percent` is exact decimal text, `since` the day's first moment in UTC."""

    carrier: str = StringField(default="")
    service: str = StringField(default="")
    user_id: int | None = LongField()
    since: datetime | None = DateTimeField()
    percent: str = StringField(required=True)
    flat: Money = MoneyField(required=True)
    minimum: Money = MoneyField(required=True)

    @classmethod
    def of(cls, rule: Rule) -> "RulePart":
        return cls(
            carrier=rule.carrier,
            service=rule.service,
            user_id=rule.user_id,
            since=datetime.combine(rule.since, time(), UTC) if rule.since else None,
            percent=str(rule.percent),
            flat=rule.flat,
            minimum=rule.minimum,
        )

    @property
    def rule(self) -> Rule:
        return Rule(
            carrier=self.carrier,
            service=self.service,
            user_id=self.user_id,
            since=self.since.date() if self.since else None,
            percent=Decimal(self.percent),
            flat=self.flat,
            minimum=self.minimum,
        )


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

    def published(self) -> "VersionQuerySet":
        found: VersionQuerySet = self.filter(status=VersionState.PUBLISHED)
        return found

    def draft(self) -> "PriceVersion | None":
        found: PriceVersion | None = self.filter(status=VersionState.DRAFT).first()
        return found

    def begin(self, prices: PriceList, *, after: int, stamp: str, by: str, at: datetime) -> bool:
        """Insert the one draft, numbered after the last version. False if that number is taken."""
        draft = self._document(
            id=after + 1,
            stamp=stamp,
            by=by,
            moved_at=at,
            rules=[RulePart.of(rule) for rule in prices.rules],
            least_margin=prices.least_margin,
        )
        try:
            draft.save(force_insert=True)
        except NotUniqueError:
            return False
        return True

    def replace(
        self, stamp: str, prices: PriceList, *, new_stamp: str, by: str, at: datetime
    ) -> bool:
        """Write the draft's rules, if it still is what the caller saw."""
        changed = self._as_seen(stamp).update_one(
            set__rules=[RulePart.of(rule) for rule in prices.rules],
            set__least_margin=prices.least_margin,
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

    def discard(self, stamp: str) -> bool:
        return bool(self._as_seen(stamp).delete())

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
    rules: list[RulePart] = EmbeddedDocumentListField(RulePart)
    least_margin: Money = MoneyField(required=True)
    by: str = StringField(required=True)
    reason: str = StringField(default="")
    moved_at: datetime = DateTimeField(required=True)

    meta: ClassVar = {
        "collection": COLLECTION,
        "queryset_class": VersionQuerySet,
        "indexes": [("status", "-id")],
    }

    @property
    def prices(self) -> PriceList:
        return PriceList(tuple(part.rule for part in self.rules), self.least_margin)
