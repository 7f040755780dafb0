"""The page where a payer pays, or does something else with the invoice."""

from decimal import Decimal
from time import time

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.checkout import shapes, showing
from sandbox.checkout.asked import positive
from sandbox.checkout.coins import COINS
from sandbox.checkout.ledger import OPEN, Invoice, Ledger, Transaction
from sandbox.checkout.payments import Payments
from sandbox.checkout.routes import PAGE_PATH

CENT = Decimal("0.01")
TOO_MUCH = Decimal(5)


def checkout_page(ledger: Ledger, payments: Payments) -> Blueprint:
    pages = Blueprint(
        "checkout_page",
        __name__,
        url_prefix=PAGE_PATH,
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )

    _add_views(pages, ledger)
    _add_doors(pages, ledger, payments)
    return pages


def _add_views(pages: Blueprint, ledger: Ledger) -> None:
    @pages.get("/<track_id>")
    def show(track_id: str) -> str:
        invoice = _wanted(ledger, track_id)
        ledger.visit(invoice)
        return _page(invoice)

    @pages.get("/<track_id>/state")
    def state(track_id: str) -> shapes.Document:
        return _state(_wanted(ledger, track_id))


def _add_doors(pages: Blueprint, ledger: Ledger, payments: Payments) -> None:
    """What the page's buttons and the tests press."""

    @pages.post("/<track_id>/pay")
    def pay(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        given = request.get_json() if request.is_json else request.form
        amount = positive(given.get("amount"))
        coin = given.get("coin", "USDT")
        confirmations = given.get("confirmations", "later" if "wait" in request.args else "now")
        if amount is None or coin not in COINS or confirmations not in ("now", "later"):
            return showing.refused("amount above 0, confirmations now or later, a known coin")
        if "late" in request.args:
            payments.expire(invoice)
        payments.pay(invoice, amount, coin, confirmed=confirmations == "now")
        return showing.done(invoice.payment_url, _state(invoice))

    @pages.post("/<track_id>/confirm")
    def confirm(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        payments.confirm(invoice)
        return showing.done(invoice.payment_url, _state(invoice))

    @pages.post("/<track_id>/expire")
    def expire(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        payments.expire(invoice)
        return showing.done(invoice.payment_url, _state(invoice))

    @pages.post("/<track_id>/status")
    def call(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        payments.call(invoice, str(request.get_json()["status"]))
        return showing.done(invoice.payment_url, _state(invoice))


def _wanted(ledger: Ledger, track_id: str) -> Invoice:
    invoice = ledger.get(track_id)
    if invoice is None:
        abort(404)
    return invoice


def _state(invoice: Invoice) -> shapes.Document:
    return {
        "track_id": invoice.track_id,
        "status": invoice.status,
        "amount": str(invoice.amount),
        "paid": str(invoice.paid),
        "waiting": sum(not one.confirmed for one in invoice.transactions.values()),
        "seconds_left": max(invoice.expires - int(time()), 0),
    }


def _page(invoice: Invoice) -> str:
    missing = max(invoice.amount - invoice.paid, Decimal(0)) or invoice.amount
    state = _state(invoice)
    return showing.page(
        invoice.currency,
        missing,
        COINS,
        stand_in_for="OxaPay",
        doors=f"{PAGE_PATH}/{invoice.track_id}",
        invoice_id=invoice.track_id,
        amount=invoice.amount,
        paid=invoice.paid,
        state=state,
        open=invoice.status in OPEN and not invoice.closed,
        payable=state["status"] != "paid" and not state["waiting"] and not invoice.late_ids,
        half=max((missing / 2).quantize(CENT), CENT),
        too_much=missing + TOO_MUCH,
        sent=[(one.value, one.coin, _tag(invoice, one)) for one in invoice.transactions.values()],
        late=sum((invoice.transactions[one].value for one in invoice.late_ids), Decimal(0)),
        back=invoice.asked.get("return_url") or "",
        order_id=invoice.asked.get("order_id") or "",
        description=invoice.asked.get("description") or "",
    )


def _tag(invoice: Invoice, sent: Transaction) -> str:
    late = ", late" if sent.id in invoice.late_ids else ""
    return ("confirmed" if sent.confirmed else "confirming") + late
