"""Payment providers and the page where a payer pays."""

from flask import Blueprint

from sandbox.checkout.cryptopay import cryptopay
from sandbox.checkout.cryptopay_invoices import Invoices
from sandbox.checkout.cryptopay_page import cryptopay_page
from sandbox.checkout.cryptopay_payments import Payments as CryptoPayPayments
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
    invoices = Invoices(world.journal)
    updates = CryptoPayPayments(world, invoices)
    checkout.register_blueprint(cryptopay(world, invoices, updates))
    checkout.register_blueprint(cryptopay_page(invoices, updates))
    return checkout
