"""Whether two addresses name one place, however each of them is spelled."""

from core.addresses import Address

_MARKS = str.maketrans(dict.fromkeys(".,#-/", " "))
_SHORT = {
    "STREET": "ST",
    "AVENUE": "AVE",
    "AV": "AVE",
    "BOULEVARD": "BLVD",
    "CIRCLE": "CIR",
    "COURT": "CT",
    "DRIVE": "DR",
    "EXPRESSWAY": "EXPY",
    "HIGHWAY": "HWY",
    "LANE": "LN",
    "PARKWAY": "PKWY",
    "PLACE": "PL",
    "PLAZA": "PLZ",
    "ROAD": "RD",
    "SQUARE": "SQ",
    "TERRACE": "TER",
    "TRAIL": "TRL",
    "NORTH": "N",
    "SOUTH": "S",
    "EAST": "E",
    "WEST": "W",
    "NORTHEAST": "NE",
    "NORTHWEST": "NW",
    "SOUTHEAST": "SE",
    "SOUTHWEST": "SW",
    "APARTMENT": "APT",
    "BUILDING": "BLDG",
    "DEPARTMENT": "DEPT",
    "FLOOR": "FL",
    "ROOM": "RM",
    "SUITE": "STE",
    "FORT": "FT",
    "MOUNT": "MT",
    "SAINT": "ST",
}
"""As the postal service shortens them; a word is only ever compared, never shown like this."""


def same_place(one: Address, other: Address) -> bool:
    """True if they differ only in case, marks, usual short forms, lines, or the ZIP's last four.

    Who lives there is not looked at.
    """
    return _place(one) == _place(other) and _may_be_one(one.zip, other.zip)


def _place(address: Address) -> tuple[str, ...]:
    lines = f"{address.street} {address.street2}", address.city, address.state
    return tuple(" ".join(map(_shortened, _words(line))) for line in lines)


def _words(line: str) -> list[str]:
    return line.translate(_MARKS).upper().split()


def _shortened(word: str) -> str:
    return _SHORT.get(word, word)


def _may_be_one(one: str, other: str) -> bool:
    """Five digits are no other place than the same five with four more."""
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith(f"{shorter}-")
