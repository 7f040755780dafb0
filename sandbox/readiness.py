"""When a process of the demo is ready: each is asked in the way its users would notice."""

import re

import requests
from celery import Celery

SECONDS = 2.0
NODE = re.compile(r"\s-n\s+([\w-]+)@")


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=SECONDS).ok
    except requests.RequestException:
        return False


def updates_asked(sandbox: str) -> int:
    """How often the bot has asked the sandbox's Telegram for updates, or to bring them."""
    calls = requests.get(f"{sandbox}/world/books", timeout=SECONDS).json()["calls"]
    asking = ("getUpdates", "setWebhook")
    return sum(count for call, count in calls.items() if any(name in call for name in asking))


def node(command: str) -> str | None:
    """The name by which a worker of the Procfile answers, if the command starts a worker."""
    named = NODE.search(command)
    return named[1] if named else None


def workers(redis_url: str) -> set[str]:
    """The names of the workers that answer now, without their hosts."""
    with Celery(broker=redis_url) as celery:
        replies = celery.control.ping(timeout=0.5)
    return {name.partition("@")[0] for reply in replies or () for name in reply}
