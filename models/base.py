"""What all documents share: insert once, move by compare-and-set, index by command."""

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from mongoengine import Document, NotUniqueError, QuerySet

from core.errors import PlatformError


class NotFound(PlatformError):
    """No document has this id. Facts: `kind`, `id`."""


class RecordQuerySet(QuerySet):
    """The verbs that every collection of ours speaks."""

    def fetch(self, record_id: Any) -> Any:
        """The document of this id. Raises NotFound."""
        found = self.filter(pk=record_id).first()
        if found is None:
            raise NotFound(kind=self._document.__name__.lower(), id=record_id)
        return found

    def has(self, record_id: Any) -> bool:
        return self.filter(pk=record_id).only("pk").as_pymongo().first() is not None

    def get_or_insert(self, record_id: Any, **facts: Any) -> Any:
        """Insert once; whoever comes second gets what the first one wrote."""
        record = self._document(pk=record_id, **facts)
        try:
            record.save(force_insert=True)
        except NotUniqueError:
            return self.fetch(record_id)
        return record

    def insert_if_absent(self, record_id: Any, **facts: Any) -> bool:
        """True if this call wrote it."""
        try:
            self._document(pk=record_id, **facts).save(force_insert=True)
        except NotUniqueError:
            return False
        return True

    def due(self, now: datetime, most: int) -> Iterator[Any]:
        """Ids of unfinished documents whose `next_at` has come, the longest waiting first."""
        rows = self.filter(__raw__=overdue(now)).order_by("next_at").limit(most).only("pk")
        return iter([row["_id"] for row in rows.as_pymongo()])


class MovingQuerySet(RecordQuerySet):
    """For documents with a `status`: one verb moves them, and only forward."""

    def advance(
        self,
        record_id: Any,
        *,
        when: StrEnum | Collection[StrEnum],
        to: StrEnum,
        at: datetime,
        guard: dict[str, Any] | None = None,
        **changes: Any,
    ) -> Any:
        """Move one document on if it still stands where the caller saw it.

        `changes` are mongoengine updates (`set__x`, `inc__y`, `push__z`), `guard` further
        conditions. Answers the moved document, or None: somebody else owns the next step.
        """
        states = [when] if isinstance(when, StrEnum) else list(when)
        return self.filter(pk=record_id, status__in=states, **(guard or {})).modify(
            new=True, set__status=to, set__moved_at=at, **changes
        )


class Record(Document):
    """A document of ours. Indexes are built by command, at deploy."""

    objects: ClassVar[Any]

    meta: ClassVar = {
        "abstract": True,
        "auto_create_index": False,
        "queryset_class": RecordQuerySet,
    }

    @classmethod
    def all_kinds(cls) -> list[type[Self]]:
        """Every concrete collection under this class."""
        kinds: list[type[Self]] = []
        for kind in cls.__subclasses__():
            kinds.extend([kind] if not kind._meta.get("abstract") else [])  # noqa: SLF001
            kinds.extend(kind.all_kinds())
        return kinds


UNFINISHED: dict[str, Any] = {
    "fields": ["next_at"],
    "partialFilterExpression": {"next_at": {"$type": "date"}},
    "name": "unfinished_by_next_at",
}
"""The index that sweeps read: its size follows what is unfinished, not what exists."""


def overdue(now: datetime) -> dict[str, Any]:
    """The condition of a sweep. Without the type MongoDB would not use the partial index."""
    return {"next_at": {"$type": "date", "$lte": now}}
