"""Somebody who hears the sandbox's notices, and a sandbox process that can be killed."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.world import Killable, Shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as shop:
        yield shop


@pytest.fixture
def killable(tmp_path: Path) -> Iterator[Killable]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sandbox = Killable(f"http://127.0.0.1:{port}", tmp_path / "world.journal")
    sandbox.start()
    yield sandbox
    sandbox.kill()
