"""Refusals of ShipEngine and ShipStation: `{"request_id", "errors": [{...}]}`."""

from uuid import uuid4

from flask import Response, g, jsonify

from sandbox.faults import Fault
from sandbox.shipengine.accounts import Account
from sandbox.shipengine.editions import Edition

CARRIER = "carrier"
BAD_REQUEST, UNAUTHORIZED, NOT_FOUND, CONFLICT, LIMITED = 400, 401, 404, 409, 429


class ShipengineError(Exception):
    def __init__(self, status: int, kind: str, code: str, message: str, **more: str) -> None:
        super().__init__(code)
        self.status = status
        self._error = {"error_type": kind, "error_code": code, "message": message, **more}

    def response(self, edition: Edition) -> Response:
        response = jsonify(request_id=request_id(), errors=[edition.error(self._error)])
        response.status_code = self.status
        return response


def request_id() -> str:
    """Of the call that is being answered: in the body of some answers, in a header of all."""
    if "request_id" not in g:
        g.request_id = str(uuid4())
    found: str = g.request_id
    return found


def unauthorized() -> ShipengineError:
    message = "The API key is invalid. Please see https://www.shipengine.com/docs/auth"
    return ShipengineError(UNAUTHORIZED, "security", "unauthorized", message)


def body_required() -> ShipengineError:
    message = "Request body cannot be empty."
    return ShipengineError(BAD_REQUEST, "validation", "request_body_required", message)


def required(field: str) -> ShipengineError:
    message = f"'{field}' must not be empty."
    return ShipengineError(
        BAD_REQUEST, "validation", "field_value_required", message, field_name=field
    )


def invalid(field: str, message: str) -> ShipengineError:
    return ShipengineError(
        BAD_REQUEST, "validation", "invalid_field_value", message, field_name=field
    )


def unknown(what: str, key: str) -> ShipengineError:
    """Assumption: 404 is specified, the code and the wording are ours."""
    message = f"{what} '{key}' was not found."
    return ShipengineError(NOT_FOUND, "validation", "invalid_identifier", message)


def taken(external_id: str) -> ShipengineError:
    """Assumption: the code is specified, its status is not."""
    message = f"A shipment with external_shipment_id '{external_id}' already exists."
    return ShipengineError(
        BAD_REQUEST,
        "business_rules",
        "identifier_conflict",
        message,
        field_name="shipment.external_shipment_id",
    )


def no_funds(account: Account) -> ShipengineError:
    """Assumption: the code is specified, status and wording are not."""
    return ShipengineError(
        BAD_REQUEST,
        "business_rules",
        "insufficient_funds",
        "The account balance does not cover the cost of this label.",
        error_source=CARRIER,
        carrier_id=account.carrier_id,
        carrier_code=account.code,
    )


def not_sold(account: Account, message: str) -> ShipengineError:
    """Assumption: the code is specified, status and wording are not."""
    return ShipengineError(
        BAD_REQUEST,
        "business_rules",
        "invalid_address",
        message,
        error_source=CARRIER,
        carrier_id=account.carrier_id,
        carrier_code=account.code,
    )


def webhook_exists() -> ShipengineError:
    message = "A webhook for this event and URL already exists."
    return ShipengineError(CONFLICT, "business_rules", "webhook_event_type_conflict", message)


def of_carrier(account: Account, code: str, message: str) -> dict[str, str]:
    """One entry of `rate_response.errors`."""
    return {
        "error_source": CARRIER,
        "error_type": "integrations",
        "error_code": code,
        "message": f"{account.friendly_name}: {message}",
        "carrier_id": account.carrier_id,
        "carrier_code": account.code,
    }


def fault_wording(status: int, fault: Fault, edition: Edition) -> Response:
    """429 as recorded; what the newer service says to 500 is specified to be nothing."""
    if status != LIMITED and edition.brief:
        return Response("", status)
    limited = status == LIMITED
    code = "rate_limit_exceeded" if limited else "unspecified"
    message = "You have exceeded the rate limit." if limited else "An unexpected error occurred."
    response = ShipengineError(status, "system", code, message).response(edition)
    if limited:
        response.headers["Retry-After"] = str(int(fault.seconds))
    return response
