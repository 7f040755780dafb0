"""The page where a payer pays, or does something else with the invoice."""

from decimal import Decimal
from functools import partial
from time import time

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.checkout import shapes
from sandbox.checkout.asked import positive
from sandbox.checkout.coins import COINS, coins_for
from sandbox.checkout.ledger import Invoice, Ledger
from sandbox.checkout.payments import Payments

CENT = Decimal("0.01")
TOO_MUCH = Decimal(5)


def checkout_page(ledger: Ledger, payments: Payments) -> Blueprint:
    pages = Blueprint(
        "checkout_page",
        __name__,
        url_prefix="/checkout/oxapay",
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
        return render_template("checkout/invoice.html", **_shown(invoice))

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
            return _refused("amount above 0, confirmations now or later, a known coin")
        if "late" in request.args:
            payments.expire(invoice)
        payments.pay(invoice, amount, coin, confirmed=confirmations == "now")
        return _done(invoice)

    @pages.post("/<track_id>/confirm")
    def confirm(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        payments.confirm(invoice)
        return _done(invoice)

    @pages.post("/<track_id>/expire")
    def expire(track_id: str) -> AnyResponse:
        invoice = _wanted(ledger, track_id)
        payments.expire(invoice)
        return _done(invoice)


def _wanted(ledger: Ledger, track_id: str) -> Invoice:
    invoice = ledger.get(track_id)
    if invoice is None:
        abort(404)
    return invoice


def _done(invoice: Invoice) -> AnyResponse:
    """A person's form leads back to the page; everybody else gets the state."""
    if request.mimetype == "application/x-www-form-urlencoded" and "page" in request.form:
        return redirect(invoice.payment_url, 303)
    return jsonify(_state(invoice))


def _refused(expected: str) -> Response:
    response = jsonify(error=f"expected: {expected}")
    response.status_code = 400
    return response


def _state(invoice: Invoice) -> shapes.Document:
    return {
        "track_id": invoice.track_id,
        "status": invoice.status,
        "amount": str(invoice.amount),
        "paid": str(invoice.paid),
        "waiting": sum(not one.confirmed for one in invoice.transactions.values()),
        "seconds_left": max(invoice.expires - int(time()), 0),
    }


def _money(currency: str, amount: Decimal) -> str:
    return f"${amount:,.2f}" if currency == "USD" else f"{amount:,.2f} {currency}"


def _short(coins: Decimal) -> str:
    """Two places for many coins, six for less than one."""
    places = 2 if coins >= 1 else 6
    return f"{coins:,.{places}f}"


def _shown(invoice: Invoice) -> shapes.Document:
    missing = max(invoice.amount - invoice.paid, Decimal(0)) or invoice.amount
    half = max((missing / 2).quantize(CENT), CENT)
    return {
        "invoice": invoice,
        "state": _state(invoice),
        "missing": missing,
        "half": half,
        "too_much": missing + TOO_MUCH,
        "money": partial(_money, invoice.currency),
        "coins": {symbol: _short(coins_for(missing, coin)) for symbol, coin in COINS.items()},
        "known": COINS,
        "back": invoice.asked.get("return_url") or "",
        "order_id": invoice.asked.get("order_id") or "",
        "description": invoice.asked.get("description") or "",
        "late": [invoice.transactions[one] for one in invoice.late_ids],
    }
