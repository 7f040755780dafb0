"""News of carrier services: checked, kept, answered; who looks where they point is a worker."""

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request

from core.errors import Refusal
from services.tracking import Tracking

STATUSES = {
    "carrier_not_configured": HTTPStatus.NOT_FOUND,
    "forged_news": HTTPStatus.FORBIDDEN,
    "unreadable_news": HTTPStatus.BAD_REQUEST,
}

log = structlog.get_logger()


def blueprint(tracking: Tracking) -> Blueprint:
    hooks = Blueprint("carrier_hooks", __name__)

    @hooks.post("/carriers/<provider>")
    def carrier_news(provider: str) -> Response:
        """Answers `ok` only when the news are kept: carriers repeat them until then."""
        try:
            tracking.notice(provider, request.get_data(cache=False), dict(request.headers))
        except Refusal as refusal:
            status = STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST)
            log.warning("news_refused", provider=provider[:40], why=refusal.code)
            return Response(f"{refusal.code}\n", status, mimetype="text/plain")
        return Response("ok", mimetype="text/plain")

    return hooks
