"""Sends customers the file of their own data."""

from botapp.ports import Chat
from botapp.texts import privacy as texts
from models.outbox import Note
from services import exports


def send_export(chat: Chat, note: Note) -> int:
    """Raises ExportGone."""
    data = exports.file_of(note.facts["export_id"])
    chat.typing(note.chat_id, "upload_document")
    caption = texts.export_caption()
    return chat.send_document(note.chat_id, "labeldesk-data.zip", data, caption).message_id
