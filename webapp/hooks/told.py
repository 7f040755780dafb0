"""What payment providers and carriers tell: checked, kept, answered; what follows is a worker's."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request

from core.errors import Refusal, Unavailable
from services.topups import Topups
from services.tracking import Tracking

STATUSES = {
    "no_payment_provider": HTTPStatus.NOT_FOUND,
    "carrier_not_configured": HTTPStatus.NOT_FOUND,
    "forged_notice": HTTPStatus.FORBIDDEN,
    "forged_news": HTTPStatus.FORBIDDEN,
    "unreadable_notice": HTTPStatus.BAD_REQUEST,
    "unreadable_news": HTTPStatus.BAD_REQUEST,
}

log = structlog.get_logger()


def blueprint(topups: Topups, tracking: Tracking) -> Blueprint:
    hooks = Blueprint("hooks", __name__)

    @hooks.post("/<provider>")
    def payment_notice(provider: str) -> Response:
        return _keep(topups.notice, provider)

    @hooks.post("/carriers/<provider>")
    def carrier_news(provider: str) -> Response:
        return _keep(tracking.notice, provider)

    return hooks


def _keep(keep: Callable[[str, bytes, Mapping[str, str]], object], provider: str) -> Response:
    """Answers `ok` only when it is kept: whoever tells it repeats it until then."""
    try:
        keep(provider, request.get_data(cache=False), dict(request.headers))
    except Refusal as refusal:
        log.warning("notice_refused", provider=provider[:40], why=refusal.code)
        return _plain(refusal.code, STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST))
    except Unavailable as trouble:
        # Its signature could not be checked now.
        log.warning("notice_put_off", provider=provider[:40], why=str(trouble))
        return _plain(trouble.code, HTTPStatus.SERVICE_UNAVAILABLE)
    return Response("ok", mimetype="text/plain")


def _plain(code: str, status: HTTPStatus) -> Response:
    return Response(f"{code}\n", status, mimetype="text/plain")
