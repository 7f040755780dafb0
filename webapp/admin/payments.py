"""Payments: top-ups with their invoices, and what the provider told us of them."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal, Unavailable
from models import ledger
from models.connection import collection
from models.payment import Payment, PaymentState
from services.ledger import account_of
from services.rechecks import Rechecks, can_check_payment
from services.reviews import LONGEST_REASON, Reviews
from webapp.admin import cells
from webapp.admin.cells import Column, Row
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import ReadOnlyView, beginning, of_customer

NOTICES_AT_MOST = 50
WHY_NOT = {
    "reason_missing": "Say why: the reason stays with the payment.",
    "not_in_review": "Somebody has resolved this already.",
    "nothing_arrived": "The provider has nothing that is not credited yet.",
    "no_payment_provider": "This provider is switched off.",
}


class PaymentView(ReadOnlyView):
    group = "Money"
    title = "Payments"
    about = "Top-ups, each with its invoice at a payment provider."
    nothing_yet = "No customer has topped up yet."
    search_hint = "Payment, invoice or customer"
    choices = PaymentState
    columns = (
        Column("id", "Payment", lambda row: cells.link("payments", row["_id"])),
        Column("created_at", "Opened", cells.time_of("created_at")),
        Column("status", "Status", cells.badge_of("status")),
        Column("user_id", "Customer", cells.link_of("customers", "user_id")),
        Column("provider", "Provider", cells.provider_of("provider")),
        Column("provider_id", "Invoice", lambda row: cells.code(row.get("provider_id"))),
        Column("mode", "Mode", cells.badge_of("mode")),
        Column("amount", "Amount", cells.money_of("amount"), numeric=True),
        Column("received", "Arrived", cells.money_of("received"), numeric=True),
    )

    def __init__(self, model: type[Payment], *, rechecks: Rechecks, reviews: Reviews) -> None:
        self._rechecks = rechecks
        self._reviews = reviews
        super().__init__(model, "payments")

    def find(self, term: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [{"_id": term}]
        found += [
            {"provider": provider, "provider_id": term}
            for provider in self._rechecks.topups.providers
        ]
        return [*found, *beginning(term.upper()), *of_customer(term)]

    @expose("/<record_id>")
    def details_view(self, record_id: str) -> str:
        payment: Payment = Payment.objects.fetch(record_id)
        return self.render(
            "payment.html",
            payment=payment,
            entries=entries_of(payment),
            longest_reason=LONGEST_REASON,
            can_resolve=payment.status is PaymentState.REVIEW and has_role(FINANCE),
            notices=notices_of(payment),
            can_check=can_check_payment(payment.status),
            cells=cells,
        )

    @expose("/<record_id>/check", methods=("POST",))
    def check(self, record_id: str) -> Response:
        try:
            payment = self._rechecks.payment(record_id, by=acting())
            told = payment.provider_status or "waiting"
            flash(f"The provider says: {told}. The payment is {payment.status}.", "success")
        except Refusal as refusal:
            flash(f"This payment can't be checked: {refusal.code.replace('_', ' ')}.", "info")
        except Unavailable:
            flash("The provider does not answer now. We go on asking by ourselves.", "error")
        return redirect(url_for(".details_view", record_id=record_id))

    @expose("/<record_id>/credit", methods=("POST",))
    def credit(self, record_id: str) -> Response:
        return self._resolve(record_id, self._reviews.credit_what_arrived)

    @expose("/<record_id>/reject", methods=("POST",))
    def reject(self, record_id: str) -> Response:
        return self._resolve(record_id, self._reviews.reject)

    def _resolve(self, record_id: str, resolve: Callable[..., Payment]) -> Response:
        insist(*FINANCE)
        try:
            payment = resolve(record_id, by=acting(), reason=request.form.get("reason", ""))
            told = f"The payment is {payment.status}, with {payment.credited} credited."
            flash(f"{told} The customer is told.", "success")
        except Refusal as refusal:
            flash(WHY_NOT.get(refusal.code, refusal.code.replace("_", " ")), "error")
        except Unavailable:
            flash("The provider does not answer now. Try again in a moment.", "error")
        return redirect(url_for(".details_view", record_id=record_id))


def entries_of(payment: Payment) -> list[Row]:
    """The ledger entries that credit it, part by part."""
    if payment.provider_id is None:
        return []
    account = account_of(payment.user_id, payment.amount.currency)
    query = {"account": account, "key": {"$in": payment.keys}}
    return list(collection(ledger.COLLECTION).find(query).sort("seq", 1))


def notices_of(payment: Payment) -> list[Row]:
    if payment.provider_id is None:
        return []
    query = {"provider": payment.provider, "provider_id": payment.provider_id}
    found = collection("notices").find(query, {"body": 0}).limit(NOTICES_AT_MOST)
    return sorted(found, key=lambda notice: notice["received_at"])
