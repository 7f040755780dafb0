"""The beginning of a pasted address: name, company, street."""

import re
from dataclasses import dataclass, field

from core.pasting.findings import Findings
from core.pasting.marks import has_street_word, house_number_at, is_street, is_unit, split_unit

_TITLE = re.compile(
    r"(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq|dds|inc|llc|l\.l\.c|ltd|corp|co|lp|llp)\.?", re.IGNORECASE
)
_FIRM = re.compile(
    r"\b(?:inc|llc|l\.l\.c|ltd|corp|corporation|company|co|llp|gmbh)\b\.?$", re.IGNORECASE
)
_CARE_OF = re.compile(r"c/o\b", re.IGNORECASE)
_ATTENTION = re.compile(r"(?:attn|attention|atenci[oó]n)\b[\s.:]*", re.IGNORECASE)
_QUARTER = re.compile(
    r"(?:urb|urbanizaci[oó]n|cond|condominio|edif|edificio|torre|bo|barrio|parcelas)\b",
    re.IGNORECASE,
)


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
    parts = _sorted_out(_segments(text))
    if not parts.streets and not fields.keys() & {"name", "city", "state"}:
        # Five digits behind some words are not yet an address.
        fields.pop("zip", None)
        return
    if not parts.streets:
        parts.guess = True
        parts.streets += [parts.names.pop()] if len(parts.names) > 1 else []
    if parts.others and not parts.names and "name" not in fields:
        parts.names.append(parts.others.pop(0))
        parts.guess = True
    if parts.others and "city" not in fields:
        findings.found("city", parts.others.pop(), doubt=True)
    _find_street(parts, findings)
    _find_names(parts, after, findings)


def _segments(text: str) -> list[str]:
    """Lines, those with a street cut at commas; a single line is cut at all of them."""
    lines = [line.strip(" ,") for line in text.splitlines() if line.strip(" ,")]
    segments: list[str] = []
    for line in lines:
        pieces = [piece.strip() for piece in line.split(",") if piece.strip()]
        whole = len(lines) > 1 and not any(map(is_street, pieces))
        for piece in [line] if whole else pieces:
            if segments and _TITLE.fullmatch(piece):
                segments[-1] += f", {piece}"
            else:
                segments.append(piece)
    return segments


def _sorted_out(segments: list[str]) -> _Parts:
    parts = _Parts()
    for at, segment in enumerate(segments):
        if is_street(segment) and not (at == 0 and _is_numbered_name(segments)):
            parts.streets.append(segment)
        elif is_unit(segment) or _QUARTER.match(segment):
            parts.units.append(segment.replace(":", ""))
        elif not parts.streets and (mixed := house_number_at(words := segment.split())):
            start, guess = mixed
            parts.names.append(" ".join(words[:start]).strip(" ,-"))
            parts.streets.append(" ".join(words[start:]))
            parts.guess = parts.guess or guess
        else:
            (parts.others if parts.streets else parts.names).append(segment)
    return parts


def _is_numbered_name(segments: list[str]) -> bool:
    """Whether the first segment only looks like a street: `3 Guys Cafe` above `12 Elm St`."""
    first, *rest = segments
    others = [segment for segment in rest if is_street(segment)]
    return bool(others) and has_street_word(others[0]) and not has_street_word(first)


def _find_street(parts: _Parts, findings: Findings) -> None:
    if parts.streets:
        street, unit = split_unit(parts.streets.pop(0))
        findings.found("street", street, doubt=parts.guess)
        parts.units.insert(0, unit)
    seconds = [part for part in [*parts.units, *parts.streets, *parts.others] if part]
    doubt = bool(parts.streets or parts.others)
    findings.found("street2", ", ".join(seconds), doubt=doubt)


def _find_names(parts: _Parts, after: str, findings: Findings) -> None:
    names, doubt = parts.names, parts.guess
    if not names:
        names, doubt = re.findall(r"[^\n,]+", after)[:1], True
    called = [name for name in names if _ATTENTION.match(name)]
    persons = [name for name in names if not _FIRM.search(name) and not _CARE_OF.match(name)]
    for name in (called or persons or names)[:1]:
        company = [other for other in names if other != name]
        findings.found("name", _ATTENTION.sub("", name), doubt=doubt)
        findings.found("company", ", ".join(company), doubt=doubt or len(company) > 1)
