"""Every measure of `make bench` runs and prints its line. How fast it is, no test says."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import MEASURES

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 480


def bench(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def lines():
    """What a glance at every measure printed, by its name."""
    seen = bench("--glance")
    assert seen.returncode == 0, seen.stdout + seen.stderr
    return {line["measure"]: line for line in map(json.loads, seen.stdout.splitlines())}


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_prints_a_ratio_and_both_its_figures(lines, name):
    line = lines[name]

    assert set(line) == {"measure", "ratio", "figures"}
    assert line["ratio"] > 0
    assert len(line["figures"]) >= 2
    assert all(figure > 0 for figure in line["figures"].values())


def test_a_whole_order_takes_no_more_durable_writes_than_it_was_given(lines):
    assert lines["P2"]["figures"]["durable_writes"] == 8


def test_a_measure_that_does_not_exist_is_named():
    seen = bench("P99")

    assert (seen.returncode, "P99" in seen.stdout) == (2, True)


def test_each_measure_is_told_of_with_its_bar():
    lines = (ROOT / "docs" / "measures.md").read_text().splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| `")]
    bars = {name: row[4] for row in rows for name in re.findall("`(.+?)`", row[1])}

    assert set(bars) == set(MEASURES)
    assert all(re.match(r" at (least|most) \d", bar) for bar in bars.values())
