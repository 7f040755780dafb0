"""What customers want to be told of their parcels, and when. Never of money, never of labels."""

from datetime import datetime

from core.errors import Refusal, Unavailable
from models.outbox import Note, NoteKind
from models.user import User


class Unwanted(Refusal):
    """The customer does not want to hear this, or has newer news by now. Facts: `id`."""


class TooLate(Unavailable):
    """The customer sleeps. Facts: `until`, when the quiet hours are over."""


def mind(note: Note, now: datetime) -> None:
    """Raises Unwanted, or TooLate until the morning. Only news of parcels can wait."""
    moved = note.kind is NoteKind.PARCEL_MOVED
    user: User | None = User.objects.seek(note.chat_id) if moved else None
    if user is None:
        return
    if not user.hears_of_parcels:
        raise Unwanted(id=note.id)
    morning = user.quiet.over_at(now, user.zone) if user.quiet and user.zone else None
    if morning is not None:
        raise TooLate(until=morning)
    if note.problem.startswith(TooLate.code) and _is_overtaken(note):
        raise Unwanted(id=note.id)


def _is_overtaken(note: Note) -> bool:
    """One word on each parcel in the morning: what it did last."""
    newer = Note.objects(
        chat_id=note.chat_id,
        created_at__gt=note.created_at,
        kind=note.kind,
        facts__order_id=note.facts["order_id"],
    )
    return newer.first() is not None
