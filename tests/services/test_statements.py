"""Statements: newest first in pages, and whole as a file that no spreadsheet runs."""

import csv

import pytest

from core.money import Money
from services import statements
from services.ledger import Cause
from tests.shop import BUYER


def fill(shop, times):
    for number in range(times):
        shop.credit(100, provider_id=str(number))


def test_pages_go_back_by_sequence_and_end(shop):
    fill(shop, 5)

    seen, before = [], None
    for _ in range(3):
        page = statements.page(BUYER, before_seq=before, most=2)
        seen.append([entry["seq"] for entry in page.entries])
        before = page.older

    assert seen == [[5, 4], [3, 2], [1]]
    assert before is None


def test_an_empty_statement_has_one_empty_page(shop):
    assert statements.page(BUYER, most=2) == statements.Page([], None)


def test_a_page_stays_what_it_was_while_new_entries_come(shop):
    fill(shop, 4)
    first = statements.page(BUYER, most=2)
    shop.credit(900, provider_id="meanwhile")

    second = statements.page(BUYER, before_seq=first.older, most=2)

    assert [entry["seq"] for entry in second.entries] == [2, 1]


def test_the_file_has_every_step_with_what_was_left(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.work()
    shop.credit(9, user_id=8, provider_id="other")

    rows = list(csv.reader(statements.as_csv(BUYER)))

    noon = "2026-11-02T12:00:00+00:00"
    assert rows == [
        ["date", "what", "amount", "balance after"],
        [noon, "topup T-seed", "25.00", "25.00"],
        [noon, f"hold {order.id}", "-7.50", "17.50"],
        [noon, f"capture {order.id}", "0.00", "17.50"],
    ]


@pytest.mark.parametrize("evil", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_reason_that_looks_like_a_formula_is_text(shop, evil):
    shop.ledger.adjust(BUYER, Money(100), adjustment_id="1", cause=Cause("ann", evil))

    [_, row] = csv.reader(statements.as_csv(BUYER, what=lambda entry: entry["reason"]))

    assert row[1] == f"'{evil}"
    assert row[2:] == ["1.00", "1.00"]


def test_the_file_is_made_line_by_line(shop):
    fill(shop, 3)

    lines = statements.as_csv(BUYER)

    assert next(lines) == "date,what,amount,balance after\r\n"
    assert len(list(lines)) == 3
