"""A bell between processes: whoever rings says what for, and one of those who wait hears it."""

from collections.abc import Sequence
from time import monotonic
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from core.errors import Unavailable
from core.settings import Settings

SOCKET_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30
SILENT_SECONDS = 5.0
"""After a failure nobody is rung for this long, instead of slowing everybody."""
KEY = "labeldesk:bell:updates"
RINGS_AT_MOST = 10_000
HEARD_AT_ONCE = 100

log = structlog.get_logger()


class BellAway(Unavailable):
    """Nobody can be heard now. Facts: `cause`."""


def connect(settings: Settings) -> "RedisBell":
    def redis(patience: float) -> Redis:
        return Redis.from_url(
            str(settings.redis_url),
            decode_responses=True,
            socket_timeout=patience,
            socket_connect_timeout=SOCKET_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )

    return RedisBell(redis(SOCKET_SECONDS), redis(LONGEST_WAIT_SECONDS + SOCKET_SECONDS))


class RedisBell:
    """Implements services.ports.Bell."""

    def __init__(self, redis: Redis, patient: Redis) -> None:
        self._redis = redis
        self._patient = patient
        self._silent_until = 0.0

    def ring(self, subject_id: str) -> None:
        """Never raises. Where nobody listens, only the newest are remembered."""
        if monotonic() < self._silent_until:
            return
        try:
            with self._redis.pipeline(transaction=False) as both:
                both.rpush(KEY, subject_id)
                both.ltrim(KEY, -RINGS_AT_MOST, -1)
                both.execute()
        except RedisError as error:
            self._silent_until = monotonic() + SILENT_SECONDS
            log.warning("bell_unreachable", cause=type(error).__name__)

    def wait(self, seconds: int) -> Sequence[str]:
        """What was rung for; waits up to `seconds` (1 to 30) for it. Raises BellAway."""
        try:
            first: Any = self._patient.blpop([KEY], timeout=min(seconds, LONGEST_WAIT_SECONDS))
            more: Any = self._patient.lpop(KEY, HEARD_AT_ONCE) if first else None
        except RedisError as error:
            raise BellAway(cause=type(error).__name__) from error
        return [first[1], *(more or ())] if first else []
