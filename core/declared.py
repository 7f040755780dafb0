# ruff: noqa: RUF001 - Russian keyboards have another letter for x, and dashes are of many kinds
"""Things for the customs, read as people type them: `2 T-shirts, $30, 1 lb`."""

import re
import unicodedata
from functools import cache

from babel import Locale
from phonenumbers import SUPPORTED_REGIONS

from core.customs import CustomsItem, check_worth
from core.errors import Refusal
from core.money import Money
from core.parcels import read_weight
from core.plain_text import flaw_of, one_line
from core.units import IN_GRAMS

SHORTEST, LONGEST = 3, 100
MOST_PIECES = 999
_LONGEST_TYPED = 300
_AMOUNT = r"[0-9][0-9.,]*(?<![.,])"
_UNIT = "|".join(sorted((re.escape(unit) for unit in IN_GRAMS if unit != "#"), key=len)[::-1])
_ONE_WEIGHT = rf"{_AMOUNT}\s*(?:{_UNIT})(?![^\W_])\.?"
_WEIGHT = re.compile(rf"(?<![\w.,$]){_ONE_WEIGHT}(?:[\s,]*{_ONE_WEIGHT})?", re.IGNORECASE)
_DOLLARS = r"(?:usd|us\$|\$|dollars?|bucks|d[oó]lar(?:es)?|доллар\w*|долл\.?)"
_WORTH = re.compile(
    rf"(?:us)?\$\s*(?P<before>{_AMOUNT})(?:\s*usd\b)?"
    rf"|\busd\s*(?P<named>{_AMOUNT})(?![^\W_])"
    rf"|(?<![\w.,])(?P<after>{_AMOUNT})\s*{_DOLLARS}(?![^\W_])",
    re.IGNORECASE,
)
_TARIFF = re.compile(r"\b(?:hs|hts|tariff)(?:\s+code)?\s*[:#]?\s*([0-9][0-9. ]*)", re.IGNORECASE)
_DIGITS_OF_TARIFF = range(6, 11)
_MADE_IN = re.compile(r"\b(?i:made in|origin)\s*:?\s*([^\W\d_][^,;:$0-9]*)|\bfrom ([A-Z]{2})\b")
_PIECES = re.compile(
    rf"([0-9]+)(?:\s*[x×х*]\s*|\s+)(?!(?:{_UNIT})(?![^\W_]))(?:(?:pcs|pieces)\b\.?\s*)?(?=\S)",
    re.IGNORECASE,
)
_PIECES_LAST = re.compile(
    r"[\s,]([0-9]+)\s*(?:pcs|pieces)\b\.?$|[\s,][x×х]\s*([0-9]+)$", re.IGNORECASE
)
_OF_EACH = re.compile(r"\b(?:each|apiece|per piece)\b", re.IGNORECASE)
_EDGES = " ,;:.|/-–—"


class BadItem(Refusal):
    """A thing that cannot be declared as typed. Facts: `reason` and, for a length, `limit`.

    Reasons: description, too_long, not_latin, strange_characters, quantity, worth, weight,
    each (all together is asked for), tariff, origin.
    """


def read_item(typed: str) -> CustomsItem:
    """One kind of thing: how many, what, the worth and the weight of all of them together.

    A piece where no number comes first, made in the United States where no country is named.
    Raises BadItem, TooValuable, core.parcels.UnreadableWeight, core.parcels.TooHeavy.
    """
    line = one_line(typed).replace("\n", ", ")
    if flaw := flaw_of(line):
        raise BadItem(reason=flaw.value)
    if len(line) > _LONGEST_TYPED:
        raise BadItem(reason="too_long", limit=LONGEST)
    line, tariff = _tariff(line)
    line, origin = _origin(line)
    line, value = _worth(line)
    line, weight = _last(_WEIGHT, line)
    if not weight:
        raise BadItem(reason="weight")
    quantity, rest = _quantity(line.strip(_EDGES))
    ounces = read_weight(weight[0].rstrip("."))
    check_worth(value)
    return CustomsItem(_description(rest), quantity, value, ounces, origin, tariff)


def _last(pattern: re.Pattern[str], line: str) -> tuple[str, re.Match[str] | None]:
    """The line without the last match: what comes before may be said of the thing itself."""
    *_, found = [None, *pattern.finditer(line)]
    return (f"{line[: found.start()]} , {line[found.end() :]}", found) if found else (line, None)


def _tariff(line: str) -> tuple[str, str]:
    line, found = _last(_TARIFF, line)
    code = re.sub("[ .]", "", found[1]) if found else ""
    if found and len(code) not in _DIGITS_OF_TARIFF:
        raise BadItem(reason="tariff")
    return line, code


def _origin(line: str) -> tuple[str, str]:
    line, found = _last(_MADE_IN, line)
    if not found:
        return line, "US"
    code = _countries().get((found[1] or found[2]).strip(_EDGES).casefold())
    if code is None:
        raise BadItem(reason="origin")
    return line, code


def _worth(line: str) -> tuple[str, Money]:
    line, found = _last(_WORTH, line)
    amount = found and (found["before"] or found["named"] or found["after"])
    value = Money.parse(amount) if amount else Money(0)
    if not value:
        raise BadItem(reason="worth")
    return line, value


def _quantity(line: str) -> tuple[int, str]:
    """`3D printer` is one printer, `2x cups` and `2 cups` are two."""
    found = _PIECES.match(line) or _PIECES_LAST.search(line)
    if not found:
        return 1, line
    pieces = next(group for group in found.groups() if group)
    if len(pieces) > len(str(MOST_PIECES)) or not 0 < int(pieces) <= MOST_PIECES:
        raise BadItem(reason="quantity", limit=MOST_PIECES)
    return int(pieces), f"{line[: found.start()]} {line[found.end() :]}"


def _description(rest: str) -> str:
    words = re.sub(r"\s*,[\s,;]*", ", ", rest).strip(_EDGES)
    words = " ".join(words.split()).removeprefix("of ")
    if _OF_EACH.search(words):
        raise BadItem(reason="each")
    if len(words) < SHORTEST or not any(char.isalpha() for char in words):
        raise BadItem(reason="description")
    if len(words) > LONGEST:
        raise BadItem(reason="too_long", limit=LONGEST)
    if not all("LATIN" in unicodedata.name(char) for char in words if char.isalpha()):
        raise BadItem(reason="not_latin")
    return words


@cache
def _countries() -> dict[str, str]:
    """Two letters of each country, by those letters and by its English name."""
    names = Locale("en").territories
    by_name = {str(names[code]).casefold(): code for code in SUPPORTED_REGIONS if code in names}
    return by_name | {code.casefold(): code for code in SUPPORTED_REGIONS} | {"usa": "US"}
