"""docs/privacy.md says what the code does: how long what is kept, and where."""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

from core.settings import Settings
from models.export import KEPT_SECONDS
from models.indexes import DOCUMENTS
from services import rate_cache
from services.retention import LATE, Retention
from tests.fakes import TurnedClock
from webapp.operators import Operator

PAGE = Path(__file__).parents[1] / "docs/privacy.md"
SETTING = re.compile(r"`LABELDESK_(\w+)`")
TELLS_OF_NOBODY = {
    "alerts", "canaries", "carrier_balances", "chat_leases", "orphans", "price_versions", "reports",
    "settings",
}  # fmt: skip
WITH_THEIR_OWNER = {"batch_rows", "labels", "label_files", "tracking"}
"""Erased along with the document that they hang on."""


@cache
def tables():
    """The cells of each row, by the number of columns of its table."""
    lines = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {count: [row for row in rows if len(row) == count][1:] for count in (4, 3)}


def named(cell):
    return set(re.findall(r"`(\w+)`", cell))


def test_each_period_is_that_of_its_setting_or_constant():
    told = {}
    for _, where, how_long, setting in tables()[4]:
        days = re.match(r"(\d+) days", how_long)
        for name in SETTING.findall(setting):
            assert int(days[1] if days else 0) in {Settings.model_fields[name.lower()].default, 0}
            told.setdefault(name.lower(), set()).update(named(where))
    exported = [how_long for _, where, how_long, _ in tables()[4] if "exports" in where]
    cached = [how_long for _, where, how_long, _ in tables()[4] if where == "Redis"]

    assert set(told) == {name for name in Settings.model_fields if name.startswith("keep_")}
    assert exported[0].startswith(f"{timedelta(seconds=KEPT_SECONDS).days} days")
    assert cached == [f"{rate_cache.SECONDS // 60} minutes"]
    assert timedelta(days=2) == LATE
    assert "two days ago" in PAGE.read_text()


def test_what_the_sweep_erases_is_on_the_page_under_the_setting_that_it_goes_by():
    now, periods = TurnedClock().now(), {"drafts": 1, "updates": 2, "orders": 3}
    before = {name: timedelta(days=days) for name, days in periods.items()}

    erased = {
        (part.name, f"KEEP_{name.upper()}_DAYS")
        for part in Retention(clock=TurnedClock(), **before).parts(now)
        for name, kept in before.items()
        if {"$lte": now - kept} in part.due.values()
    }

    told = {
        (name, setting)
        for _, where, _, settings in tables()[4]
        for setting in SETTING.findall(settings)
        for name in named(where) - WITH_THEIR_OWNER
    }
    assert erased == told


def test_each_collection_is_on_the_page_or_tells_of_nobody():
    kept = {kind._get_collection_name() for kind in (*DOCUMENTS, Operator)}

    on_page = set().union(*(named(row[1]) for rows in tables().values() for row in rows))

    assert kept - TELLS_OF_NOBODY == on_page
