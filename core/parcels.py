"""A parcel, and the reading of weights and sizes as people type them. Decimals throughout."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from core.errors import Refusal
from core.plain_text import visible
from core.units import (
    BETWEEN_SIZES,
    BETWEEN_WEIGHTS,
    GRAMS_IN_OUNCE,
    GRAMS_IN_POUND,
    IN_GRAMS,
    IN_MILLIMETRES,
    INCH_MARKS,
    MILLIMETRES_IN_INCH,
    OUNCES_PER_POUND,
    TWO_UNITS,
)

HEAVIEST_POUNDS = Decimal(150)
LONGEST_INCHES = Decimal(108)
_Quantity = tuple[Decimal, Decimal | None]
_TENTH = Decimal("0.1")
_LONGEST_TYPED = 80
_TOKEN = re.compile(r"[0-9.,]+|[^\W\d_]+|\S")
_NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,6})?|[.,][0-9]{1,6}")
_THOUSANDS_OR_DECIMALS = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")


class UnreadableWeight(Refusal):
    """No weight over zero can be read without a guess. Facts: `typed`."""


class TooHeavy(Refusal):
    """Facts: `limit_lb`."""


class UnreadableSizes(Refusal):
    """No three sizes over zero can be read without a guess. Facts: `typed`."""


class TooLarge(Refusal):
    """One side is too long. Facts: `limit_in`."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Sizes in inches, in the order they were given; weight in ounces."""

    length_in: Decimal
    width_in: Decimal
    height_in: Decimal
    weight_oz: Decimal

    @property
    def sizes_in(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.length_in, self.width_in, self.height_in

    @property
    def weight_lb(self) -> Decimal:
        return self.weight_oz / OUNCES_PER_POUND

    @property
    def longest_in(self) -> Decimal:
        return max(self.sizes_in)

    @property
    def length_plus_girth_in(self) -> Decimal:
        """The longest side and once around the other two, as carriers measure."""
        return self.longest_in + 2 * (sum(self.sizes_in) - self.longest_in)


def read_weight(text: str) -> Decimal:
    """Ounces, to the next tenth up: `2` and `2 lb` are 32, `2lb 3oz` is 35, `1,5 kg` is 53.

    Raises UnreadableWeight, TooHeavy.
    """
    parts = _quantities(text, IN_GRAMS, BETWEEN_WEIGHTS)
    units = tuple(unit for _, unit in parts)
    if len(parts) != 1 and units not in TWO_UNITS:
        raise UnreadableWeight(typed=_quoted(text))
    grams = sum(number * (unit or GRAMS_IN_POUND) for number, unit in parts)
    ounces = (grams / GRAMS_IN_OUNCE).quantize(_TENTH, ROUND_CEILING)
    if ounces <= 0:
        raise UnreadableWeight(typed=_quoted(text))
    if ounces > HEAVIEST_POUNDS * OUNCES_PER_POUND:
        raise TooHeavy(limit_lb=HEAVIEST_POUNDS)
    return ounces


def read_sizes(text: str) -> tuple[Decimal, Decimal, Decimal]:
    """Inches, to the nearest tenth: `10x8x4`, `10 8 4 in`, `25x20x10 cm`.

    Raises UnreadableSizes, TooLarge.
    """
    parts = _three_sizes(text) or _three_sizes(text.replace(",", " "))
    units = {unit for _, unit in parts if unit} or {MILLIMETRES_IN_INCH}
    incomplete = len(units) > 1 and any(unit is None for _, unit in parts)
    if not parts or incomplete or any(number <= 0 for number, _ in parts):
        raise UnreadableSizes(typed=_quoted(text))
    [common, *_] = units
    sides = [number * (unit or common) / MILLIMETRES_IN_INCH for number, unit in parts]
    if max(sides) > LONGEST_INCHES:
        raise TooLarge(limit_in=LONGEST_INCHES)
    length, width, height = (max(_TENTH, side.quantize(_TENTH, ROUND_HALF_UP)) for side in sides)
    return length, width, height


def _three_sizes(text: str) -> list[_Quantity]:
    parts = _quantities(text.replace("''", '"'), IN_MILLIMETRES, BETWEEN_SIZES)
    return parts if len(parts) == len(("length", "width", "height")) else []


def _quantities(
    text: str, units: Mapping[str, Decimal], between: frozenset[str]
) -> list[_Quantity]:
    """Each number with the unit after it, if any. Nothing when one token is neither."""
    if len(text) > _LONGEST_TYPED:
        return []
    found: list[_Quantity] = []
    for raw in _TOKEN.findall(visible(text).translate(INCH_MARKS).lower()):
        token = raw.rstrip(".,")
        if _NUMBER.fullmatch(token) and not _THOUSANDS_OR_DECIMALS.fullmatch(token):
            found.append((Decimal(token.replace(",", ".")), None))
        elif token in units and found and found[-1][1] is None:
            found[-1] = (found[-1][0], units[token])
        elif token and token not in between:
            return []
    return found


def _quoted(text: str) -> str:
    return visible(text)[:40]
