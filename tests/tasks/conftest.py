"""The workers' own app, in this process, on this test's stores and sandbox."""

import importlib

import pytest

from core.settings import PREFIX
from models import connection, indexes


@pytest.fixture
def environment(settings, monkeypatch):
    """The settings as a process finds them."""
    for name, value in settings.model_dump().items():
        told = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        told = ",".join(map(str, told)) if isinstance(told, tuple) else told
        if told not in (None, ""):
            monkeypatch.setenv(f"{PREFIX}{name.upper()}", str(told))
    return settings


@pytest.fixture
def celery_app(environment):
    return importlib.import_module("tasks.app").app


@pytest.fixture
def platform(celery_app):
    base = importlib.import_module("tasks.base")
    base.platform.cache_clear()
    built = base.platform()
    indexes.ensure()
    yield built
    base.platform.cache_clear()
    connection.disconnect()
