"""Ids that customers read aloud and operators type, and those of Telegram."""

import hashlib
import secrets
from typing import TypeGuard

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""
BITS_OF_TELEGRAM = 63


def new_id(prefix: str, length: int = 12) -> str:
    """`<prefix>-` and `length` random characters, 5 bits each: as `L-7K2M9QX4T0AB`."""
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"


def id_of(prefix: str, wish: str) -> str:
    """Likewise, the same for the same wish."""
    number = int.from_bytes(hashlib.sha256(wish.encode()).digest())
    letters = (_ALPHABET[number >> 5 * place & 31] for place in range(12))
    return f"{prefix}-{''.join(letters)}"


def is_telegram_id(value: object) -> TypeGuard[int]:
    """Whether it can be one: a whole number, negative for groups, that MongoDB holds as well."""
    return type(value) is int and value.bit_length() <= BITS_OF_TELEGRAM


def is_update_id(value: object) -> TypeGuard[int]:
    """Updates are counted from a positive number on."""
    return is_telegram_id(value) and value > 0
