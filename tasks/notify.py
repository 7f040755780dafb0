"""Notes to customers, sent on demand."""

from core.jobs import Job
from tasks.base import app, platform


@app.task(name=Job.SEND_NOTE)
def send_note(note_id: str) -> None:
    platform().outbox.send(note_id)
