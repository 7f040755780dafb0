"""Random histories over a real MongoDB."""

import os
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from core import crashes
from models import connection, indexes
from tests.properties.deaths import die

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
PROFILES = {
    "quick": settings(
        derandomize=True,
        database=None,
        max_examples=50,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=SLOW,
    ),
    "long": settings(
        database=None,
        max_examples=1_000,
        stateful_step_count=80,
        deadline=None,
        suppress_health_check=SLOW,
    ),
}


@pytest.fixture
def histories(mongo_url, monkeypatch):
    """How many and how long; HYPOTHESIS_PROFILE=long for a night. Deaths are survivable."""
    monkeypatch.setattr(crashes, "os", SimpleNamespace(kill=die, getpid=os.getpid))
    client = connection.connect(mongo_url)
    indexes.ensure()
    yield PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "quick")]
    crashes.arm("", None)
    connection.disconnect()
    client.close()
