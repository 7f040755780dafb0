"""What customers say, brought by Telegram: proven, kept, answered; what follows is the bot's."""

from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from services.webhook import Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name

log = structlog.get_logger()


def blueprint(webhook: Webhook) -> Blueprint:
    hooks = Blueprint("updates", __name__)

    @hooks.post("/telegram")
    def update() -> Response:
        """Telegram repeats an update until it is taken, and keeps its chat's later ones back.

        So what can never be kept is taken too, once it is proven to be Telegram's.
        """
        if not webhook.knows(request.headers.get(SECRET_HEADER, "")):
            log.warning("update_forged")
            return Response("forged_update\n", HTTPStatus.FORBIDDEN, mimetype="text/plain")
        try:
            kept = webhook.take(request.get_data(cache=False))
        except RequestEntityTooLarge:
            kept = False
        if not kept:
            log.error("update_dropped", why="no update", length=request.content_length)
        return Response("ok" if kept else "dropped\n", mimetype="text/plain")

    return hooks
