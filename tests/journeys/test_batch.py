"""A file of many labels, with workers killed on the way: each good row is bought exactly once.

`BATCH_ROWS=500 BATCH_BAD=25 BATCH_KILLS=2` plays the size that is promised; it takes minutes.
"""

import csv
import io
import os
from time import monotonic

import pytest
from pypdf import PdfReader

from core.tables import Limits, read_table
from tests.batches import mixed, table
from tests.customer import wait_for
from tests.journeys.steps import FROM, books_agree, top_up

pytestmark = pytest.mark.journey
ROWS = int(os.environ.get("BATCH_ROWS", "24"))
BAD = int(os.environ.get("BATCH_BAD", "3"))
KILLS = int(os.environ.get("BATCH_KILLS", "1"))
GOOD = ROWS - BAD
MOST = 900
"""Dollars of one top-up, and of a label ten at most."""
PATIENCE = 120 + ROWS * 2
LIMITS = Limits(size=2_000_000, rows=500)


def rows_that_are(shop, *states):
    with shop.database() as client:
        rows = client.get_default_database().batch_rows
        return rows.count_documents({"status": {"$in": [*states]}})


def kill_when(shop, number, *states):
    assert wait_for(lambda: rows_that_are(shop, *states) >= number, PATIENCE)
    shop.restart("worker")


def labels_and_files(customer, number):
    assert wait_for(lambda: len(customer.documents()) >= number, PATIENCE), customer.transcript()
    return dict(customer.documents())


def test_a_file_is_bought_once_whatever_is_killed(shop, capsys):
    customer = shop.customer(5005, "Berta")
    for _ in range(1 + GOOD * 10 // MOST):
        top_up(customer, str(MOST))
    began = monotonic()

    customer.send_file("orders.csv", table(mixed(ROWS, BAD)))
    customer.press("Looks right")
    customer.wait_for("Where do all these parcels ship from?")
    customer.say(FROM)
    if KILLS > 1:
        kill_when(shop, GOOD // 3, "quoted")
    customer.press(f"Buy all {GOOD}", PATIENCE)
    checked = monotonic()
    if KILLS > 0:
        kill_when(shop, GOOD // 3, "bought", "ordered")
    if KILLS > 1:
        shop.restart("buyer")
    customer.wait_for(f"{GOOD} labels", PATIENCE, anew=False)
    files = labels_and_files(customer, 3)
    ended = monotonic()

    pdf = next(data for name, data in files.items() if name.startswith("labels-"))
    assert len(PdfReader(io.BytesIO(pdf)).pages) == GOOD
    _, *tracked = csv.reader(io.StringIO(files["orders-tracking.csv"].decode("utf-8-sig")))
    codes = {line[9] for line in tracked}
    sold = [each for each in shop.sandbox.books()["labels"] if each["tracking_code"] in codes]
    assert len(tracked) == len(codes) == len(sold) == GOOD
    rest = read_table(files["orders-to-mend.csv"], LIMITS)
    assert len(rest.lines) == BAD
    assert all(line.cells[-1].endswith(".") for line in rest.lines)
    books_agree(shop, labels={})
    assert len(shop.sandbox.books()["labels"]) == GOOD
    with capsys.disabled():
        print(  # noqa: T201  the figures of a long run
            f" [{GOOD} labels, {BAD} back: checked in {checked - began:.0f} s, "
            f"bought in {ended - checked:.0f} s, PDF of {len(pdf) / 1e6:.1f} MB]",
            end="",
        )
