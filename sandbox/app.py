"""The sandbox process: `gunicorn 'sandbox.app:create_app()'`, one worker, many threads."""

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

from sandbox import carrier, checkout, parcels, shipengine, telegram
from sandbox.faults import UnreadableFault
from sandbox.misbehaviour import Misbehaved
from sandbox.settings import SandboxSettings
from sandbox.world import World


def create_app(settings: SandboxSettings | None = None) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    world = World(settings)
    app.extensions["world"] = world
    app.register_error_handler(Misbehaved, _misbehaved)
    app.register_blueprint(_world(world))
    for part in (telegram, carrier, shipengine, checkout, parcels):
        app.register_blueprint(part.blueprint(world))
    world.start()
    return app


def _misbehaved(misbehaved: Misbehaved) -> Response:
    return misbehaved.response


def _world(world: World) -> Blueprint:
    """What tests ask of the world itself."""
    routes = Blueprint("world", __name__)
    routes.add_url_rule("/healthz", view_func=lambda: {"ok": True}, endpoint="health")
    routes.add_url_rule("/world/books", view_func=world.books, endpoint="books")

    def waiting() -> dict[str, Any]:
        return {"faults": world.faults.waiting()}

    @routes.post("/world/faults")
    def add_faults() -> Response | tuple[Response, int]:
        wishes = request.get_json(force=True, silent=True)
        if not isinstance(wishes, list):
            return jsonify(error="a JSON list of faults is expected"), 400
        try:
            world.faults.add(wishes)
        except UnreadableFault as unreadable:
            return jsonify(error=str(unreadable)), 400
        return jsonify(waiting())

    @routes.delete("/world/faults")
    def clear_faults() -> dict[str, Any]:
        world.faults.clear()
        return waiting()

    routes.add_url_rule("/world/faults", view_func=waiting, endpoint="faults")
    return routes
