"""OxaPay's paths under /oxapay/v1."""

import hmac

from flask import Blueprint, request

from sandbox.checkout import asked, errors, shapes
from sandbox.checkout.coins import COINS
from sandbox.checkout.ledger import Invoice, Ledger
from sandbox.checkout.payments import Payments
from sandbox.world import World

PAGE_PATH = "/checkout/oxapay"


def oxapay(world: World, ledger: Ledger, payments: Payments) -> Blueprint:
    api = Blueprint("oxapay", __name__, url_prefix="/oxapay/v1")
    world.guard(api, "oxapay")
    world.word_errors("oxapay", errors.fault_wording)
    world.add_book("invoices", lambda: [_booked(invoice) for invoice in ledger.all()])
    api.register_error_handler(errors.OxapayError, errors.OxapayError.response)

    _add_authentication(api, world.settings.oxapay_key)
    _add_payments(api, world, ledger, payments)
    api.add_url_rule("/common/monitor", view_func=lambda: shapes.envelope({}), endpoint="monitor")

    @api.route("/<path:_>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def nothing_here(_: str) -> shapes.Document:
        raise errors.not_found()

    return api


def _add_authentication(api: Blueprint, merchant_key: str) -> None:
    @api.before_request
    def authenticate() -> None:
        if request.path.startswith(f"{api.url_prefix}/common/"):
            return
        key = request.headers.get("merchant_api_key", "")
        if not hmac.compare_digest(key.encode(), merchant_key.encode()):
            raise errors.wrong_key()


def _add_payments(api: Blueprint, world: World, ledger: Ledger, payments: Payments) -> None:
    @api.post("/payment/invoice")
    def create() -> shapes.Document:
        amount, lifetime, wishes = asked.read_invoice(request.get_data())
        base = world.public_url() + PAGE_PATH
        return shapes.envelope(shapes.created(payments.open(amount, lifetime, wishes, base)))

    @api.get("/payment/accepted-currencies")
    def currencies() -> shapes.Document:
        return shapes.envelope({"list": list(COINS)})

    @api.get("/payment/<track_id>")
    def information(track_id: str) -> shapes.Document:
        invoice = ledger.get(track_id)
        if invoice is None:
            raise errors.not_found()
        return shapes.envelope(shapes.information(invoice))

    @api.get("/payment")
    def history() -> shapes.Document:
        found, page, total = asked.listed(ledger.all(), request.args.get)
        pages = max(-(-total // asked.page_size(request.args.get)), 1)
        meta = {"page": page, "last_page": pages, "total": total}
        listed = [shapes.information(invoice) for invoice in found]
        return shapes.envelope({"list": listed, "meta": meta})


def _booked(invoice: Invoice) -> shapes.Document:
    return {
        "provider": "oxapay",
        "id": invoice.track_id,
        "order_id": invoice.asked.get("order_id", ""),
        "amount": str(invoice.amount),
        "paid": str(invoice.paid),
        "status": invoice.status,
    }
