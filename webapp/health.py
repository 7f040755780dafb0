"""Whether this process lives, and whether it can serve."""

from collections.abc import Callable

import pymongo
from flask import Blueprint
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from core.settings import Settings
from models import connection
from services.liveness import Liveness
from webapp.security import headers

SECONDS = 1.0
OK, AWAY, SILENT = "ok", "away", "silent"
Answer = tuple[dict[str, str], int]
View = Callable[[], Answer]


def blueprint(settings: Settings, liveness: Liveness) -> Blueprint:
    """Both are asked by machines beside the proxy, so they never ask for HTTPS."""
    plain_http: Callable[[View], View] = headers(force_https=False)
    health = Blueprint("health", __name__)
    redis = Redis.from_url(
        str(settings.redis_url), socket_timeout=SECONDS, socket_connect_timeout=SECONDS
    )

    @health.get("/healthz")
    @plain_http
    def healthz() -> Answer:
        return {"status": OK}, 200

    @health.get("/readyz")
    @plain_http
    def readyz() -> Answer:
        """Without MongoDB nothing works; without Redis all does, only slower."""
        stores = {"mongo": _mongo(), "redis": _redis(redis)}
        status = OK if set(stores.values()) == {OK} else "degraded"
        return {"status": status} | stores, 200 if stores["mongo"] == OK else 503

    @health.get("/readyz/queues")
    @plain_http
    def queues() -> Answer:
        """For a monitor outside: 503 while the work of a queue is not done."""
        try:
            signs = {sign.queue.value: SILENT if sign.silent else OK for sign in liveness.signs()}
        except PyMongoError:
            return {"status": "degraded", "mongo": AWAY}, 503
        status = "degraded" if SILENT in signs.values() else OK
        return {"status": status} | signs, 200 if status == OK else 503

    return health


def _mongo() -> str:
    try:
        with pymongo.timeout(SECONDS):
            return OK if connection.is_reachable() else AWAY
    except PyMongoError:
        return AWAY


def _redis(redis: Redis) -> str:
    try:
        return OK if redis.ping() else AWAY
    except RedisError:
        return AWAY
