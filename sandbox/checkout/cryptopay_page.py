"""Crypto Pay's page: in truth a chat with a wallet, here the same page as any other."""

from time import time

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.checkout import showing
from sandbox.checkout.asked import positive
from sandbox.checkout.cryptopay import PAGE_PATH
from sandbox.checkout.cryptopay_invoices import ASSETS, Invoice, Invoices
from sandbox.checkout.cryptopay_payments import Payments
from sandbox.checkout.cryptopay_shapes import Document


def cryptopay_page(invoices: Invoices, payments: Payments) -> Blueprint:
    pages = Blueprint("cryptopay_page", __name__, url_prefix=PAGE_PATH)

    @pages.get("/<int:invoice_id>")
    def show(invoice_id: int) -> str:
        return _page(_wanted(invoices, invoice_id))

    @pages.get("/<int:invoice_id>/state")
    def state(invoice_id: int) -> Document:
        return _state(_wanted(invoices, invoice_id))

    @pages.post("/<int:invoice_id>/pay")
    def pay(invoice_id: int) -> AnyResponse:
        """A wallet needs no confirmations: whatever is said of them, it pays at once."""
        invoice = _wanted(invoices, invoice_id)
        given = request.get_json() if request.is_json else request.form
        coin = given.get("coin", "USDT")
        if positive(given.get("amount", invoice.amount)) != invoice.amount or coin not in ASSETS:
            return showing.refused(f"the whole amount, {invoice.amount}, in a known coin")
        if not payments.pay(invoice, coin):
            return showing.refused("an active invoice")
        return showing.done(invoice.page, _state(invoice))

    @pages.post("/<int:invoice_id>/expire")
    def expire(invoice_id: int) -> AnyResponse:
        invoice = _wanted(invoices, invoice_id)
        payments.expire(invoice)
        return showing.done(invoice.page, _state(invoice))

    return pages


def _wanted(invoices: Invoices, invoice_id: int) -> Invoice:
    invoice = invoices.get(invoice_id)
    if invoice is None:
        abort(404)
    return invoice


def _page(invoice: Invoice) -> str:
    tag = "confirmed"
    return showing.page(
        invoice.asked["fiat"],
        invoice.amount,
        ASSETS,
        stand_in_for="Crypto Pay",
        doors=f"{PAGE_PATH}/{invoice.id}",
        invoice_id=invoice.id,
        amount=invoice.amount,
        paid=invoice.paid,
        state=_state(invoice),
        open=invoice.status == "active",
        payable=invoice.status == "active",
        sent=[(invoice.amount, invoice.asset, tag)] if invoice.asset else [],
        back=invoice.asked.get("paid_btn_url") or "",
        order_id=invoice.asked.get("payload") or "",
        description=invoice.asked.get("description") or "",
    )


def _state(invoice: Invoice) -> Document:
    left = 0 if invoice.expires is None else max(int(invoice.expires - time()), 0)
    return {
        "invoice_id": invoice.id,
        "status": invoice.status,
        "amount": str(invoice.amount),
        "paid": str(invoice.paid),
        "waiting": 0,
        "seconds_left": left,
    }
