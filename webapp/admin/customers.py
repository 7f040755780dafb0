"""Customers: who they are, what they have, and what they did last."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from models import ledger as entries
from models.base import NotFound
from models.connection import collection
from models.freeze import is_frozen
from models.user import User
from services.adjustments import Adjustments
from services.audits import ReasonMissing
from services.blocks import Blocks
from services.discounts import Discounts
from services.ledger import Ledger, account_of
from webapp.admin import acts, cells
from webapp.admin.cells import Column, Row
from webapp.admin.customer_money import MoneyActions, Typed, reason_of
from webapp.admin.ledger import ENTRY_COLUMNS
from webapp.admin.orders import COLUMNS as ORDER_COLUMNS
from webapp.admin.payments import PaymentView
from webapp.admin.staff import FINANCE, acting, insist
from webapp.admin.views import begins, number, of_customer

SHOWN = 10
SHORTEST_NAME = 3


class CustomerView(MoneyActions):
    group = "Shop"
    title = "Customers"
    about = "People who wrote to the bot, with what they have now."
    nothing_yet = "Nobody has written to the bot yet."
    search_hint = "Telegram id or user name"
    columns = (
        Column("id", "Customer", lambda row: cells.link("customers", row["_id"])),
        Column("first_name", "Name", cells.text_of("first_name")),
        Column("username", "User name", cells.text_of("username")),
        Column("created_at", "First seen", cells.time_of("created_at")),
        Column("available", "Available", lambda row: cells.money(row["available"]), numeric=True),
        Column("held", "Held", lambda row: cells.money(row["held"]), numeric=True),
    )

    def __init__(
        self,
        model: type[User],
        *,
        ledger: Ledger,
        adjustments: Adjustments,
        discounts: Discounts,
        blocks: Blocks,
    ) -> None:
        self._ledger = ledger
        self._adjustments = adjustments
        self._discounts = discounts
        self._blocks = blocks
        super().__init__(model, "customers")

    def find(self, term: str) -> list[dict[str, Any]]:
        name = term.removeprefix("@")
        found: list[dict[str, Any]] = [{"username": name}]
        if len(name) >= SHORTEST_NAME:
            found.append({"username": begins(name)})
        return [*found, *of_customer(term, "_id")]

    def completed(self, rows: Sequence[Row]) -> Sequence[Row]:
        balances = self._ledger.balances([row["_id"] for row in rows])
        return [
            {
                **row,
                "available": balances[row["_id"]].available.minor,
                "held": balances[row["_id"]].held.minor,
            }
            for row in rows
        ]

    def key(self, record_id: str) -> int:
        user_id = number(record_id)
        if user_id is None:
            raise NotFound(kind="user", id=record_id)
        return user_id

    @expose("/<record_id>")
    def details_view(self, record_id: str) -> str:
        return self.page(User.objects.fetch(self.key(record_id)), Typed())

    @expose("/<record_id>/block", methods=("POST",))
    def block(self, record_id: str) -> Response:
        return self._change(record_id, self._blocks.block, "The customer is blocked.")

    @expose("/<record_id>/unblock", methods=("POST",))
    def unblock(self, record_id: str) -> Response:
        return self._change(record_id, self._blocks.unblock, "The customer may buy again.")

    def _change(self, record_id: str, change: Callable[..., None], told: str) -> Response:
        insist(*FINANCE)
        try:
            change(self.key(record_id), by=acting(), reason=reason_of(request.form))
            flash(told, "success")
        except ReasonMissing:
            flash("Say why: the reason is kept.", "error")
        return redirect(url_for(".details_view", record_id=record_id))

    def page(self, user: User, typed: Typed) -> str:
        user_id = user.id
        return self.render(
            "customer.html",
            user=user,
            balance=self._ledger.balance(user_id),
            frozen=is_frozen(account_of(user_id)),
            account=account_of(user_id),
            **self.of_money(typed),
            acts=acts.about(f"customer {user_id}"),
            orders=_latest("orders", user_id),
            order_columns=[one for one in ORDER_COLUMNS if one.name != "user_id"],
            payments=_latest("payments", user_id),
            payment_columns=[one for one in PaymentView.columns if one.name != "user_id"],
            entries=entries.entries_of(account_of(user_id), most=SHOWN),
            entry_columns=[one for one in ENTRY_COLUMNS if one.name != "account"],
            cells=cells,
        )


def _latest(name: str, user_id: int) -> list[dict[str, Any]]:
    found = collection(name).find({"user_id": user_id}).sort("created_at", -1)
    return list(found.limit(SHOWN))
