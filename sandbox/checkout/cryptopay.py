"""Crypto Pay's methods under /cryptopay/api, by GET and POST alike."""

import hmac
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, request

from sandbox.checkout import cryptopay_errors as errors, cryptopay_shapes as shapes
from sandbox.checkout.asked import positive
from sandbox.checkout.cryptopay_invoices import Invoice, Invoices
from sandbox.checkout.cryptopay_payments import Payments
from sandbox.world import World

PAGE_PATH = "/checkout/cryptopay"
LIFETIMES = range(1, 2_678_401)
COUNTS = range(1, 1001)
USUAL_COUNT = 100
LONGEST_PAYLOAD = 4096
LONGEST_DESCRIPTION = 1024


def cryptopay(world: World, invoices: Invoices, payments: Payments) -> Blueprint:
    api = Blueprint("cryptopay", __name__, url_prefix="/cryptopay/api")
    world.guard(api, "cryptopay")
    world.word_errors("cryptopay", errors.fault_wording)
    world.add_book("invoices", lambda: [_booked(one) for one in invoices.newest_first()[::-1]])
    api.register_error_handler(errors.CryptoPayError, errors.CryptoPayError.response)

    _add_authentication(api, world.settings.cryptopay_token)
    methods: dict[str, Callable[[], Any]] = {
        "getMe": _me,
        "createInvoice": lambda: _create(payments, world.public_url() + PAGE_PATH),
        "getInvoices": lambda: {"items": [shapes.shown(one) for one in _listed(invoices)]},
        "deleteInvoice": lambda: _delete(invoices, payments),
        "getBalance": lambda: shapes.balances(invoices.newest_first()),
        "getExchangeRates": shapes.rates,
    }
    for name, method in methods.items():
        api.add_url_rule(f"/{name}", name, _answering(method), methods=["GET", "POST"])

    @api.route("/<path:_>", methods=["GET", "POST"])
    def nothing_here(_: str) -> shapes.Document:
        raise errors.no_such_method()

    return api


def _answering(method: Callable[[], Any]) -> Callable[[], shapes.Document]:
    return lambda: shapes.done(method())


def _add_authentication(api: Blueprint, token: str) -> None:
    @api.before_request
    def authenticate() -> None:
        given = request.headers.get("Crypto-Pay-API-Token", "")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise errors.wrong_token()


def _me() -> shapes.Document:
    name = "Labeldesk in the sandbox"
    return {"app_id": 12345, "name": name, "payment_processing_bot_username": "CryptoTestnetBot"}


def _create(payments: Payments, base: str) -> shapes.Document:
    """Only invoices in dollars: that is all that the shop makes."""
    asked = _asked()
    if asked.get("currency_type") != "fiat":
        raise errors.invalid("currency_type")
    if asked.get("fiat") != "USD":
        raise errors.invalid("fiat")
    if len(str(asked.get("payload", "")).encode()) > LONGEST_PAYLOAD:
        raise errors.invalid("payload")
    if len(str(asked.get("description", ""))) > LONGEST_DESCRIPTION:
        raise errors.invalid("description")
    return shapes.shown(payments.open(_amount(asked), _lifetime(asked), asked, base))


def _amount(asked: dict[str, Any]) -> Decimal:
    if not asked.get("amount"):
        raise errors.required("amount")
    amount = positive(asked["amount"])
    if amount is None:
        raise errors.invalid("amount")
    return amount


def _lifetime(asked: dict[str, Any]) -> int | None:
    seconds = asked.get("expires_in")
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not str(seconds).isdigit() or int(seconds) not in LIFETIMES:
        raise errors.invalid("expires_in")
    return int(seconds)


def _listed(invoices: Invoices) -> list[Invoice]:
    """Assumption: newest first."""
    asked = _asked()
    found = invoices.newest_first()
    if ids := asked.get("invoice_ids"):
        wanted = set(str(ids).split(","))
        found = [one for one in found if str(one.id) in wanted]
    if status := asked.get("status"):
        if status not in ("active", "paid"):
            raise errors.invalid("status")
        found = [one for one in found if one.status == status]
    offset, size = _whole(asked, "offset", 0), _whole(asked, "count", USUAL_COUNT)
    if size not in COUNTS:
        raise errors.invalid("count")
    return found[offset : offset + size]


def _delete(invoices: Invoices, payments: Payments) -> bool:
    invoice = invoices.get(_whole(_asked(), "invoice_id", 0))
    if invoice is None or not payments.delete(invoice):
        raise errors.no_such_invoice()
    return True


def _asked() -> dict[str, Any]:
    """What came in the address, in a form or as JSON."""
    given = request.get_json(silent=True) if request.is_json else None
    return {**request.values.to_dict(), **(given if isinstance(given, dict) else {})}


def _whole(asked: dict[str, Any], name: str, usual: int) -> int:
    text = str(asked.get(name, usual))
    if not text.isascii() or not text.isdigit():
        raise errors.invalid(name)
    return int(text)


def _booked(invoice: Invoice) -> shapes.Document:
    return {
        "provider": "cryptopay",
        "id": str(invoice.id),
        "order_id": str(invoice.asked.get("payload", "")),
        "amount": str(invoice.amount),
        "paid": str(invoice.paid),
        "status": invoice.status,
    }
