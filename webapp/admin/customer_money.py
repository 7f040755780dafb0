"""What finance does to one customer's money: adjustments, the discount; and the statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from flask import Response, flash, redirect, request, stream_with_context, url_for
from flask_admin import expose

from core.errors import Refusal
from core.money import Money, UnreadableAmount
from models.user import User
from services import statements
from services.adjustments import Adjustments
from services.discounts import Discounts
from services.ledger import Cause
from webapp.admin.adjustments import as_cause, back_to, tell, why_not
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import ReadOnlyView
from webapp.operators import RoleName

LONGEST_REASON = 300
LONGEST_TYPED = 20
SIGNS = {"credit": 1, "debit": -1}
NO_PERCENT = "A percentage from 0 to {most}, with at most two decimals."


@dataclass(frozen=True, slots=True)
class Typed:
    """An adjustment's form. `form` is made when it is rendered: sent twice it counts once."""

    form: UUID = field(default_factory=uuid4)
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    amount: Money = field(default_factory=lambda: Money(0))

    def refused(self, told: str) -> "Typed":
        """To be shown again as a new form, with what was typed in it."""
        return replace(self, form=uuid4(), errors={"": told})


class MoneyActions(ReadOnlyView):
    """The pages of customers add what these need."""

    _adjustments: Adjustments
    _discounts: Discounts

    def of_money(self, typed: Typed) -> dict[str, Any]:
        """What the template needs for the forms."""
        return {
            "typed": typed,
            "limit": self._adjustments.limit,
            "longest_reason": LONGEST_REASON,
            "can_adjust": has_role(FINANCE),
            "can_overdraw": has_role([RoleName.OWNER]),
        }

    def page(self, user: User, typed: Typed) -> str:
        raise NotImplementedError

    @expose("/<record_id>/adjust", methods=("POST",))
    def adjust(self, record_id: str) -> Any:
        insist(*FINANCE)
        user: User = User.objects.fetch(self.key(record_id))
        typed = read(request.form)
        overdraft = typed.values["overdraft"] == "yes"
        if overdraft:
            insist(RoleName.OWNER)
        if not typed.errors:
            cause = Cause(as_cause(), typed.values["reason"])
            try:
                adjustment = self._adjustments.adjust(
                    user.id, typed.amount, cause, form=typed.form, overdraft=overdraft
                )
            except Refusal as refusal:
                typed = typed.refused(why_not(refusal))
            else:
                tell(adjustment)
                return back_to(adjustment)
        return self.page(user, typed), HTTPStatus.UNPROCESSABLE_ENTITY

    @expose("/<record_id>/discount", methods=("POST",))
    def set_discount(self, record_id: str) -> Any:
        insist(*FINANCE)
        user_id = self.key(record_id)
        try:
            percent = _percent(request.form.get("percent", ""))
            self._discounts.set(user_id, percent, by=acting(), reason=reason_of(request.form))
            flash(f"The discount is {percent}% from the next quote on.", "success")
        except InvalidOperation:
            flash(NO_PERCENT.format(most=50), "error")
        except Refusal as refusal:
            most = refusal.facts.get("most")
            told = NO_PERCENT.format(most=most) if most else "Say why: the reason is kept."
            flash(told, "error")
        return redirect(url_for(".details_view", record_id=record_id))

    @expose("/<record_id>/statement.csv")
    def statement(self, record_id: str) -> Response:
        user: User = User.objects.fetch(self.key(record_id))
        name = f'attachment; filename="statement-{user.id}.csv"'
        lines = stream_with_context(statements.as_csv(user.id))
        return Response(lines, mimetype="text/csv", headers={"Content-Disposition": name})


def read(form: Mapping[str, str]) -> Typed:
    """An adjustment, or what is wrong with each field."""
    names = ("direction", "amount", "overdraft")
    values = {name: form.get(name, "").strip()[:LONGEST_TYPED] for name in names}
    values["reason"] = reason_of(form)
    errors, amount, number = {}, Money(0), uuid4()
    try:
        amount = Money.parse(values["amount"])
        number = UUID(form.get("form", ""))
    except UnreadableAmount:
        errors["amount"] = "An amount in dollars, as 25 or 25.50."
    except ValueError:
        errors[""] = "This form was not ours. Look at it and send it again."
    if not amount and not errors:
        errors["amount"] = "More than nothing."
    if values["direction"] not in SIGNS:
        errors["direction"] = "Credit or debit?"
    if not values["reason"]:
        errors["reason"] = "Say why: the customer reads it."
    signed = Money(SIGNS.get(values["direction"], 0) * amount.minor)
    return Typed(number, values, errors, signed)


def reason_of(form: Mapping[str, str]) -> str:
    return form.get("reason", "").strip()[:LONGEST_REASON]


def _percent(typed: str) -> Decimal:
    """Raises decimal.InvalidOperation."""
    return Decimal(typed.strip()[:LONGEST_TYPED].removesuffix("%").replace(",", ".").strip())
