"""How fast all processes together may send to Telegram: one set of token buckets in Redis.

What matters less leaves more in a bucket for what matters more: at 30 a second a broadcast lives
on what flows in, and a reply finds tokens there at once. Nobody queues and nothing is reserved,
so that a sender who dies takes one token along, which flows in again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from threading import Event, Lock
from time import monotonic
from types import MappingProxyType

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from core.buckets import Bucket, Level
from core.chats import TooManyMessages
from core.settings import Settings
from core.urgency import Urgency

SOCKET_SECONDS = 0.5
SILENT_SECONDS = 5.0
"""After a failure Redis is not asked for this long: each process keeps a pace of its own."""
PATIENCE_SECONDS = 2.0
"""Longer than a chat's shortest pause: an answer of several messages comes through whole."""
KEY_PREFIX = "labeldesk:pace:"
ALONE_CHAT_BURST = 3.0
CHATS_AT_MOST = 10_000

log = structlog.get_logger()


LEFT_OF_ALL: Mapping[Urgency, float] = MappingProxyType(
    {Urgency.REPLY: 0.0, Urgency.MONEY: 0.2, Urgency.TRACKING: 0.4, Urgency.BROADCAST: 0.6}
)
LEFT_OF_CHAT: Mapping[Urgency, float] = MappingProxyType(
    {Urgency.REPLY: 0.0, Urgency.MONEY: 0.0, Urgency.TRACKING: 0.2, Urgency.BROADCAST: 0.6}
)
"""Shares of a bucket that are left for what is more urgent."""


def connect(settings: Settings) -> "Pace":
    redis = Redis.from_url(
        str(settings.redis_url),
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    overall, alone = settings.telegram_per_second, settings.telegram_alone_per_second
    return Pace(
        redis,
        # Below what Telegram forgives at once, so that messages may bunch up on their way.
        Bucket(overall, max(1.0, overall * 2 / 3)),
        Bucket(settings.telegram_chat_per_second, settings.telegram_chat_burst),
        Alone(
            Bucket(alone, max(1.0, alone)),
            Bucket(
                settings.telegram_chat_per_second,
                min(ALONE_CHAT_BURST, settings.telegram_chat_burst),
            ),
        ),
    )


class Pace:
    """Safe in threads and processes. Never raises what Redis raises."""

    def __init__(self, redis: Redis, everybody: Bucket, chat: Bucket, alone: "Alone") -> None:
        self._everybody, self._chat, self._alone = everybody, chat, alone
        self._silent_until = 0.0
        self._take = redis.register_script(_script("take"))
        self._pause = redis.register_script(_script("pause"))

    def take(self, urgency: Urgency, chat_id: int | None = None) -> None:
        """Wait for leave to send one message; without a chat it counts for all only.

        Raises TooManyMessages with `retry_after` when that would take over two seconds.
        """
        patient_until = monotonic() + PATIENCE_SECONDS
        while (wait := self.ask(urgency, chat_id)) > 0:
            if monotonic() + wait > patient_until:
                raise TooManyMessages(retry_after=round(wait, 3))
            Event().wait(wait)

    def ask(self, urgency: Urgency, chat_id: int | None = None) -> float:
        """Take a token if there is one; else the seconds until one may be there."""
        if monotonic() >= self._silent_until:
            told = [
                *(self._everybody.per_second, self._everybody.size),
                self._everybody.needed(LEFT_OF_ALL[urgency]),
            ]
            if chat_id is not None:
                told += [
                    *(self._chat.per_second, self._chat.size),
                    self._chat.needed(LEFT_OF_CHAT[urgency]),
                ]
            try:
                return float(self._take(keys=_keys(chat_id), args=told))
            except (RedisError, ValueError) as error:
                self._rest(error)
        return self._alone.ask(urgency, chat_id)

    def pause(self, chat_id: int | None, seconds: float) -> None:
        """Telegram asked for it: nobody sends to this chat, or nobody at all, for so long.

        Telegram does not say which. It is all when no chat is named, when little was sent to
        that chat, or when another chat rests for the same reason.
        """
        self._alone.pause(seconds)
        told = [seconds, self._everybody.per_second, self._chat.per_second, self._chat.size]
        try:
            whose = self._pause(keys=_keys(chat_id), args=told)
        except RedisError as error:
            self._rest(error)
        else:
            log.warning("telegram_paused", chat_id=chat_id, seconds=seconds, all=bool(whose))

    def _rest(self, error: Exception) -> None:
        self._silent_until = monotonic() + SILENT_SECONDS
        log.warning("pace_alone", cause=type(error).__name__)


@dataclass(slots=True)
class Alone:
    """One process by itself, with a small part of what all may send."""

    everybody: Bucket
    chat: Bucket
    _level: Level | None = None
    _levels: dict[int, Level] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def ask(self, urgency: Urgency, chat_id: int | None) -> float:
        """As `Pace.ask`."""
        with self._lock:
            now = monotonic()
            taken = [self._overall(now)]
            needed = self.everybody.needed(LEFT_OF_ALL[urgency])
            wait = taken[0].wait(self.everybody, now, needed)
            if chat_id is not None:
                taken.append(self._of(chat_id, now))
                needed = self.chat.needed(LEFT_OF_CHAT[urgency])
                wait = max(wait, taken[1].wait(self.chat, now, needed))
            if wait <= 0:
                for level in taken:
                    level.tokens -= 1
            return wait

    def pause(self, seconds: float) -> None:
        """Alone nobody knows what others sent: it holds for all."""
        with self._lock:
            level = self._overall(monotonic())
            level.tokens = min(level.tokens, -seconds * self.everybody.per_second)

    def _overall(self, now: float) -> Level:
        self._level = self._level or Level(self.everybody.size, now)
        return self._level

    def _of(self, chat_id: int, now: float) -> Level:
        if len(self._levels) >= CHATS_AT_MOST:
            self._levels.clear()
        return self._levels.setdefault(chat_id, Level(self.chat.size, now))


class Unpaced:
    """For a client that sends a message now and then, as tests and commands do."""

    def take(self, urgency: Urgency, chat_id: int | None = None) -> None:
        pass

    def pause(self, chat_id: int | None, seconds: float) -> None:
        pass


def _keys(chat_id: int | None) -> list[str]:
    named = [] if chat_id is None else [f"{KEY_PREFIX}chat:{chat_id}"]
    return [f"{KEY_PREFIX}all", *named]


def _script(name: str) -> str:
    return files("providers").joinpath("scripts", f"{name}.lua").read_text(encoding="utf-8")
