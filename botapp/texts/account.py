"""What is said of money that a person has moved, of a statement, and to operators."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill, paragraphs
from core.money import Money
from models.alert import AlertKind

_REASON = 1_000
"""Letters of an operator's reason that a message has room for."""


def adjusted(amount: Money, reason: str, balance: Money) -> Html:
    said = (
        _("<b>{amount} was added to your balance.</b>")
        if amount.minor > 0
        else _("<b>{amount} was taken from your balance.</b>")
    )
    return paragraphs(
        fill(said, amount=max(amount, -amount)),
        fill(_("Reason: {reason}"), reason=reason[:_REASON]),
        fill(_("Your balance is <b>{balance}</b>."), balance=balance),
    )


def refunded(order_id: str, amount: Money, reason: str, balance: Money) -> Html:
    return paragraphs(
        fill(_("<b>Your label {order} is refunded: {amount}.</b>"), order=order_id, amount=amount),
        fill(_("Reason: {reason}"), reason=reason[:_REASON]),
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
    """To operators, in English like their pages."""
    said = {
        AlertKind.LEDGER_MISMATCH: "<b>The ledger does not add up.</b> Proof: {subject}.",
        AlertKind.ACCOUNT_FROZEN: "<b>Account {subject} is frozen:</b> its books disagree.",
        AlertKind.ORDER_REVIEW: "<b>Order {subject} needs you.</b> Its money is held.",
        AlertKind.CARRIER_FUNDS: "<b>Our account at {subject} is empty.</b> Orders wait for it.",
        AlertKind.PAYMENT_REVIEW: "<b>Payment {subject} needs you.</b>",
        AlertKind.VOID_REVIEW: "<b>The void of order {subject} needs you.</b>",
        AlertKind.VOID_USED: "<b>The label of order {subject} is refunded, and it travels.</b>",
        AlertKind.PARCEL_STALLED: "<b>The parcel of order {subject} does not move.</b>",
        AlertKind.CARRIER_ORPHAN: "<b>Nobody pays for label {subject}</b>, and it is not void.",
        AlertKind.CARRIER_BALANCE_LOW: "<b>Our account at {subject} is nearly empty.</b>",
        AlertKind.NOTICE_GIVEN_UP: "<b>Notice {subject} was given up.</b>",
        AlertKind.BATCH_STILL: "<b>Batch {subject} stands still.</b>",
        AlertKind.ERASING_LATE: "<b>Old data in {subject} is not erased.</b>",
        AlertKind.QUEUE_SILENT: "<b>Queue {subject} is silent.</b> Nobody does its work.",
    }[AlertKind(facts["alert"])]
    return paragraphs(
        fill(said, subject=facts["subject"]),
        fill("{words}\nThe runbook says what to press.", words=facts["words"][:1_000]),
    )
