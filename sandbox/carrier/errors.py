"""EasyPost's refusals, in its envelope `{"error": {"code", "message", "errors"}}`."""

from typing import Any

from flask import Response, jsonify

from sandbox.faults import Fault


class EasypostError(Exception):
    def __init__(self, status: int, code: str, message: str, *errors: dict[str, Any]) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"code": code, "message": message, "errors": list(errors)}}

    def response(self) -> Response:
        response = jsonify(self.body)
        response.status_code = self.status
        return response


def unauthorized() -> EasypostError:
    """Assumption: only inactive keys are documented; a missing one is answered alike."""
    return EasypostError(401, "APIKEY.INACTIVE", "This api key is no longer active.")


def not_found() -> EasypostError:
    return EasypostError(404, "NOT_FOUND", "The requested resource could not be found.")


def missing(field: str) -> EasypostError:
    error = {"field": field, "message": "cannot be blank"}
    return EasypostError(422, "PARAMETER.REQUIRED", "Missing required parameter.", error)


def invalid(field: str, message: str) -> EasypostError:
    error = {"field": field, "message": message}
    return EasypostError(422, "PARAMETER.INVALID", "Invalid parameter.", error)


def postage_exists() -> EasypostError:
    """Assumption: no second purchase was ever recorded; status and wording are inferred."""
    message = "Postage already exists for this shipment."
    return EasypostError(422, "SHIPMENT.POSTAGE.EXISTS", message)


def not_sold(message: str) -> EasypostError:
    """Assumption: the code is documented, the status is inferred; the words are the carrier's."""
    return EasypostError(422, "SHIPMENT.POSTAGE.FAILURE", message)


def not_refundable(message: str) -> EasypostError:
    """Assumption: code and wording are told by others, the status is inferred."""
    return EasypostError(422, "SHIPMENT.REFUND.UNAVAILABLE", message)


def not_converted() -> EasypostError:
    """Assumption: that only PNG is converted is documented, the code and status are inferred."""
    message = "Only labels that were made as PNG can be converted."
    return EasypostError(422, "SHIPMENT.POSTAGE.FORMAT_UNAVAILABLE", message)


def payment_required() -> EasypostError:
    """Assumption: the code and 402 are documented, the wording is ours."""
    return EasypostError(402, "PAYMENT_REQUIRED", "Insufficient funds for this purchase.")


def unverified(errors: list[dict[str, Any]]) -> EasypostError:
    return EasypostError(422, "ADDRESS.VERIFY.FAILURE", "Unable to verify address.", *errors)


def fault_wording(status: int, fault: Fault) -> Response:
    """429 and 5xx as EasyPost words them."""
    limited = status == 429  # noqa: PLR2004
    code = "RATE_LIMITED" if limited else "INTERNAL_SERVER_ERROR"
    message = "Too many requests." if limited else "We're sorry, something went wrong."
    response = EasypostError(status, code, message).response()
    if limited:
        response.headers["Retry-After"] = str(int(fault.seconds))
    return response
