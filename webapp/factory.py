"""Assembles the web application around a platform."""

from flask import Flask, redirect, url_for
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Response

from bootstrap import Platform
from webapp import admin, commands, errors, health, security
from webapp.hooks.app import LARGEST_BODY, PREFIX, create_hooks


def create_app(platform: Platform) -> Flask:
    """The whole web application. Connects to nothing by itself."""
    app = Flask("webapp")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    hooks = DispatcherMiddleware(app.wsgi_app, {PREFIX: create_hooks(platform)})
    app.wsgi_app = hooks  # type: ignore[method-assign]
    security.protect(app, platform.settings)
    errors.register(app)
    app.register_blueprint(health.blueprint(platform.settings, platform.liveness))
    app.add_url_rule("/", "home", _home)
    admin.register(app, platform)
    commands.register(app, platform)
    return app


def _home() -> Response:
    return redirect(url_for("admin.index"))
