"""One shop of real processes for the journeys of a module."""

import pytest

from tests.harness import Shop


@pytest.fixture(scope="module")
def shop(request, mongo_server, tmp_path_factory):
    """A module may have settings of its own."""
    settings = {"LABELDESK_SUPPORT_CONTACT": "@labeldesk_help"}
    settings |= getattr(request.module, "SETTINGS", {})
    with Shop(tmp_path_factory.mktemp("shop"), settings) as shop:
        yield shop


@pytest.fixture(autouse=True)
def calm(shop):
    """No trouble of one journey is left for the next."""
    yield
    shop.sandbox.behave()
    for name in ("bot", "worker", "buyer", "beat"):
        if not shop.lives(name):
            shop.start(name)
