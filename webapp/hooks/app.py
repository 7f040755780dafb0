"""The application under /webhooks: programs tell us things, and nobody logs in or looks at pages.

It stands beside the operators' application, so that a notice passes no session, form or page.
"""

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue

from bootstrap import Platform
from webapp import errors
from webapp.hooks import told, updates

PREFIX = "/webhooks"
LARGEST_BODY = 256 * 1024
HARDENED = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
ONLY_HTTPS = {"Strict-Transport-Security": "max-age=31556926; includeSubDomains"}


def create_hooks(platform: Platform) -> Flask:
    """What answers under PREFIX. Connects to nothing by itself."""
    app = Flask("webapp.hooks", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    _protect(app, is_https=platform.settings.public_url.scheme == "https")
    errors.register_for_programs(app)
    app.register_blueprint(told.blueprint(platform.topups, platform.tracking))
    webhook = platform.webhook
    if webhook is not None:
        app.register_blueprint(updates.blueprint(webhook))
    return app


def _protect(app: Flask, *, is_https: bool) -> None:
    headers = HARDENED | (ONLY_HTTPS if is_https else {})

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers.update(headers)
        return answer

    if is_https:
        app.before_request(_insist_on_https)


def _insist_on_https() -> ResponseReturnValue | None:
    if request.is_secure:
        return None
    return redirect(request.url.replace("http://", "https://", 1), 308)
