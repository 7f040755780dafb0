"""A batch's own message, kept up to date by the workers that drive the batch."""

from dataclasses import dataclass

import structlog

from botapp.answers import Answers
from botapp.batch_view import view
from botapp.language import speaking
from botapp.ports import Chat
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
        draft: Draft | None = Draft.objects(pk=batch.user_id, screen=Place.BATCH.value).first()
        if draft is None or not draft.message_id or draft.data.get("batch") != batch_id:
            return False
        urgency = Urgency.TRACKING if batch.status in WORKING else Urgency.MONEY
        with speaking(self.users.get(batch.user_id).language):
            seen = view(batch, self.batches)
            answers = Answers(self.chat.at(urgency))
            keyboard = bound(seen.rows, draft.version)
            try:
                return answers.change(draft.id, draft.message_id, seen.text, keyboard)
            except ChatUnreachable as gone:
                log.info("chat_unreachable", chat_id=draft.id, why=str(gone))
                return False
