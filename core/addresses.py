"""An address in the United States, and the reading of each of its fields as people type it."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Self

from email_validator import EmailNotValidError, validate_email

from core.errors import Refusal
from core.phones import to_e164
from core.plain_text import flaw_of, one_line
from core.regions import foreign_postcode, state_code, states_of

REQUIRED = ("name", "street", "city", "state", "zip")
LENGTHS = {
    "name": (2, 50),
    "company": (0, 50),
    "street": (3, 100),
    "street2": (0, 100),
    "city": (2, 50),
}
_COUNTRY_NAMES = frozenset({"us", "usa", "united states", "united states of america"})


class BadField(Refusal):
    """One field that cannot stay as typed. Facts: `field`, `reason` and, for a length, `limit`.

    Reasons: missing, too_short, too_long, no_letters, several_lines, strange_characters,
    unknown_state, bad_zip, unknown_zip, zip_not_in_state, bad_phone, bad_email,
    abroad.
    """


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes or comes from. Kept raw: escaped where it is shown."""

    name: str
    street: str
    city: str
    state: str
    zip: str
    company: str = ""
    street2: str = ""
    phone: str = ""
    email: str = ""
    country: str = "US"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> Self:
        """The address as it was stored; a field that was not is empty. Checks nothing."""
        empty = cls(name="", street="", city="", state="", zip="")
        return replace(empty, **{key: stored[key] for key in FIELDS if key in stored})


NOBODY = Address(name="", street="", city="", state="", zip="")
"""In the place of an address that is erased."""
FIELDS = tuple(field.name for field in fields(Address))


def read_field(field: str, typed: str) -> str:
    """One field, tidied. Reading what was read changes nothing. Raises BadField."""
    line = one_line(typed)
    if flaw := flaw_of(line):
        raise BadField(field=field, reason=flaw.value)
    if not line and field in REQUIRED:
        raise BadField(field=field, reason="missing")
    if not line and field != "country":
        return ""
    return _READERS[field](line) if field in _READERS else _read_text(field, line)


def read_address(typed: Mapping[str, str]) -> Address:
    """All fields at once. Raises the first BadField of `problems`."""
    draft = Address.from_dict(typed)
    for problem in problems(draft):
        raise problem
    return Address(**{field: read_field(field, getattr(draft, field)) for field in FIELDS})


def problems(address: Address) -> list[BadField]:
    """Everything that keeps the address from a label, in the order of its fields."""
    found = [bad for field in FIELDS if (bad := _problem(field, getattr(address, field)))]
    if {"state", "zip"}.isdisjoint(bad.facts["field"] for bad in found):
        zip_code, state = read_field("zip", address.zip), read_field("state", address.state)
        if state not in states_of(zip_code):
            found.append(
                BadField(field="zip", reason="zip_not_in_state", zip=zip_code, state=state)
            )
    return found


def _problem(field: str, value: str) -> BadField | None:
    try:
        read_field(field, value)
    except BadField as bad:
        return bad
    return None


def _read_text(field: str, line: str) -> str:
    shortest, longest = LENGTHS[field]
    if len(line) < shortest:
        raise BadField(field=field, reason="too_short", limit=shortest)
    if len(line) > longest:
        raise BadField(field=field, reason="too_long", limit=longest)
    if not any(char.isalnum() for char in line):
        raise BadField(field=field, reason="no_letters")
    return line


def _read_state(line: str) -> str:
    code = state_code(line)
    if code is None:
        raise BadField(field="state", reason="unknown_state")
    return code


def _read_zip(line: str) -> str:
    digits = re.fullmatch(r"([0-9]{5})(?: ?[-\u2013\u2014]? ?([0-9]{4}))?", line)
    if digits is None:
        raise BadField(field="zip", reason="abroad" if foreign_postcode(line) else "bad_zip")
    if not states_of(digits[1]):
        raise BadField(field="zip", reason="unknown_zip")
    return "-".join(part for part in digits.groups() if part)


def _read_phone(line: str) -> str:
    number = to_e164(line)
    if number is None:
        raise BadField(field="phone", reason="bad_phone")
    return number


def _read_email(line: str) -> str:
    try:
        return validate_email(line, check_deliverability=False).normalized
    except EmailNotValidError as unsound:
        raise BadField(field="email", reason="bad_email") from unsound


def _read_country(line: str) -> str:
    if line.replace(".", "").lower() not in _COUNTRY_NAMES:
        raise BadField(field="country", reason="abroad")
    return "US"


_READERS = {
    "state": _read_state,
    "zip": _read_zip,
    "phone": _read_phone,
    "email": _read_email,
    "country": _read_country,
}
