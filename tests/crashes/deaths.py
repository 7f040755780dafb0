"""A death as by kill -9, in the test's own process."""

import os

import pytest

from core import crashes


class Killed(BaseException):
    """What kill -9 is to a test in the same process: nothing more of the call happens."""


@pytest.fixture
def die_at(monkeypatch, tmp_path):
    def kill(pid, signal_number):
        assert pid == os.getpid()
        raise Killed

    def arm(point):
        monkeypatch.setattr(crashes.os, "kill", kill)
        crashes.arm(point, tmp_path / "died")
        return tmp_path / "died"

    yield arm
    crashes.arm("", None)


def survive(act, *args):
    try:
        return act(*args)
    except Killed:
        return None
