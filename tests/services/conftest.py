"""The services over a real MongoDB."""

from collections.abc import Iterator
from threading import Event

import pytest

from tests.shop import shop

__all__ = ["shop"]


@pytest.fixture
def never() -> Iterator[Event]:
    """What a hanging provider waits for, until the test ends."""
    event = Event()
    yield event
    event.set()
