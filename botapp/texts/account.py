"""What is said of money that a person has moved, of a statement, and to operators."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill, paragraphs
from core.money import Money
from models.alert import AlertKind


def adjusted(amount: Money, reason: str, balance: Money) -> Html:
    said = (
        _("<b>{amount} was added to your balance.</b>")
        if amount.minor > 0
        else _("<b>{amount} was taken from your balance.</b>")
    )
    return paragraphs(
        fill(said, amount=max(amount, -amount)),
        fill(_("Reason: {reason}"), reason=reason),
        fill(_("Your balance is <b>{balance}</b>."), balance=balance),
    )


def refunded(order_id: str, amount: Money, reason: str, balance: Money) -> Html:
    return paragraphs(
        fill(_("<b>Your label {order} is refunded: {amount}.</b>"), order=order_id, amount=amount),
        fill(_("Reason: {reason}"), reason=reason),
        fill(_("Your balance is <b>{balance}</b>."), balance=balance),
    )


def statement_button() -> str:
    return _("CSV")


def statement_is_coming() -> Html:
    return fill(_("Your statement is on its way."))


def statement_caption(balance: Money) -> Html:
    return fill(
        _("Your statement, every entry of it. Your balance is <b>{balance}</b>."), balance=balance
    )


def statement_head() -> tuple[str, ...]:
    return (_("date"), _("what"), _("amount"), _("balance after"))


def alert(facts: Mapping[str, Any]) -> Html:
    """To operators."""
    said = {
        AlertKind.LEDGER_MISMATCH: _("<b>The ledger does not add up.</b> Proof: {subject}."),
        AlertKind.ACCOUNT_FROZEN: _("<b>Account {subject} is frozen:</b> its books disagree."),
        AlertKind.ORDER_REVIEW: _("<b>Order {subject} needs you.</b> Its money is held."),
        AlertKind.CARRIER_FUNDS: _("<b>Our account at {subject} is empty.</b> Orders wait for it."),
        AlertKind.PAYMENT_REVIEW: _("<b>Payment {subject} needs you.</b>"),
        AlertKind.VOID_REVIEW: _("<b>The void of order {subject} needs you.</b>"),
        AlertKind.VOID_USED: _("<b>The label of order {subject} is refunded, and it travels.</b>"),
        AlertKind.PARCEL_STALLED: _("<b>The parcel of order {subject} does not move.</b>"),
        AlertKind.CARRIER_ORPHAN: _("<b>Nobody pays for label {subject}</b>, and it is not void."),
        AlertKind.CARRIER_BALANCE_LOW: _("<b>Our account at {subject} is nearly empty.</b>"),
        AlertKind.QUEUE_SILENT: _("<b>Queue {subject} is silent.</b> Nobody does its work."),
    }[AlertKind(facts["alert"])]
    return paragraphs(
        fill(said, subject=facts["subject"]),
        fill(_("{words}\nThe runbook says what to press."), words=facts["words"][:1_000]),
    )
