"""Why a file can't be read as a table."""

from core.errors import Refusal


class BadTable(Refusal):
    """Facts: `reason`, and `row` (as a spreadsheet counts), `name`, `cell` or `limit` with it.

    Reasons: empty, no_rows, too_large, too_many_rows, too_many_columns, unpacks_too_large,
    old_office, not_a_table, not_text, broken, broken_quotes, formula, same_heading, ragged,
    long_cell.
    """
