"""How the shop's frozen values are kept: as small documents, written and read by their fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from bson import Int64

from core.money import Money

Way = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """The two ways between a value and what MongoDB keeps of it."""

    write: Way
    read: Way


def _as_is(value: Any) -> Any:
    return value


_PLAIN = Shape(_as_is, _as_is)
_OF_TYPE = {
    Decimal: Shape(str, Decimal),
    date: Shape(date.isoformat, date.fromisoformat),
    Money: Shape(
        lambda sum_: {"minor": Int64(sum_.minor), "currency": sum_.currency},
        lambda kept: Money(int(kept["minor"]), kept["currency"]),
    ),
}


@cache
def shape_of(kind: Any) -> Shape:
    """How a value of this type is kept: a dataclass, a tuple of them, or a plain value."""
    if get_origin(kind) in {Union, UnionType}:
        return _optional(kind)
    if get_origin(kind) is tuple:
        each = shape_of(get_args(kind)[0])
        return Shape(
            lambda many: [each.write(one) for one in many],
            lambda kept: tuple(each.read(one) for one in kept),
        )
    if kind in _OF_TYPE:
        return _OF_TYPE[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Shape(lambda member: member.value, kind)
    return _of_fields(kind) if is_dataclass(kind) else _PLAIN


def _optional(kind: Any) -> Shape:
    inner = shape_of(next(one for one in get_args(kind) if one is not NoneType))
    return Shape(
        lambda value: None if value is None else inner.write(value),
        lambda kept: None if kept is None else inner.read(kept),
    )


def _of_fields(kind: Any) -> Shape:
    """A field that was not kept yet, when the value was written, has its default."""
    hints = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    shapes = {name: shape_of(hints[name]) for name in names}
    formed = {name: shape for name, shape in shapes.items() if shape is not _PLAIN}

    def write(value: Any) -> dict[str, Any]:
        kept = {name: getattr(value, name) for name in names}
        for name, shape in formed.items():
            kept[name] = shape.write(kept[name])
        return kept

    def read(kept: Mapping[str, Any]) -> Any:
        facts = {name: kept[name] for name in names if name in kept}
        for name, shape in formed.items():
            if name in facts:
                facts[name] = shape.read(facts[name])
        return kind(**facts)

    return Shape(write, read)
