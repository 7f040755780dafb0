"""Phone numbers: read as people type them, kept as E.164."""

import secrets

import phonenumbers

_FEWEST_DIGITS = 10
_MOST_DIGITS = 15


def to_e164(typed: str) -> str | None:
    """`+14155552671` for a number typed in any manner; None for what can be no number.

    American where it has no country code. An extension is lost: E.164 has no room for it.
    """
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    digits = len(written) - len("+")
    return written if _FEWEST_DIGITS <= digits <= _MOST_DIGITS else None


def generate_random_phone() -> str:
    """A number for a label whose sender has none: area code 555 belongs to nobody.

    The last seven digits begin with 2 to 9, as every American exchange does.
    """
    return f"+1555{2_000_000 + secrets.randbelow(8_000_000)}"
