"""What has been kept long enough, and the ways in which it is erased."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from pymongo.collection import Collection

from models.batch import TOLD_BY_ROWS, BatchRow
from models.connection import collection

log = structlog.get_logger()

AT_A_TIME = 500

Condition = Mapping[str, Any]
Records = Collection[dict[str, Any]]
Way = Callable[[Records, Condition], object]


@dataclass(frozen=True, slots=True)
class Part:
    """Documents that are due, by an index that holds nothing erased, and the way to erase them.

    The way is given `due` once more, for those that were found: what has moved since then stays.
    """

    name: str
    due: Condition
    way: Way = Collection.delete_many

    def find(self, most: int = AT_A_TIME) -> list[Any]:
        """The ids of documents that are due."""
        due = collection(self.name).find(self.due, {"_id": True}).limit(most)
        return [row["_id"] for row in due]

    def erase(self) -> int:
        """How many were found."""
        found = self.find()
        if found:
            self.way(collection(self.name), {**self.due, "_id": {"$in": found}})
            log.info("erased", what=self.name, found=len(found))
        return len(found)


def changed(**change: Any) -> Way:
    """By MongoDB's words for an update, without their dollars."""
    update = {f"${verb}": fields for verb, fields in change.items()}
    return lambda records, still: records.update_many(still, update)


def empty_files(files: Records, still: Condition, *, now: datetime) -> None:
    """The rows first: a file that is emptied is not found again."""
    BatchRow.objects.empty(still["_id"]["$in"], (*TOLD_BY_ROWS, "digest"))
    gone = dict.fromkeys(("heading", "defaults", "labels_files"), True)
    changed(set={"name": "file", "erased_at": now}, unset=gone)(files, still)
