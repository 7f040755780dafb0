"""OxaPay's refusals: an envelope whose HTTP status and body status agree."""

from flask import Response, jsonify

from sandbox.checkout import shapes
from sandbox.faults import Fault


class OxapayError(Exception):
    def __init__(self, status: int, type_: str, key: str, message: str, title: str) -> None:
        super().__init__(key)
        self._status = status
        self._body = shapes.failure(status, type_, key, message, title)

    def response(self) -> Response:
        response = jsonify(self._body)
        response.status_code = self._status
        return response


def invalid(key: str, message: str) -> OxapayError:
    title = "Invalid parameter value or missing required parameter."
    return OxapayError(400, "invalid_request", key, message, title)


def wrong_key() -> OxapayError:
    message = "The merchant API key is invalid."
    return OxapayError(401, "authentication", "invalid_merchant_api_key", message, "")


def not_found() -> OxapayError:
    message = "No such payment."
    return OxapayError(404, "not_found", "track_id", message, "Not found.")


def fault_wording(status: int, fault: Fault) -> Response:
    """429 and 5xx in the envelope of all other refusals."""
    limited = status == 429  # noqa: PLR2004
    type_ = "rate_limit" if limited else "server_error"
    response = OxapayError(status, type_, type_, "Try again later.", "Try again later.").response()
    if limited:
        response.headers["Retry-After"] = str(int(fault.seconds))
    return response
