"""Plain lists: labels, notices, outbox, audit log."""

from collections.abc import Collection
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from models.audit import AuditEntry
from models.base import NotFound
from models.label import Label
from models.notice import Notice
from models.outbox import Note, NoteState
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.views import Fact, ReadOnlyView, as_json, of_customer

LARGEST_BODY_SHOWN = 16_384
ERASED = "Erased"


class LabelView(ReadOnlyView):
    group = "Shop"
    title = "Labels"
    about = "The files of bought labels."
    nothing_yet = "No label has been bought yet."
    search_hint = "Order, tracking or customer"
    newest_by = "stored_at"
    columns = (
        Column("id", "Order", lambda row: cells.link("orders", row["_id"])),
        Column("stored_at", "Stored", cells.time_of("stored_at")),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("carrier", "Carrier", cells.text_of("carrier")),
        Column("service", "Service", lambda row: cells.service("", row["service"])),
        Column("tracking_code", "Tracking", lambda row: cells.code(row["tracking_code"])),
        Column("mode", "Mode", cells.badge_of("mode")),
        Column("size", "Bytes", lambda row: cells.plain(f"{row['size']:,}"), numeric=True),
    )

    def __init__(self, model: type[Label]) -> None:
        super().__init__(model, "labels")

    def find(self, term: str) -> list[dict[str, Any]]:
        return [{"_id": term.upper()}, {"tracking_code": term}, *of_customer(term)]

    def facts(self, row: Row) -> list[Fact]:
        return [*super().facts(row), ("SHA-256", cells.code(row["sha256"]))]


def handling_of(row: Row) -> str:
    """When what it says was looked into; those kept before this was noted say nothing."""
    if row.get("failure"):
        return cells.badge("given_up")
    return cells.badge("waiting") if row.get("next_at") else cells.when(row.get("handled_at"))


class NoticeView(ReadOnlyView):
    group = "Records"
    title = "Notices"
    about = "What payment providers and carriers told us, signed, as it arrived."
    nothing_yet = "No provider has told us anything yet."
    search_hint = "Invoice id at the provider"
    newest_by = "received_at"
    columns = (
        Column("received_at", "Received", cells.time_of("received_at")),
        Column("provider", "Provider", cells.provider_of("provider")),
        Column("status", "Says", cells.text_of("status")),
        Column("provider_id", "Invoice", lambda row: cells.code(row["provider_id"])),
        Column("payment_id", "Payment", cells.link_of("payments", "payment_id")),
        Column("handled_at", "Handled", handling_of),
        Column("id", "Notice", lambda row: cells.link("notices", row["_id"], row["_id"][:12])),
    )

    def __init__(self, model: type[Notice], *, providers: Collection[str]) -> None:
        self._providers = providers
        super().__init__(model, "notices")

    def find(self, term: str) -> list[dict[str, Any]]:
        told = [{"provider": provider, "provider_id": term} for provider in self._providers]
        return [{"_id": term}, *told]

    def facts(self, row: Row) -> list[Fact]:
        body = bytes(row.get("body", b""))[:LARGEST_BODY_SHOWN].decode(errors="replace")
        trouble = [("Trouble", cells.plain(row["failure"]))] if row.get("failure") else []
        return [*super().facts(row), *trouble, ("Body", as_json(body) if body else ERASED)]


def message_of(row: Row) -> str:
    return cells.word(row["kind"]).capitalize()


def reference_of(row: Row) -> str:
    """The order or payment that a note tells of."""
    facts = row.get("facts", {})
    if "order_id" in facts:
        return cells.link("orders", facts["order_id"])
    return cells.link("payments", facts.get("payment_id"))


class NoteView(ReadOnlyView):
    group = "Records"
    title = "Outbox"
    about = "Messages that nobody may miss, kept until Telegram has taken them."
    nothing_yet = "No message has been written yet."
    search_hint = "Customer id"
    choices = NoteState
    columns = (
        Column("created_at", "Written", cells.time_of("created_at")),
        Column("kind", "Message", lambda row: cells.link("outbox", row["_id"], message_of(row))),
        Column("status", "Status", cells.badge_of("status")),
        Column("facts", "About", reference_of),
        Column("chat_id", "Customer", cells.link_of("customers", "chat_id")),
        Column("attempts", "Attempts", cells.text_of("attempts"), numeric=True),
        Column("problem", "Problem", cells.text_of("problem")),
    )

    def __init__(self, model: type[Note]) -> None:
        super().__init__(model, "outbox")

    def find(self, term: str) -> list[dict[str, Any]]:
        return [{"_id": term}, *of_customer(term, "chat_id")]

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("Facts", as_json(row["facts"]) if "facts" in row else ERASED),
            ("Last moved", cells.when(row["moved_at"])),
            ("Next attempt", cells.when(row.get("next_at"))),
        ]
        return [*super().facts(row), *more]


class AuditView(ReadOnlyView):
    group = "Records"
    title = "Audit log"
    about = "What operators did, and why."
    nothing_yet = "No operator has changed anything yet."
    search_hint = "Operator's e-mail, or what was acted on"
    newest_by = "at"
    columns = (
        Column("at", "Time", lambda row: cells.link("audit", row["_id"], cells.when(row["at"]))),
        Column("by", "Operator", lambda row: cells.who(row["by"])),
        Column("act", "Did", cells.text_of("act")),
        Column("subject", "To", cells.text_of("subject")),
        Column("reason", "Reason or value", cells.text_of("reason")),
    )

    def __init__(self, model: type[AuditEntry]) -> None:
        super().__init__(model, "audit")

    def find(self, term: str) -> list[dict[str, Any]]:
        return [{"subject": term}, {"by": term.lower()}]

    def key(self, record_id: str) -> ObjectId:
        try:
            return ObjectId(record_id)
        except InvalidId as error:
            raise NotFound(kind="audit entry", id=record_id) from error
