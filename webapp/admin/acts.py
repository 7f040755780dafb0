"""What operators did to one thing, by the audit log."""

from typing import Any

from models.audit import AuditEntry
from webapp.admin import cells
from webapp.admin.cells import Column

SHOWN_AT_MOST = 20
COLUMNS = (
    Column("at", "Time", lambda row: cells.link("audit", row["_id"], cells.when(row["at"]))),
    Column("by", "Operator", lambda row: cells.who(row["by"])),
    Column("act", "Did", cells.text_of("act")),
    Column("reason", "Reason", cells.text_of("reason")),
)


def about(subject: str) -> dict[str, Any]:
    """The newest first, and the columns to show them in."""
    found = AuditEntry.objects(subject=subject).order_by("-at").limit(SHOWN_AT_MOST)
    return {"columns": COLUMNS, "rows": list(found.as_pymongo())}
