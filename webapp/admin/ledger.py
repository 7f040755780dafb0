"""The ledger: every step of every balance, as it was written."""

from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from models.base import NotFound
from models.ledger import EntryKind, LedgerEntry
from models.order import Order
from models.payment import Payment
from models.proof import Proof
from services.ledger import account_of
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.lists import Plan
from webapp.admin.proofs import result_of
from webapp.admin.staff import FINANCE, has_role
from webapp.admin.views import Fact, ReadOnlyView, as_json, number

PAGES = {"order": "orders", "payment": "payments", "adjustment": "adjustments"}


def customer_of(row: Row) -> str:
    """`u:<user>:USD` leads to the customer."""
    user_id = number(row["account"].split(":")[1])
    return cells.link("customers", user_id) if user_id is not None else cells.plain(row["account"])


def reference_of(row: Row) -> str:
    for kind, view in PAGES.items():
        if row["ref"].get(kind):
            # An adjustment's id is a form's, and tells nobody anything.
            told = kind if kind == "adjustment" else row["ref"][kind]
            return cells.link(view, row["ref"][kind], told)
    return cells.plain(", ".join(row["ref"].values()))


ENTRY_COLUMNS = (
    Column("at", "Time", cells.time_of("at")),
    Column("kind", "Kind", cells.badge_of("kind")),
    Column("account", "Customer", customer_of),
    Column("seq", "No.", lambda row: cells.link("ledger", row["_id"], row["seq"]), numeric=True),
    Column("ref", "For", reference_of),
    Column("d_available", "Available", lambda row: cells.signed(row["d_available"]), numeric=True),
    Column("d_held", "Held", lambda row: cells.signed(row["d_held"]), numeric=True),
    Column("available", "Available after", lambda row: cells.money(row["available"]), numeric=True),
    Column("held", "Held after", lambda row: cells.money(row["held"]), numeric=True),
)


class LedgerView(ReadOnlyView):
    group = "Money"
    title = "Ledger"
    about = "Every step of every balance. Written once; nobody can change it."
    nothing_yet = "No money has moved yet."
    search_hint = "Customer, order or payment"
    newest_by = "_id"
    chosen_by = "kind"
    newest_by_choice = "at"
    choices = EntryKind
    columns = ENTRY_COLUMNS

    list_template = "ledger.html"

    def __init__(self, model: type[LedgerEntry]) -> None:
        super().__init__(model, "ledger")

    def render(self, template: str, **told: Any) -> str:
        proof = Proof.objects.order_by("-created_at").first()
        result = result_of(proof.to_mongo()) if proof else ""
        facts = {"proof": proof, "result": result, "can_verify": has_role(FINANCE)}
        return super().render(template, **facts, **told)

    def heading(self, row: Row) -> str:
        return f"Entry {row['seq']} of {row['account']}"

    def plan(self, term: str, chosen: str) -> Plan:
        if not term:
            return super().plan(term, chosen)
        query = entries_about(term)
        # No entry has this number.
        return Plan(query or {"account": "", "seq": 0}, "seq")

    def key(self, record_id: str) -> ObjectId:
        try:
            return ObjectId(record_id)
        except InvalidId as error:
            raise NotFound(kind="ledger entry", id=record_id) from error

    def facts(self, row: Row) -> list[Fact]:
        more = [
            ("By", cells.plain(row["by"])),
            ("Reason", cells.plain(row["reason"])),
            ("Key", cells.code(row["key"])),
            ("Lines", as_json(row["lines"])),
            ("Digest", cells.code(row["digest"])),
        ]
        return [*super().facts(row), *more]


def entries_about(term: str) -> dict[str, Any] | None:
    """An indexed question for the entries of a customer, an order or a payment."""
    user_id = number(term)
    if user_id is not None:
        return {"account": account_of(user_id)}
    order: Order | None = Order.objects(pk=term.upper()).first()
    if order is not None:
        keys = [f"hold:{order.id}", f"close:{order.id}", f"refund:{order.id}"]
        return {"account": account_of(order.user_id), "key": {"$in": keys}}
    payment: Payment | None = Payment.objects(pk=term.upper()).first()
    if payment is not None:
        return {"account": account_of(payment.user_id), "key": {"$in": payment.keys}}
    return None
