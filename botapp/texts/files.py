"""Why a file that a customer sent, or a row of it, can't be taken, and what to do about it."""

from collections.abc import Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill
from botapp.texts.batches import missing

Facts = Mapping[str, Any]
_BYTES_IN_KB = 1_000
_CELL_SHOWN, _TOLD_SHOWN = 60, 300
"""Letters of what customers and carriers write, before it becomes markup."""


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


def columns_missing(facts: Facts) -> Html:
    return missing(facts["columns"])


def nothing_to_buy(_facts: Facts) -> Html:
    return fill(_("There is no row that can be bought."))


def undeliverable(facts: Facts) -> Html:
    return fill(_("Carriers can't deliver to this address. {told}"), told=_told(facts))


def service_not_offered(facts: Facts) -> Html:
    return fill(
        _("{service} is not offered here. Offered: {offered}."),
        service=facts["service"][:_CELL_SHOWN],
        offered=", ".join(facts["offered"])[:_TOLD_SHOWN],
    )


def carriers_silent(_facts: Facts) -> Html:
    return fill(_("The carriers did not answer. Please send this row again later."))


def customs_in_batch(_facts: Facts) -> Html:
    return fill(_("This parcel needs a customs form. Please buy its label singly, with /new."))


def price_moved(facts: Facts) -> Html:
    return fill(
        _("It has become dearer, {now} instead of {before}, so it was not bought."),
        now=facts["now"],
        before=facts["before"],
    )


def not_bought(facts: Facts) -> Html:
    return fill(
        _("The carrier did not sell the label, and the money is back. {told}"), told=_told(facts)
    )


def no_money_left(_facts: Facts) -> Html:
    return fill(_("The balance was not enough."))


def _told(facts: Facts) -> str:
    return str(facts.get("told", ""))[:_TOLD_SHOWN]


SENTENCES = (
    bad_table,
    columns_missing,
    nothing_to_buy,
    undeliverable,
    service_not_offered,
    carriers_silent,
    customs_in_batch,
    price_moved,
    not_bought,
    no_money_left,
)
