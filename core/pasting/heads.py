"""The beginning of a pasted address: name, company, street."""

import re
from dataclasses import dataclass, field

from core.pasting.findings import Findings
from core.pasting.marks import (
    boxes_joined,
    has_street_word,
    is_numbered_box,
    is_street,
    is_unit,
    split_name,
    split_unit,
)
from core.pasting.names import find_names

_TITLE = re.compile(
    r"(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq|dds|inc|llc|l\.l\.c|ltd|corp|co|lp|llp)\.?", re.IGNORECASE
)
_QUARTER = re.compile(
    r"(?:urb|urbanizaci[oó]n|cond|condominio|edif|edificio|torre|bo(?=\.)|barrio|parcelas|ext)\b",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"\s+(?:in|at|,)$", re.IGNORECASE)


@dataclass(slots=True)
class _Parts:
    """Segments by what they seem to be. A guess concerns name and street both."""

    names: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    guess: bool = False


def read_head(text: str, after: str, findings: Findings) -> None:
    """Find name, company and street. `after` is what stood behind the ZIP."""
    fields = findings.fields
    if not any(map(is_street, _segments(text))) and any(map(is_street, _segments(after))):
        text, after = f"{text}\n{after}", ""
    parts = _sorted_out(_segments(text))
    if not parts.streets and not fields.keys() & {"name", "city", "state"}:
        # Five digits behind some words are not yet an address.
        fields.pop("zip", None)
        return
    _guess_the_rest(parts, findings)
    _find_street(parts, findings)
    find_names(parts.names, after, findings, guess=parts.guess)


def _segments(text: str) -> list[str]:
    """Lines, those with a street cut at commas; a single line is cut at all of them."""
    lines = [line.strip(" ,") for line in boxes_joined(text).splitlines() if line.strip(" ,")]
    segments: list[str] = []
    for line in lines:
        pieces = [piece.strip() for piece in line.split(",") if piece.strip()]
        whole = len(lines) > 1 and not any(map(is_street, pieces))
        for piece in [line] if whole else pieces:
            if segments and _TITLE.fullmatch(piece):
                segments[-1] += f", {piece}"
            else:
                segments.append(piece + ")" * (piece.count("(") - piece.count(")")))
    return segments


def _sorted_out(segments: list[str]) -> _Parts:
    parts = _Parts()
    # Beside a box of the army, `374 MXS` is a squadron and no house.
    streets = is_numbered_box if any(map(is_numbered_box, segments)) else is_street
    for at, segment in enumerate(segments):
        if streets(segment) and not (at == 0 and _is_numbered_name(segments)):
            parts.streets.append(segment)
        elif _is_second(segment, named=bool(parts.names)):
            parts.units.append(segment.replace(":", ""))
        elif not parts.streets and (mixed := split_name(segment)) and streets(mixed.street):
            parts.names.append(mixed.name)
            parts.streets.append(mixed.street)
            parts.guess = parts.guess or mixed.guess
        else:
            (parts.others if parts.streets else parts.names).append(segment)
    return parts


def _is_second(segment: str, *, named: bool) -> bool:
    """Whether it is the second line of a street: `Apt 4`, and below a name `West Hall Room 3`."""
    ends_in_unit = named and not split_name(segment) and split_unit(segment)[1]
    return is_unit(segment) or bool(_QUARTER.match(segment)) or bool(ends_in_unit)


def _is_numbered_name(segments: list[str]) -> bool:
    """Whether the first segment only looks like a street: `3 Guys Cafe` above `12 Elm St`."""
    first, *rest = segments
    others = [segment for segment in rest if is_street(segment)]
    return bool(others) and has_street_word(others[0]) and not has_street_word(first)


def _guess_the_rest(parts: _Parts, findings: Findings) -> None:
    """Take what is left over for what is missing."""
    fields = findings.fields
    if not parts.streets:
        parts.guess = True
        numbered = [
            unit for unit in parts.units if _QUARTER.match(unit) and re.search("[0-9]", unit)
        ]
        parts.streets += [parts.names.pop()] if len(parts.names) > 1 else numbered[:1]
        parts.units = [unit for unit in parts.units if unit not in parts.streets]
    if parts.others and not parts.names and "name" not in fields:
        parts.names.append(parts.others.pop(0))
        parts.guess = True
    if parts.others and "city" not in fields:
        findings.found("city", parts.others.pop(), doubt=True)


def _find_street(parts: _Parts, findings: Findings) -> None:
    strange = False
    if parts.streets:
        typed = parts.streets.pop(0)
        street, unit = split_unit(typed)
        strange = "(" in typed or (bool(unit) and not is_unit(unit))
        findings.found("street", _PREPOSITION.sub("", street), doubt=parts.guess or strange)
        parts.units.insert(0, unit)
    seconds = [part for part in [*parts.units, *parts.streets, *parts.others] if part]
    doubt = strange or bool(parts.streets or parts.others)
    findings.found("street2", ", ".join(seconds), doubt=doubt)
