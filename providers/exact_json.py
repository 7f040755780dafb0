"""JSON whose numbers are Decimals, digit for digit, in both directions."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn


class UnreadableJson(ValueError):
    """The bytes are no JSON, or JSON that no honest service sends."""


def read(body: bytes) -> Any:
    """Numbers with a point or an exponent become Decimals. Raises UnreadableJson, also for NaN."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise UnreadableJson from error


def write(value: object) -> str:
    """The standard encoder knows no Decimal and would have us go through float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        pairs = (f"{json.dumps(key)}:{write(item)}" for key, item in value.items())
        return f"{{{','.join(pairs)}}}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(write, value))}]"
    return json.dumps(value, allow_nan=False)


def text(value: object, *, most: int = 300) -> str:
    """A text or number fit to be stored and shown; anything else is an empty text."""
    if not isinstance(value, str | int | Decimal):
        return ""
    return "".join(char for char in str(value) if char.isprintable())[:most].strip()


def _refuse(constant: str) -> NoReturn:
    raise UnreadableJson(constant)
