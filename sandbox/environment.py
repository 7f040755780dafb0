"""What the demo's processes are told, apart from what its user has set."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values

from core.settings import PREFIX

OXAPAY_KEY = "demo-oxapay-key"
CRYPTOPAY_TOKEN = "12345:demo-cryptopay-token"  # noqa: S105  it opens the sandbox only
EASYPOST_SECRET = "demo-easypost-secret"  # noqa: S105  likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Base URLs, without a slash at the end."""

    web: str
    sandbox: str
    mongo: str
    redis: str


@dataclass(frozen=True, slots=True)
class Outsider:
    """A service that the sandbox plays unless the user has a key of their own for the real one.

    `also` are further addresses of its, as paths by their settings.
    """

    url: str
    path: str
    keys: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)


TELEGRAM = Outsider("TELEGRAM_API_URL", "", {"TELEGRAM_TOKEN": "1000001:demo-token-of-the-sandbox"})
OUTSIDERS = (
    TELEGRAM,
    Outsider(
        "SHIPENGINE_URL",
        "/shipengine/v1",
        {"SHIPENGINE_TEST_KEY": "TEST_demo"},
        also={"SHIPENGINE_KEYS_URL": "/shipengine/jwks"},
    ),
    Outsider(
        "EASYPOST_URL",
        "/easypost/v2",
        {"EASYPOST_TEST_KEY": "EZTKdemo", "EASYPOST_TEST_WEBHOOK_SECRET": EASYPOST_SECRET},
    ),
    Outsider("OXAPAY_URL", "/oxapay/v1", {"OXAPAY_KEY": OXAPAY_KEY}),
    Outsider("CRYPTOPAY_URL", "/cryptopay/api", {"CRYPTOPAY_TOKEN": CRYPTOPAY_TOKEN}),
)
# Whoever tries out a carrier wants to see what it does, and the repair, not to wait for it.
PATIENCE = {
    "CARRIER_TIMEOUT_SECONDS": "8",
    "CARRIER_SETTLE_SECONDS": "15",
    "ORDER_LEASE_SECONDS": "20",
    "VOID_SECONDS": "20",
    "TRACKING_SECONDS": "60",
}


def given() -> dict[str, str]:
    """What the user has set: the environment goes before `.env`, as for every process."""
    found = dotenv_values(".env") | os.environ
    return {name: value for name, value in found.items() if value}


def store_url(name: str, given: Mapping[str, str]) -> str | None:
    """The user's own MONGO_URL or REDIS_URL, by either of its names."""
    return given.get(PREFIX + name) or given.get(name)


def sandboxed(outsider: Outsider, given: Mapping[str, str]) -> bool:
    return not any(PREFIX + key in given for key in outsider.keys)


def settings(
    addresses: Addresses, secrets: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """The product's settings that the user has left open."""
    wanted = {
        "MONGO_URL": addresses.mongo,
        "REDIS_URL": addresses.redis,
        "SECRET_KEY": secrets["secret_key"],
        "PASSWORD_SALT": secrets["password_salt"],
        "PUBLIC_URL": addresses.web,
    }
    # These fit each other: whoever sets one of them means the product's own for the rest.
    if not any(PREFIX + name in given for name in PATIENCE):
        wanted |= PATIENCE
    for outsider in OUTSIDERS:
        if sandboxed(outsider, given):
            paths = {outsider.url: outsider.path, **outsider.also}
            wanted |= {name: addresses.sandbox + path for name, path in paths.items()}
            wanted |= outsider.keys
    for store in ("MONGO_URL", "REDIS_URL"):
        if store_url(store, given):
            del wanted[store]
    ours = {PREFIX + name: value for name, value in wanted.items()}
    return {name: value for name, value in ours.items() if name not in given}


def world(addresses: Addresses, journal: Path) -> dict[str, str]:
    """The sandbox's own settings."""
    return {
        "SANDBOX_JOURNAL": str(journal),
        "SANDBOX_PUBLIC_URL": addresses.sandbox,
        "SANDBOX_ADMIN_URL": f"{addresses.web}/admin/",
        "SANDBOX_SHIPENGINE_WEBHOOK": f"{addresses.web}/webhooks/carriers/shipengine",
        "SANDBOX_EASYPOST_WEBHOOK": f"{addresses.web}/webhooks/carriers/easypost",
        "SANDBOX_EASYPOST_WEBHOOK_SECRET": EASYPOST_SECRET,
        "SANDBOX_OXAPAY_KEY": OXAPAY_KEY,
        "SANDBOX_CRYPTOPAY_TOKEN": CRYPTOPAY_TOKEN,
        "SANDBOX_CRYPTOPAY_WEBHOOK": f"{addresses.web}/webhooks/cryptopay",
    }


def ports(addresses: Addresses) -> dict[str, str]:
    """By the names that the Procfile knows."""
    return {
        "WEB_PORT": addresses.web.rpartition(":")[2],
        "SANDBOX_PORT": addresses.sandbox.rpartition(":")[2],
    }


def machine() -> dict[str, str]:
    """Programs are those of this Python's environment; lines come as they are written."""
    here = Path(sys.executable).parent
    return {"PATH": f"{here}{os.pathsep}{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
