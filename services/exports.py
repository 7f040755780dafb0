"""A customer's data on demand: asked for in the chat, packed by a worker, sent by the outbox."""

from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.crashes import crash_at
from core.errors import Refusal
from core.jobs import Job
from models import export as files
from models.export import Export
from models.outbox import NoteKind
from services import takeout
from services.attempts import DEATHS_AT_MOST
from services.outbox import Outbox

log = structlog.get_logger()

LEASE = timedelta(seconds=150)
"""Longer than any task may run: after this, whoever was packing has ended."""
PER_SWEEP = 50


class ExportGone(Refusal):
    """Its week is over, or the customer has been forgotten. Facts: `export_id`."""


@dataclass(frozen=True, slots=True)
class Exports:
    outbox: Outbox

    def ask(self, user_id: int, wish_id: int) -> str:
        """Have the customer's data packed; answers the export's id.

        The same wish is one export, and while one is being packed there is no other.
        """
        waiting: Export | None = Export.objects(user_id=user_id, next_at__type="date").first()
        export_id = waiting.id if waiting else f"E-{user_id}-{wish_id}"
        now = self.outbox.clock.now()
        Export.objects.insert_if_absent(export_id, user_id=user_id, created_at=now, next_at=now)
        self.outbox.jobs.ask(Job.BUILD_EXPORT, export_id)
        return export_id

    def build(self, export_id: str) -> None:
        """Pack it, unless it is packed or being packed. Safe to call any number of times."""
        now = self.outbox.clock.now()
        export: Export | None = Export.objects(pk=export_id, next_at__lte=now).modify(
            new=True, set__next_at=now + LEASE, inc__unended=1
        )
        if export is None:
            return
        if export.unended > DEATHS_AT_MOST:
            log.error("export_given_up", export_id=export_id)
            Export.objects(pk=export_id).update_one(
                set__problem="kills_its_worker", unset__next_at=True
            )
            return
        data = takeout.archive(export.user_id)
        parts = files.keep_file(export, data, export.created_at)
        Export.objects(pk=export_id).update_one(set__parts=parts, set__size=len(data))
        crash_at("export.after_file")
        note_id = f"{NoteKind.DATA_EXPORT}:{export_id}"
        self.outbox.put(note_id, export.user_id, NoteKind.DATA_EXPORT, export_id=export_id)
        Export.objects(pk=export_id).update_one(unset__next_at=True)
        self.outbox.hurry(note_id)

    def resume(self) -> None:
        """Have packed what is due: the sweep behind every lost job and every crash."""
        for export_id in Export.objects.due(self.outbox.clock.now(), PER_SWEEP):
            self.outbox.jobs.ask(Job.BUILD_EXPORT, export_id)


def file_of(export_id: str) -> bytes:
    """The packed file. Raises ExportGone."""
    export: Export | None = Export.objects.seek(export_id)
    data = files.read_file(export) if export else None
    if data is None:
        raise ExportGone(export_id=export_id)
    return data
