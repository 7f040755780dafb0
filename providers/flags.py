"""Small values shared by all processes through Redis, gone whenever Redis is."""

from time import monotonic

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from core.settings import Settings

SOCKET_SECONDS = 0.5
PAUSE_SECONDS = 5.0
"""After a failure the cache counts as empty for this long, instead of slowing everybody."""
KEY_PREFIX = "labeldesk:flag:"

log = structlog.get_logger()


def connect(settings: Settings) -> "RedisFlags":
    redis = Redis.from_url(
        str(settings.redis_url),
        decode_responses=True,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisFlags(redis)


class RedisFlags:
    """Implements services.ports.Flags."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._silent_until = 0.0

    def get(self, name: str) -> str | None:
        """The cached value; None when it is not there or the cache does not answer."""
        if monotonic() < self._silent_until:
            return None
        try:
            value = self._redis.get(KEY_PREFIX + name)
        except (RedisError, UnicodeDecodeError) as error:
            self._rest(name, error)
            return None
        return str(value) if value is not None else None

    def put(self, name: str, value: str, *, seconds: int) -> None:
        """Keep a value for a time. Never raises. Always tried: a lost change lives on elsewhere."""
        try:
            self._redis.set(KEY_PREFIX + name, value, ex=seconds)
        except RedisError as error:
            self._rest(name, error)

    def _rest(self, name: str, error: Exception) -> None:
        self._silent_until = monotonic() + PAUSE_SECONDS
        log.warning("flags_unreachable", name=name, cause=type(error).__name__)
