"""One row of a batch, read by the rules that hold for a single label."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.addresses import Address, problems, read_address
from core.customs import needs_customs
from core.errors import Refusal
from core.limits import carriers_that_take
from core.parcels import Parcel, read_sizes, read_weight
from core.pasting import read_pasted
from core.regions import city_and_state
from core.shipments import Shipment
from core.tables.columns import Column, unit_in

_ADDRESS = ("name", "company", "street", "street2", "city", "state", "zip", "phone", "email",
            "country")  # fmt: skip
_PLACE = ("street", "street2", "city", "state", "zip")
_DIGITS_OF_A_ZIP = 5
_ZEROS_LOST = range(3, _DIGITS_OF_A_ZIP)


class CustomsInBatch(Refusal):
    """A row whose parcel needs a customs form: columns can't tell what is in it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `of_sender` where the sender's address is."""

    refusal: Refusal
    of_sender: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a batch knows of its columns, and what is the same for all of its rows."""

    heading: Sequence[str]
    columns: Mapping[str, int]
    defaults: Mapping[str, Any]

    def has(self, *columns: Column) -> bool:
        return any(column in self.columns for column in columns)


@dataclass(frozen=True, slots=True)
class RowRead:
    """`shipment` is None where there are problems."""

    shipment: Shipment | None
    problems: tuple[Problem, ...]
    service: str
    reference: str

    def digest(self, user_id: int) -> str:
        """Equal for rows that ask for the same thing again."""
        told = f"{user_id}\n{self.shipment!r}\n{self.service}\n{self.reference}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def read_row(cells: Sequence[str], sheet: Sheet) -> RowRead:
    """All that is wrong at once; nobody outside is asked."""
    told = _Told(cells, sheet)
    found: list[Problem] = []
    sender, recipient = _sender(told), _address(told, "")
    found += [Problem(bad, of_sender=True) for bad in problems(sender)]
    found += [Problem(bad) for bad in problems(recipient)]
    parcel = _parcel(told, found)
    shipment = None
    if not found and parcel:
        sender, recipient = read_address(sender.as_dict()), read_address(recipient.as_dict())
        shipment = Shipment(sender=sender, recipient=recipient, parcel=parcel)
        found += _unfit(shipment)
    return RowRead(
        shipment if not found else None,
        tuple(found),
        told(Column.SERVICE),
        told(Column.REFERENCE),
    )


def sender_of(sheet: Sheet) -> Address | None:
    """The sender of rows that name none; None where nobody told it."""
    kept = sheet.defaults.get("sender")
    return Address.from_dict(kept) if kept else None


@dataclass(frozen=True, slots=True)
class _Told:
    cells: Sequence[str]
    sheet: Sheet

    def __call__(self, column: Column) -> str:
        number = self.sheet.columns.get(column)
        return self.cells[number] if number is not None else ""

    def measured(self, column: Column) -> str:
        """With the unit of its heading, if it has none itself."""
        told = self(column)
        unit = unit_in(self.sheet.heading[self.sheet.columns[column]]) if told else ""
        return told if any(char.isalpha() for char in told.lower().replace("x", "")) else (
            f"{told} {unit}".strip()
        )  # fmt: skip


def _sender(told: _Told) -> Address:
    """The row's own, or the batch's where the row names no street."""
    default = sender_of(told.sheet)
    if told(Column.FROM_STREET) or default is None:
        own = _address(told, "from_")
        return replace(own, name=own.name or (default.name if default else ""))
    own_name = told(Column.FROM_NAME)
    return replace(default, name=own_name or default.name)


def _address(told: _Told, side: str) -> Address:
    columns = [column for column in Column if column.startswith(side)]
    fields = {field: told(Column(side + field)) for field in _ADDRESS if side + field in columns}
    if not side and not fields["name"]:
        fields["name"] = f"{told(Column.FIRST_NAME)} {told(Column.LAST_NAME)}".strip()
    if fields["street"] and Column(f"{side}zip") not in told.sheet.columns:
        fields |= _from_one_cell(fields)
    digits = fields["zip"]
    if digits.isdecimal() and len(digits) in _ZEROS_LOST:
        fields["zip"] = digits.zfill(_DIGITS_OF_A_ZIP)
    place = city_and_state(fields["zip"]) if not (fields["city"] and fields["state"]) else None
    if place:
        fields["city"], fields["state"] = fields["city"] or place[0], fields["state"] or place[1]
    return Address.from_dict(fields | {"country": fields.get("country") or "US"})


def _from_one_cell(fields: Mapping[str, str]) -> dict[str, str]:
    """A whole address in the street's cell."""
    found = read_pasted(f"{fields['name']}\n{fields['street']}")
    place = {name: found.fields[name] for name in _PLACE if name in found.fields}
    return place | ({"country": found.country} if found.country else {})


def _parcel(told: _Told, found: list[Problem]) -> Parcel | None:
    weight = sizes = None
    try:
        weight = read_weight(_weight(told))
    except Refusal as refusal:
        found.append(Problem(refusal))
    try:
        sizes = read_sizes(_sizes(told))
    except Refusal as refusal:
        found.append(Problem(refusal))
    return Parcel(*sizes, weight_oz=weight) if weight and sizes else None


def _weight(told: _Told) -> str:
    parts = ((Column.POUNDS, "lb"), (Column.OUNCES, "oz"))
    given = [f"{told(column)} {unit}" for column, unit in parts if told(column).strip("0.,")]
    own = told.measured(Column.WEIGHT) or " ".join(given)
    return own or str(told.sheet.defaults.get("weight", ""))


def _sizes(told: _Told) -> str:
    sides = [told.measured(side) for side in (Column.LENGTH, Column.WIDTH, Column.HEIGHT)]
    own = told.measured(Column.SIZES) or (" x ".join(sides) if any(sides) else "")
    return own or str(told.sheet.defaults.get("sizes", ""))


def _unfit(shipment: Shipment) -> list[Problem]:
    try:
        carriers_that_take(shipment.parcel)
    except Refusal as refusal:
        return [Problem(refusal)]
    crosses = needs_customs(shipment.sender, shipment.recipient)
    return [Problem(CustomsInBatch())] if crosses else []
