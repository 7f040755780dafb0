"""Orders: the list, one order with all that happened to it, its label."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, flash, redirect, url_for
from flask_admin import expose
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from core.errors import Refusal, Unavailable
from core.journeys import WORTH_TELLING
from models import ledger
from models.connection import collection
from models.order import Order, OrderState
from services.labels import Labels
from services.ledger import account_of
from services.rechecks import NothingToCheck, Rechecks, can_check_order
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.given_back import LabelActions, LabelServices
from webapp.admin.staff import acting
from webapp.admin.views import beginning, of_customer
from webapp.security import EMBEDDED_POLICY, headers

NOTES_AT_MOST = 20
COURSE = (
    *("new", "rejected", "hold", "held", "buying", "unknown", "bought", "failed"),
    *("capture", "release", "done", "released", "review"),
    *("void_sent", "refund", "refunded", "void_refused"),
)
"""What comes before what, for things of the same millisecond."""
Happening = dict[str, Any]


def service_of(row: Row) -> str:
    """The service, in words, over the tracking code, once there is one."""
    told = cells.service(row["rate"]["carrier"], row["rate"]["service"])
    tracking = row.get("tracking_code")
    return told + Markup("<br><code>{}</code>").format(tracking) if tracking else told


def destination_of(row: Row) -> str:
    if row.get("erased_at"):
        return "Erased"
    return f"{row['recipient']['city']}, {row['recipient']['state']}"


COLUMNS = (
    Column("id", "Order", lambda row: cells.link("orders", row["_id"])),
    Column("created_at", "Placed", cells.time_of("created_at")),
    Column("status", "Status", cells.badge_of("status")),
    Column("user_id", "Customer", cells.link_of("customers", "user_id")),
    Column("recipient", "To", lambda row: cells.plain(destination_of(row))),
    Column("rate", "Label", service_of),
    Column("mode", "Mode", cells.badge_of("mode")),
    Column("price", "Price", cells.money_of("price"), numeric=True),
)


class OrderView(LabelActions):
    group = "Shop"
    title = "Orders"
    about = "Labels from confirmation to delivery or refund."
    nothing_yet = "No customer has ordered a label yet."
    search_hint = "Order, tracking or customer"
    choices = OrderState
    columns = COLUMNS

    def __init__(
        self,
        model: type[Order],
        *,
        labels: Labels,
        rechecks: Rechecks,
        of_label: LabelServices,
    ) -> None:
        self._labels = labels
        self._of_label = of_label
        self._rechecks = rechecks
        super().__init__(model, "orders")

    def find(self, term: str) -> list[dict[str, Any]]:
        found = [{"_id": term}, {"tracking_code": term}, {"shipment_id": term}]
        return [*found, *beginning(term.upper()), *of_customer(term)]

    @expose("/<record_id>")
    def details_view(self, record_id: str) -> str:
        order: Order = Order.objects.fetch(record_id)
        return self.render(
            "order.html",
            order=order,
            story=story(order),
            can_check=can_check_order(order.status),
            **self.of_label(order),
            cells=cells,
        )

    @expose("/<record_id>/check", methods=("POST",))
    def check(self, record_id: str) -> AnyResponse:
        try:
            self._rechecks.order(record_id, by=acting())
            flash("A worker looks at this order now. Reload in a moment.", "success")
        except NothingToCheck:
            flash("This order is finished: there is nothing to check.", "info")
        return redirect(url_for(".details_view", record_id=record_id))

    @expose("/<record_id>/label.pdf")
    @headers(frame_options="SAMEORIGIN", content_security_policy=EMBEDDED_POLICY)
    def label(self, record_id: str) -> Response:
        return self._file(record_id, "inline")

    @expose("/<record_id>/label.pdf/download")
    def download(self, record_id: str) -> Response:
        return self._file(record_id, "attachment")

    def _file(self, record_id: str, disposition: str) -> Response:
        try:
            data = self._labels.pdf(record_id)
        except (Refusal, Unavailable) as trouble:
            return Response(
                f"There is no label to show: {trouble.code}.\n", 404, mimetype="text/plain"
            )
        name = f'{disposition}; filename="{record_id}.pdf"'
        return Response(data, mimetype="application/pdf", headers={"Content-Disposition": name})


def story(order: Order) -> list[Happening]:
    """The timeline, its ledger entries and the customer's messages, in the order of time."""
    steps = [
        _happening(step.at, "step", step.state, by=step.by, note=step.note)
        for step in order.timeline
    ]
    keys = [f"hold:{order.id}", f"close:{order.id}", f"refund:{order.id}"]
    account = account_of(order.user_id, order.price.currency)
    entries = collection(ledger.COLLECTION).find({"account": account, "key": {"$in": keys}})
    booked = [
        _happening(entry["at"], "entry", entry["kind"], by=entry["by"], entry=entry)
        for entry in entries
    ]
    notes = collection("outbox").find({"_id": {"$in": note_ids(order)}}).limit(NOTES_AT_MOST)
    told = [
        _happening(note["moved_at"], "note", note["kind"], by="outbox", told=note) for note in notes
    ]
    return sorted([*steps, *booked, *told], key=lambda one: (one["at"], one["rank"]))


def note_ids(order: Order) -> Sequence[str]:
    kinds = ("label_ready", "order_checking", "order_refused", "order_review", "order_waits")
    later = ("void_sent", "void_review", "void_refunded", "void_refused", "void_offer", "refund")
    moves = [f"parcel_moved:{order.id}:{state}" for state in WORTH_TELLING]
    forms = [f"customs_form:{order.id}:{number}" for number in range(len(order.form_urls))]
    return [*(f"{kind}:{order.id}" for kind in (*kinds, *later)), *moves, *forms]


def _happening(at: datetime, sort: str, word: object, *, by: str, **facts: Any) -> Happening:
    rank = COURSE.index(str(word)) if str(word) in COURSE else len(COURSE)
    return {"at": at, "sort": sort, "word": str(word), "by": by, "rank": rank, **facts}
