"""What the checkout pages of all providers have in common."""

from decimal import Decimal
from functools import partial
from typing import Any

from flask import Response, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.checkout.coins import Coin, coins_for

TEMPLATE = "checkout/invoice.html"


def page(currency: str, missing: Decimal, coins: dict[str, Coin], **facts: Any) -> str:
    """`missing` is what the payer is asked for, in each of the coins."""
    return render_template(
        TEMPLATE,
        money=partial(_money, currency),
        missing=missing,
        known=coins,
        coins={symbol: _short(coins_for(missing, coin)) for symbol, coin in coins.items()},
        **facts,
    )


def done(address: str, state: dict[str, Any]) -> AnyResponse:
    """A person's form leads back to the page; everybody else gets the state."""
    if request.mimetype == "application/x-www-form-urlencoded" and "page" in request.form:
        return redirect(address, 303)
    return jsonify(state)


def refused(expected: str) -> Response:
    response = jsonify(error=f"expected: {expected}")
    response.status_code = 400
    return response


def _money(currency: str, amount: Decimal) -> str:
    return f"${amount:,.2f}" if currency == "USD" else f"{amount:,.2f} {currency}"


def _short(coins: Decimal) -> str:
    """Two places for many coins, six for less than one."""
    places = 2 if coins >= 1 else 6
    return f"{coins:,.{places}f}"
