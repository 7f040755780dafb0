"""What all documents share: insert once, move by compare-and-set, index by command."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from mongoengine import Document, QuerySet
from mongoengine.errors import FieldDoesNotExist
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from core.errors import PlatformError, Refusal


class NotFound(PlatformError):
    """No document has this id. Facts: `kind`, `id`."""


class Erased(Refusal):
    """What it told was kept for a time, or until its customer had it forgotten. Facts: `id`."""


class RecordQuerySet(QuerySet):
    """The verbs that every collection of ours speaks."""

    def fetch(self, record_id: Any) -> Any:
        """The document of this id. Raises NotFound."""
        found = self.seek(record_id)
        if found is None:
            raise NotFound(kind=self._document.__name__.lower(), id=record_id)
        return found

    def seek(self, record_id: Any) -> Any:
        """The document of this id, or None."""
        return self._read(self._collection.find_one({**self._query, "_id": record_id}))

    def has(self, record_id: Any) -> bool:
        return self.filter(pk=record_id).only("pk").as_pymongo().first() is not None

    def get_or_insert(self, record_id: Any, **facts: Any) -> Any:
        """Insert once; whoever comes second gets what the first one wrote."""
        row = self._document.row_of(record_id, facts)
        return self._read(row) if self._insert(row) else self.fetch(record_id)

    def insert_if_absent(self, record_id: Any, **facts: Any) -> bool:
        """True if this call wrote it."""
        return self._insert(self._document.row_of(record_id, facts))

    def put(self, record_id: Any, **facts: Any) -> None:
        """Write these facts, over whatever stands there."""
        facts = {f"set__{name}": value for name, value in facts.items()}
        self._collection.update_one({"_id": record_id}, self._changes(facts), upsert=True)

    def due(self, now: datetime, most: int) -> Iterator[Any]:
        """Ids of unfinished documents whose `next_at` has come, the longest waiting first."""
        rows = self.filter(__raw__=overdue(now)).order_by("next_at").limit(most).only("pk")
        return iter([row["_id"] for row in rows.as_pymongo()])

    def _changes(self, changes: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        update: dict[str, dict[str, Any]] = {}
        for name, value in changes.items():
            verb, _, field = name.partition("__")
            write = self._document._fields[field].to_mongo
            kept = None if value is None or verb == "unset" else write(value)
            update.setdefault(f"${verb}", {})[field] = kept
        return update

    def _insert(self, row: dict[str, Any]) -> bool:
        """False if a unique value of it is taken."""
        try:
            self._collection.insert_one(row)
        except DuplicateKeyError:
            return False
        return True

    def _read(self, row: Mapping[str, Any] | None) -> Any:
        return None if row is None else self._document.of_row(row)


_CHANGED: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda _, value: value,
    "unset": lambda _, __: None,
    "inc": lambda before, value: before + value,
    "max": max,
    "push": lambda before, value: (*before, value),
}


class MovingQuerySet(RecordQuerySet):
    """For documents with a `status`: one verb moves them, and only forward."""

    def advance(
        self,
        record_id: Any,
        *,
        when: StrEnum | Collection[StrEnum],
        to: StrEnum,
        at: datetime,
        guard: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Any:
        """Move one document on if it still stands where the caller saw it.

        `changes` are `set__x`, `unset__x`, `inc__x`, `max__x` and `push__x`; `guard` has further
        conditions in MongoDB's words. Answers the moved document, or None: somebody else owns the
        next step.
        """
        states = [when] if isinstance(when, StrEnum) else [*when]
        # The same by a query set of mongoengine's takes half as long again.
        row = self._collection.find_one_and_update(
            {**self._query, "_id": record_id, "status": {"$in": states}, **(guard or {})},
            self._changes({"set__status": to, "set__moved_at": at, **changes}),
            return_document=ReturnDocument.AFTER,
        )
        return self._read(row)

    def advance_here(
        self, record: Any, *, to: StrEnum, at: datetime, guard: Mapping[str, Any], **changes: Any
    ) -> Any:
        """`advance` for a document in hand: what changed in MongoDB is changed in it too.

        Cheaper by half than to have it sent and read anew, of which MongoDB keeps a copy, too.
        """
        changes = {"set__status": to, "set__moved_at": at, **changes}
        seen = {**self._query, "_id": record.pk, "status": record.status, **guard}
        if not self._collection.update_one(seen, self._changes(changes)).matched_count:
            return None
        kept = record._data  # noqa: SLF001  an attribute would note down that it is to be saved
        for name, value in changes.items():
            verb, _, field = name.partition("__")
            kept[field] = _CHANGED[verb](kept[field], value)
        return record


class Record(Document):
    """A document of ours. Indexes are built by command, at deploy."""

    objects: ClassVar[Any]

    meta: ClassVar = {
        "abstract": True,
        "auto_create_index": False,
        "queryset_class": RecordQuerySet,
    }

    @classmethod
    def row_of(cls, record_id: Any, facts: Mapping[str, Any]) -> dict[str, Any]:
        """What MongoDB is to keep as a new document of these facts, each of them checked.

        mongoengine's own way, by a document, takes six times as long. Raises its ValidationError,
        or FieldDoesNotExist for a fact that has no field.
        """
        if unknown := facts.keys() - cls._fields.keys():
            raise FieldDoesNotExist(f"{cls.__name__} has no {sorted(unknown)}")
        row = {}
        for name, field in cls._fields.items():
            value = record_id if field.primary_key else facts.get(name)
            if value is None:
                value = field.default() if callable(field.default) else field.default
            if value is not None:
                field._validate(value)  # noqa: SLF001  its `validate` leaves out the choices
                row[field.db_field] = field.to_mongo(value)
            elif field.required:
                field.error("Field is required")
        return row

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Self:
        """The document that MongoDB keeps as this row.

        mongoengine's own way takes five times as long, since it sets each attribute as if it were
        to be saved; documents of ours are never saved, only moved by their query sets.
        """
        data = {}
        for name, field in cls._fields.items():
            value = row.get(field.db_field)
            if value is not None:
                data[name] = field.to_python(value)
            else:
                data[name] = field.default() if callable(field.default) else field.default
        document = cls.__new__(cls)
        document.__setstate__({"_initialised": True, "_created": False, "_data": data})
        return document

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
