"""Who may look, and what every answer carries: login, CSRF, headers, limits, deny by default."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security, current_user
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from core.settings import Settings
from webapp.operators import Operators

PUBLIC = frozenset(
    {
        "security.login",
        "static",
        "admin.static",
        "health.healthz",
        "health.readyz",
        "health.queues",
    }
)
"""Everything else needs an operator."""
LOGINS = "10 per minute"
REDIS_SECONDS = 0.5
SESSION_LIFETIME = timedelta(hours=12)

POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
EMBEDDED_POLICY = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "object-src": "'self'",
    "frame-ancestors": "'self'",
}
"""For a PDF that a page of ours shows; the browser's own viewer styles itself inline."""

headers = Talisman()


def protect(app: Flask, settings: Settings) -> None:
    """Order matters: HTTPS first, then who is asking, then whether the form is ours."""
    is_https = settings.public_url.scheme == "https"
    if is_https:
        # Only a proxy can have spoken HTTPS for us, so its word on the caller counts.
        app.wsgi_app = ProxyFix(app.wsgi_app)  # type: ignore[method-assign]
    _configure(app, settings, is_https=is_https)
    headers.init_app(
        app,
        force_https=is_https,
        strict_transport_security=is_https,
        session_cookie_secure=is_https,
        frame_options="DENY",
        content_security_policy=POLICY,
        content_security_policy_nonce_in=["script-src", "style-src"],
        referrer_policy="same-origin",
    )
    app.before_request(_let_in)
    app.after_request(_keep_private)
    CSRFProtect(app)
    Security(app, Operators())
    _limit_logins(app, settings)


def _configure(app: Flask, settings: Settings, *, is_https: bool) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        WTF_CSRF_TIME_LIMIT=int(SESSION_LIFETIME.total_seconds()),
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=is_https,
        SECURITY_PASSWORD_SALT=settings.password_salt.get_secret_value(),
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  an algorithm
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_MSG_GENERIC_AUTHN_FAILED=("E-mail or password is wrong.", "error"),
        SECURITY_DATETIME_FACTORY=lambda: datetime.now(UTC),
        SECURITY_TRACKABLE=True,
        SECURITY_LOGIN_USER_TEMPLATE="login.html",
        SECURITY_POST_LOGIN_VIEW="/admin/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )


def _let_in() -> ResponseReturnValue | None:
    """Strangers see only what is public; an address that leads nowhere may say so."""
    if request.endpoint is None or request.endpoint in PUBLIC or current_user.is_authenticated:
        return None
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return abort(403)


def _keep_private(response: Response) -> Response:
    """Nothing that only operators see stays in a browser after they have left."""
    if request.endpoint not in PUBLIC:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def _limit_logins(app: Flask, settings: Settings) -> None:
    """Counted in Redis for all processes together, in this one's memory while Redis is away."""
    patience = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=str(settings.redis_url),
        storage_options=patience,  # type: ignore[arg-type]  # redis takes fractions of seconds
        in_memory_fallback_enabled=True,
        key_prefix="labeldesk:limit:",
    )
    limited: Any = limiter.limit(LOGINS, methods=["POST"])(app.view_functions["security.login"])
    app.view_functions["security.login"] = limited
