"""Ids that customers read aloud and operators type."""

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that looks like a digit."""


def new_id(prefix: str, length: int = 12) -> str:
    """`<prefix>-` and `length` random characters, 5 bits each: as `L-7K2M9QX4T0AB`."""
    return f"{prefix}-{''.join(secrets.choice(_ALPHABET) for _ in range(length))}"
