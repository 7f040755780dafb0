"""The runbook: a row for each alert, and only pages and buttons that are there."""

import re
from functools import cache
from html import unescape
from pathlib import Path

from flask_admin import Admin

from models.alert import AlertKind
from webapp.admin.alerts import KINDS

ROOT = Path(__file__).parents[2]


@cache
def rows() -> list[tuple[str, str, str]]:
    """What you see, what it means, what to press."""
    lines = (ROOT / "docs/runbook.md").read_text().splitlines()
    cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in lines if line.startswith("| ")]
    assert {len(row) for row in cells} == {3}
    return [(row[0], row[1], row[2]) for row in cells[1:]]


def test_each_alert_has_a_row_in_the_runbook_and_words_and_a_page_here():
    alerted = {
        kind for seen, _, _ in rows() if "alert" in seen for kind in re.findall(r"`(\w+)`", seen)
    }

    assert {kind.value for kind in AlertKind} - alerted == set()
    assert set(KINDS) == set(AlertKind)


def test_an_alerts_row_names_the_page_where_it_is_put_right(app):
    [admin] = [one for one in app.extensions["admin"] if isinstance(one, Admin)]
    titles = {view.endpoint: str(view.name) for view in admin._views}

    for kind, told in KINDS.items():
        row = " ".join(" ".join(row) for row in rows() if f"`{kind}`" in row[0]).lower()
        assert not told.page or titles[told.page].lower().rstrip("s") in row, kind


def test_what_the_runbook_says_to_press_is_written_on_a_page():
    pages = {*ROOT.glob("webapp/**/*.html"), *ROOT.glob("webapp/**/*.py")}
    pages -= {ROOT / "webapp/admin/alerts.py"}
    written = unescape(" ".join(page.read_text() for page in pages)).casefold()

    pressed = {words for _, _, press in rows() for words in re.findall(r'"([^"]+)"', press)}
    pressed |= {words for kind in KINDS.values() for words in re.findall(r"“([^”]+)”", kind.press)}

    assert len(pressed) >= 15
    assert {words for words in pressed if words.casefold() not in written} == set()
