"""A shop that buys over real HTTP, and the world in which its purchases go wrong."""

from collections.abc import Iterator

import pytest

from models import connection
from sandbox.settings import SandboxSettings
from tests.carriers.conftest import EASYPOST, desk_of
from tests.customer import Sandbox
from tests.fakes import TurnedClock
from tests.sandbox.world import served
from tests.stores import build_indexes
from tests.till import Till

PATIENT, HASTY = 10.0, 0.4
"""Seconds that the shop waits for an answer: the second where it is to wait in vain."""
EMPTY = "0.01"


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with served(SandboxSettings(retry_divisor=600, refund_seconds=3600)) as sandbox:
        yield sandbox


@pytest.fixture
def service() -> str:
    """Named by each row of a table."""
    return EASYPOST


@pytest.fixture
def till(mongo_url: str, world: Sandbox, service: str) -> Iterator[Till]:
    client = connection.connect(mongo_url)
    build_indexes(mongo_url)
    world.behave()
    hasty = desk_of(service, world, HASTY).carrier
    yield Till(desk_of(service, world, PATIENT), hasty, TurnedClock(), "USPS")
    world.behave()
    connection.disconnect()
    client.close()
