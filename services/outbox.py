"""What nobody may miss: written beside the state it tells of, said by whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from core.chats import ChatUnreachable
from core.clock import Clock
from core.crashes import crash_at
from core.errors import Doubtful, Refusal, Unavailable
from core.jobs import Job
from core.urgency import Urgency
from models.outbox import Note, NoteKind, NoteState
from services import quiet
from services.attempts import DEATHS_AT_MOST, KillsItsWorker
from services.due import Due
from services.ports import Jobs, Messenger
from services.users import Users

log = structlog.get_logger()

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=10)
TURN_SECONDS = 5.0
SENDERS = 4
"""Threads that send what is due: each waits for Telegram most of its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    messenger: Messenger
    users: Users
    jobs: Jobs
    clock: Clock
    turn: float = TURN_SECONDS
    _threads: ThreadPoolExecutor = field(
        default_factory=partial(ThreadPoolExecutor, SENDERS, thread_name_prefix="sender"),
        repr=False,
    )

    def put(self, note_id: str, chat_id: int, kind: NoteKind, **facts: Any) -> None:
        """Write a note once; `note_id` says what it is about. `hurry` has it sent at once."""
        now = self.clock.now()
        Note.objects.insert_if_absent(
            note_id,
            chat_id=chat_id,
            kind=kind,
            facts=facts,
            urgency=kind.urgency,
            created_at=now,
            moved_at=now,
            next_at=now,
        )

    def hurry(self, note_id: str) -> None:
        self.jobs.ask(Job.SEND_NOTE, note_id)

    def send(self, note_id: str) -> None:
        """Say one note, unless it is said or being said. Safe to call any number of times."""
        now = self.clock.now()
        note: Note | None = Note.objects.advance(
            note_id,
            when=(NoteState.NEW, NoteState.SENDING),
            to=NoteState.SENDING,
            at=now,
            guard={"next_at": {"$lte": now}},
            set__next_at=now + LEASE,
            inc__attempts=1,
            inc__unended=1,
        )
        if note is None:
            return
        if note.unended > DEATHS_AT_MOST:
            self._give_up(note, KillsItsWorker(id=note.id))
            return
        if self._is_left_alone(note):
            self._give_up(note, ChatUnreachable(chat_id=note.chat_id, told="known before"))
            return
        try:
            quiet.mind(note, now)
            message_id = self.messenger.deliver(note)
        except quiet.Unwanted:
            self._move(note, NoteState.UNWANTED, unset__next_at=True)
        except Refusal as refusal:
            self._give_up(note, refusal)
        except (Unavailable, Doubtful) as trouble:
            self._later(note, trouble)
        else:
            crash_at("outbox.after_send")
            self._move(note, NoteState.SENT, set__message_id=message_id, unset__next_at=True)

    def resume(self) -> None:
        """Send what is due, the most urgent first; the sweep behind every lost job.

        Takes turns: whatever is left after `turn` seconds, the next sweep goes on with.
        """
        due = Due(self.clock, self.turn)
        helpers = [
            self._threads.submit(self._send_all, due) for _ in range(min(due.found, SENDERS))
        ]
        for helper in helpers:
            helper.result()

    def _send_all(self, due: Due) -> None:
        while (note_id := due.next()) is not None:
            self.send(note_id)

    def _is_left_alone(self, note: Note) -> bool:
        """Who blocked the bot is pushed no more; what they paid for is tried nevertheless."""
        return note.kind.urgency >= Urgency.TRACKING and self.users.is_unreachable(note.chat_id)

    def _give_up(self, note: Note, why: Refusal | KillsItsWorker) -> None:
        log.warning("note_undeliverable", note_id=note.id, why=why.code)
        self._move(note, NoteState.UNDELIVERABLE, set__problem=str(why), unset__next_at=True)
        if isinstance(why, ChatUnreachable):
            self.users.mark_unreachable(note.chat_id)

    def _later(self, note: Note, trouble: Unavailable | Doubtful) -> None:
        now, asked = self.clock.now(), trouble.facts.get("retry_after")
        pause = timedelta(seconds=asked) if asked else FIRST_PAUSE * 2 ** min(note.attempts, 10)
        log.warning("note_delayed", note_id=note.id, why=trouble.code)
        self._move(
            note,
            NoteState.SENDING,
            set__problem=str(trouble),
            set__unended=0,
            set__next_at=trouble.facts.get("until") or now + min(pause, LONGEST_PAUSE),
        )

    def _move(self, note: Note, to: NoteState, **changes: Any) -> None:
        """Only the sender of this very attempt may say how it ended."""
        Note.objects.advance(
            note.id,
            when=NoteState.SENDING,
            to=to,
            at=self.clock.now(),
            guard={"attempts": note.attempts},
            **changes,
        )
