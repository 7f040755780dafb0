"""The first page: the day in numbers, what needs a person, and the two switches."""

from flask import flash, redirect, request, url_for
from flask_admin import AdminIndexView, expose
from werkzeug.wrappers import Response

from core.modes import ApiMode
from models.alert import AlertKind
from models.connection import collection
from services.dashboard import Concern, Dashboard
from services.modes import Modes
from webapp.admin import cells
from webapp.admin.alerts import KINDS
from webapp.admin.orders import COLUMNS
from webapp.admin.staff import ANYBODY, StaffOnly, acting, has_role, insist
from webapp.operators import RoleName

LATEST = 8
ORDER_COLUMNS = ("id", "created_at", "status", "recipient", "rate", "price")
PAGES = {
    Concern.PAYMENTS_IN_REVIEW: ("payments", "Payments in review", "review"),
    Concern.BOOKS_DISAGREE: ("reports", "A provider's books disagree with ours", "findings"),
    Concern.BOOKS_NOT_COMPARED: ("reports", "A provider's books could not be read", "failed"),
    Concern.ORDERS_IN_REVIEW: ("orders", "Orders in review", "review"),
    Concern.ORDERS_UNKNOWN: ("orders", "Orders unknown for over 10 minutes", "unknown"),
    Concern.VOIDS_IN_REVIEW: ("voids", "Voids that wait for a decision", "review"),
    Concern.VOIDS_USED: ("voids", "Refunded labels that travel all the same", "used"),
    Concern.PARCELS_STALLED: ("tracking", "Parcels that do not move any more", "stalled"),
    Concern.ADJUSTMENTS_WAITING: ("adjustments", "Adjustments that want a second look", "waiting"),
    Concern.ACCOUNTS_FROZEN: ("freezes", "Frozen accounts", ""),
    Concern.ORPHANS_LOST: ("orphans", "Labels that no customer pays for", "loss"),
    Concern.ALERTS: ("alerts", "Alerts of the ledger, a queue or a carrier", "open"),
    Concern.NOTES_UNDELIVERABLE: (
        "outbox",
        "Messages nobody took since yesterday",
        "undeliverable",
    ),
    Concern.NOTES_OVERDUE: ("outbox", "Messages waiting for over 5 minutes", "sending"),
}


BUTTONS_ARE_ON = {"voids": "orders", "tracking": "orders"}
"""An order's page has what ends these."""
UNNAMED = frozenset({"reports", "adjustments", "outbox", "notices"})
"""Their ids tell nobody anything."""


def way_to(endpoint: str, record_id: str, number: int) -> str:
    """A link to what waits, by its name, or by its number where it has none."""
    if endpoint in UNNAMED:
        told = f"no. {number}"
    elif endpoint == "alerts":
        kind, _, subject = record_id.partition(":")
        told = f"{KINDS[AlertKind(kind)].words}: {cells.account(subject)}"
    else:
        told = cells.account(record_id)
    return cells.link(BUTTONS_ARE_ON.get(endpoint, endpoint), record_id, told)


class DashboardView(StaffOnly, AdminIndexView):
    roles = ANYBODY

    def __init__(self, modes: Modes, numbers: Dashboard) -> None:
        self._modes = modes
        self._numbers = numbers
        super().__init__(name="Dashboard")

    @expose("/")
    def index(self) -> str:
        latest = collection("orders").find().sort("created_at", -1).limit(LATEST)
        return self.render(
            "dashboard.html",
            day=self._numbers.today(),
            held=self._numbers.held(),
            funds=self._numbers.funds(),
            attention=self._numbers.attention(),
            pages=PAGES,
            way_to=way_to,
            latest=list(latest),
            columns=[column for column in COLUMNS if column.name in ORDER_COLUMNS],
            changes=self._modes.last_changes(),
            is_owner=has_role([RoleName.OWNER]),
            cells=cells,
        )

    @expose("/modes/api", methods=("POST",))
    def set_api_mode(self) -> Response:
        insist(RoleName.OWNER)
        wanted = request.form.get("mode", "")
        if wanted not in set(ApiMode):
            flash("There is no such mode.", "error")
        elif wanted == ApiMode.PRODUCTION and request.form.get("sure") != "yes":
            flash("Tick that you mean it: in production, labels cost real money.", "error")
        else:
            self._modes.set_api_mode(ApiMode(wanted), by=acting())
            flash(f"The shop is in {wanted} mode now.", "success")
        return redirect(url_for(".index"))

    @expose("/modes/maintenance", methods=("POST",))
    def set_maintenance(self) -> Response:
        insist(RoleName.OWNER)
        wanted = request.form.get("maintenance", "")
        if wanted not in {"on", "off"}:
            flash("Maintenance is on or off.", "error")
        else:
            self._modes.set_maintenance_mode(on=wanted == "on", by=acting())
            told = "New work is refused now." if wanted == "on" else "The shop is open."
            flash(told, "success")
        return redirect(url_for(".index"))
