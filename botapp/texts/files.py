"""Why a file that a customer sent can't be read, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill

Facts = Mapping[str, Any]
_BYTES_IN_KB = 1_000


def bad_table(facts: Facts) -> Html:
    reasons = {
        "empty": _("The file is empty. The first row must name the columns."),
        "no_rows": _("The file has a heading, but no rows under it."),
        "too_large": _("The file is too large: at most {kilobytes} KB, please."),
        "too_many_rows": _("The file has too many rows: at most {limit} at a time, please."),
        "too_many_columns": _("The file has too many columns: at most {limit}, please."),
        "unpacks_too_large": _(
            "The file is too large inside. Please copy the rows you need into a new file."
        ),
        "old_office": _(
            "This is an old Excel file, or one with a password. Please save it as .xlsx or .csv, "
            "without a password."
        ),
        "not_a_table": _("This is no table. I can read .csv and .xlsx files."),
        "not_text": _("I can't read the letters in this file. Please save it as CSV UTF-8."),
        "broken": _("This file is damaged. Please save it again as .xlsx or .csv."),
        "broken_quotes": _(
            "The quotation marks in row {row} don't match: each that opens must close."
        ),
        "formula": _(
            "Cell {cell} holds a formula. Please copy the sheet and paste it as values only."
        ),
        "same_heading": _("Two columns are called “{name}”. Please rename or delete one of them."),
        "ragged": _(
            "Row {row} has more cells than the heading. If a comma is part of an address, put the "
            "address in quotation marks."
        ),
        "long_cell": _("A cell in row {row} is too long: at most {limit} characters."),
    }
    return fill(
        reasons.get(facts["reason"], reasons["broken"]),
        limit=facts.get("limit", ""),
        kilobytes=facts.get("limit", 0) // _BYTES_IN_KB,
        row=facts.get("row", ""),
        cell=facts.get("cell", ""),
        name=facts.get("name", ""),
    )
