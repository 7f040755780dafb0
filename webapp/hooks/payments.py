"""Notices of payment providers: checked, kept, answered; what follows is a worker's."""

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request

from core.errors import Refusal
from services.topups import Topups

STATUSES = {
    "no_payment_provider": HTTPStatus.NOT_FOUND,
    "forged_notice": HTTPStatus.FORBIDDEN,
    "unreadable_notice": HTTPStatus.BAD_REQUEST,
}

log = structlog.get_logger()


def blueprint(topups: Topups) -> Blueprint:
    hooks = Blueprint("hooks", __name__)

    @hooks.post("/<provider>")
    def payment_notice(provider: str) -> Response:
        """Answers `ok` only when the notice is kept: providers repeat it until then."""
        try:
            topups.notice(provider, request.get_data(cache=False), dict(request.headers))
        except Refusal as refusal:
            status = STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST)
            log.warning("notice_refused", provider=provider[:40], why=refusal.code)
            return Response(f"{refusal.code}\n", status, mimetype="text/plain")
        return Response("ok", mimetype="text/plain")

    return hooks
