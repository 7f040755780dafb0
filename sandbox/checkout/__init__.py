"""Payment providers and the page where a payer pays."""

from flask import Blueprint

from sandbox.checkout.ledger import Ledger
from sandbox.checkout.page import checkout_page
from sandbox.checkout.payments import Payments
from sandbox.checkout.routes import oxapay
from sandbox.world import World


def blueprint(world: World) -> Blueprint:
    ledger = Ledger(world.journal)
    payments = Payments(world, ledger)
    checkout = Blueprint("checkout", __name__)
    checkout.register_blueprint(oxapay(world, ledger, payments))
    checkout.register_blueprint(checkout_page(ledger, payments))
    return checkout
