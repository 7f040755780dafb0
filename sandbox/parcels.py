"""The doors through which tests and people move parcels and carriers' money about."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.sellers import Document, Seller
from sandbox.world import World

Answer = Document | tuple[Response, int]


def blueprint(world: World) -> Blueprint:
    doors = Blueprint("parcels", __name__)

    @doors.post("/tracking/<code>")
    def move(code: str) -> Answer:
        status = str(_body().get("status"))
        known = list(dict.fromkeys(name for one in world.sellers for name in one.statuses))
        if status not in known:
            return _refused(f"unknown status {status!r}, known: {', '.join(known)}", 400)
        return _first(world, lambda seller: seller.move(code, status))

    @doors.post("/tracking/<code>/refund")
    def settle(code: str) -> Answer:
        outcome = str(_body().get("status"))
        if outcome not in ("refunded", "rejected"):
            return _refused("status is refunded or rejected", 400)
        return _first(world, lambda seller: seller.settle(code, outcome))

    @doors.post("/carrier/balance")
    def set_balance() -> Answer:
        body = _body()
        service = body.get("service", "easypost")
        try:
            balance = Decimal(str(body.get("balance")))
        except ArithmeticError:
            return _refused('expected: {"balance": "12.50", "service": "easypost"}', 400)
        for seller in world.sellers:
            if seller.name == service:
                seller.set_balance(balance)
                return {"service": service, "balance": f"{balance:.5f}"}
        return _refused(f"unknown service {service!r}", 400)

    return doors


def _first(world: World, ask: Callable[[Seller], Document | None]) -> Answer:
    """What the seller of the label says."""
    for seller in world.sellers:
        if (answer := ask(seller)) is not None:
            return answer
    return _refused("no such parcel, or nothing to decide", 404)


def _refused(reason: str, status: int) -> tuple[Response, int]:
    return jsonify(error=reason), status


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}
