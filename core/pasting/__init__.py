"""An address out of whatever was pasted: one line or many, commas or none. Never raises."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.addresses import REQUIRED
from core.pasting.abroad import country_of
from core.pasting.contacts import take_contacts
from core.pasting.findings import Findings
from core.pasting.heads import read_head
from core.pasting.labelled import take_labelled
from core.pasting.tails import take_tail
from core.pasting.tidying import plain, without_remarks
from core.regions import city_and_state, city_named, states_of

_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Pasted:
    """Fields as `read_field` leaves them. A doubtful one is a guess and wants a look.

    `country` is what says that the address lies abroad; empty for one that may be at home.
    """

    fields: Mapping[str, str]
    doubtful: frozenset[str]
    missing: tuple[str, ...]
    country: str = ""


def read_pasted(text: str) -> Pasted:
    """What can be found in the text; nothing in what is no address."""
    findings = Findings()
    if len(text) <= _LONGEST:
        _read(plain(text), findings)
    missing = tuple(field for field in REQUIRED if field not in findings.fields)
    return Pasted(
        MappingProxyType(findings.fields),
        frozenset(findings.doubtful & findings.fields.keys()),
        missing,
        findings.country,
    )


def _read(text: str, findings: Findings) -> None:
    rest = without_remarks(take_contacts(text, findings))
    rest = take_labelled(rest, findings)
    whole = rest
    rest, after = take_tail(whole, findings)
    findings.country = country_of(whole, findings.fields, findings.country)
    read_head(rest, after, findings)
    _complete_by_zip(findings)


def _complete_by_zip(findings: Findings) -> None:
    """Fill city and state that were not typed, and doubt those that lie elsewhere."""
    fields = findings.fields
    place = city_and_state(fields.get("zip", ""))
    if place is not None:
        for field, value in zip(("city", "state"), place, strict=True):
            fields.setdefault(field, value)
        if city_named(fields["city"], fields["zip"]) is None:
            findings.doubtful.add("city")
    if {"zip", "state"} <= fields.keys() and fields["state"] not in states_of(fields["zip"]):
        findings.doubtful |= {"zip", "state"}
