"""The base of every list: denied to strangers, read-only, and fast."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from flask_admin import expose
from flask_admin.contrib.mongoengine import ModelView
from flask_admin.form import SecureForm
from markupsafe import Markup

from models.base import NotFound, Record
from models.connection import collection
from webapp.admin import cells, lists
from webapp.admin.cells import Column, Row
from webapp.admin.lists import Plan
from webapp.admin.staff import StaffOnly

PAGE_SIZE = 50
LONGEST_TERM = 80
SHORTEST_PREFIX = 5
WRITING = frozenset(
    {
        "create_view",
        "edit_view",
        "delete_view",
        "action_view",
        "export",
        "ajax_lookup",
        "ajax_update",
        "api_file_view",
    }
)
"""Flask-Admin's other pages. They are not even routed."""

Fact = tuple[str, str]


class ReadOnlyView(StaffOnly, ModelView):
    """A list and a page of details, no more. Subclasses add buttons, never forms of fields."""

    form_base_class = SecureForm
    can_create = can_edit = can_delete = can_export = False
    can_view_details = True
    list_template = "list.html"
    details_template = "record.html"

    group = ""
    title = ""
    about = ""
    nothing_yet = "Nothing here yet."
    search_hint = ""
    columns: Sequence[Column] = ()
    newest_by = "created_at"
    chosen_by = "status"
    choices: Iterable[str] = ()
    everything = "All"
    words: Mapping[str, str] = {}
    newest_by_choice: str | None = None
    _urls: list[tuple[str, str, Sequence[str]]]

    def __init__(self, model: type[Record], endpoint: str) -> None:
        self.column_list = [column.name for column in self.columns]
        super().__init__(model, name=self.title, endpoint=endpoint, category=self.group or None)

    def create_blueprint(self, admin: Any) -> Any:
        self._urls = [rule for rule in self._urls if rule[1] not in WRITING]
        return super().create_blueprint(admin)

    def scaffold_form(self) -> type[SecureForm]:
        """There is no form, whatever the document's fields are."""
        return SecureForm

    @expose("/")
    def index_view(self) -> str:
        term = request.args.get("q", "").strip()[:LONGEST_TERM]
        chosen = self._chosen(request.args.get(self.chosen_by, ""))
        page = lists.read(
            collection(self.model._get_collection_name()),  # noqa: SLF001
            self.plan(term, chosen),
            request.args.get("before", ""),
            PAGE_SIZE,
        )
        page = replace(page, rows=self.completed(page.rows))
        return self.render(
            self.list_template, page=page, term=term, chosen=chosen, cells=cells, view=self
        )

    @expose("/<record_id>")
    def details_view(self, record_id: str) -> str:
        row = self.fetch(record_id)
        return self.render(
            self.details_template,
            view=self,
            row=row,
            record_id=record_id,
            heading=self.heading(row),
            facts=self.facts(row),
            cells=cells,
            **self.more(row),
        )

    def plan(self, term: str, chosen: str) -> Plan:
        """What the list shows for a search and a choice; a search goes before."""
        if term:
            found = self.find(term)
            # An empty $or is an error; no document has this id.
            return Plan({"$or": found} if found else {"_id": None}, self.newest_by)
        if chosen:
            return Plan({self.chosen_by: chosen}, self.newest_by_choice or self.newest_by)
        return Plan({}, self.newest_by)

    def find(self, term: str) -> list[dict[str, Any]]:  # noqa: ARG002  subclasses search
        """Indexed questions that find what was typed; any of them may."""
        return []

    def completed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """The rows of a page with what their cells show from elsewhere."""
        return rows

    def key(self, record_id: str) -> Any:
        """The document's id as MongoDB has it. Raises NotFound."""
        return record_id

    def fetch(self, record_id: str) -> Row:
        """Raises NotFound."""
        name = self.model._get_collection_name()  # noqa: SLF001
        row = collection(name).find_one({"_id": self.key(record_id)})
        if row is None:
            raise NotFound(kind=name, id=record_id)
        return row

    def facts(self, row: Row) -> list[Fact]:
        """What the page of details says of a document."""
        return [(column.label, column.cell(row)) for column in self.columns]

    def heading(self, row: Row) -> str:
        return str(row["_id"])

    def more(self, row: Row) -> dict[str, Any]:  # noqa: ARG002  subclasses have more to tell
        """What a template of the view's own needs besides the facts."""
        return {}

    def word(self, choice: str) -> str:
        """A choice of the list as people read it."""
        return self.words.get(choice) or cells.word(choice).capitalize()

    def _chosen(self, told: str) -> str:
        return told if told in set(self.choices) else ""


def as_json(value: Any) -> str:
    told = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return Markup('<pre class="exchange">{}</pre>').format(told)


def number(typed: str) -> int | None:
    """An id that is a number; None for what can be none."""
    fits = typed.isascii() and typed.isdigit() and int(typed[:20]) < lists.LARGEST_NUMBER
    return int(typed) if fits and len(typed) <= len(str(lists.LARGEST_NUMBER)) else None


def of_customer(typed: str, field: str = "user_id") -> list[dict[str, Any]]:
    """A search for the customer of this number; none for what can be no number."""
    user_id = number(typed)
    return [] if user_id is None else [{field: user_id}]


def beginning(typed: str) -> list[dict[str, Any]]:
    """A search for ids that begin so; none for so little that half of all do."""
    return [{"_id": begins(typed)}] if len(typed) >= SHORTEST_PREFIX else []


def begins(prefix: str) -> dict[str, str]:
    """An indexed search for ids that begin so."""
    safe = "".join(char for char in prefix if char.isalnum() or char in "-_:")
    return {"$regex": f"^{safe}"}
