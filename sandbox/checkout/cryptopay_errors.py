"""Crypto Pay's refusals. Assumption: names not met in the wild follow those that were."""

from http import HTTPStatus

from flask import Response, jsonify

from sandbox.checkout import cryptopay_shapes as shapes
from sandbox.faults import Fault


class CryptoPayError(Exception):
    def __init__(self, status: int, name: str) -> None:
        super().__init__(name)
        self._status = status

    def response(self) -> Response:
        response = jsonify(shapes.failure(self._status, str(self)))
        response.status_code = self._status
        return response


def invalid(name: str) -> CryptoPayError:
    return CryptoPayError(HTTPStatus.BAD_REQUEST, f"{name.upper()}_INVALID")


def required(name: str) -> CryptoPayError:
    return CryptoPayError(HTTPStatus.BAD_REQUEST, f"PARAM_{name.upper()}_REQUIRED")


def wrong_token() -> CryptoPayError:
    return CryptoPayError(HTTPStatus.UNAUTHORIZED, "UNAUTHORIZED")


def no_such_method() -> CryptoPayError:
    return CryptoPayError(HTTPStatus.METHOD_NOT_ALLOWED, "METHOD_NOT_FOUND")


def no_such_invoice() -> CryptoPayError:
    return CryptoPayError(HTTPStatus.BAD_REQUEST, "INVOICE_NOT_FOUND")


def fault_wording(status: int, fault: Fault) -> Response:
    """429 and 5xx in the envelope of all other refusals."""
    limited = status == HTTPStatus.TOO_MANY_REQUESTS
    name = "TOO_MANY_REQUESTS" if limited else "INTERNAL_SERVER_ERROR"
    response = CryptoPayError(status, name).response()
    if limited:
        response.headers["Retry-After"] = str(int(fault.seconds))
    return response
