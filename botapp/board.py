"""A batch's own message, kept up to date by the workers that drive the batch."""

from dataclasses import dataclass

import structlog

from botapp.answers import Answers
from botapp.batch_view import view
from botapp.language import speaking
from botapp.ports import Chat
from botapp.standing import About, tell
from botapp.states import Place
from botapp.views import bound
from core.chats import ChatUnreachable
from core.urgency import Urgency
from models.batch import WORKING, Batch
from models.draft import Draft
from services.batches import Batches
from services.users import Users

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchBoard:
    """Implements `services.ports.Board`."""

    chat: Chat
    users: Users
    batches: Batches

    def show(self, batch_id: str) -> bool:
        batch: Batch = Batch.objects.fetch(batch_id)
        draft: Draft | None = Draft.objects.seek(batch.user_id)
        if draft is None:
            return False
        urgency = Urgency.TRACKING if batch.status in WORKING else Urgency.MONEY
        with speaking(self.users.get(batch.user_id).language):
            seen = view(batch, self.batches)
            answers = Answers(self.chat.at(urgency))
            keyboard = bound(seen.rows, draft.version)
            try:
                about = About(Place.BATCH, batch_id)
                return tell(answers, draft, about, seen.text, keyboard)
            except ChatUnreachable as gone:
                log.info("chat_unreachable", chat_id=draft.id, why=str(gone))
                return False
