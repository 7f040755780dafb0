"""Fields that a pasted text names itself: `City: Denver`."""

import re

from core.pasting.findings import Findings

_NAMES = {
    "name": r"name|full name|recipient|ship to|deliver to|to|from|sender|nombre|destinatario",
    "company": r"company|business|organi[sz]ation|empresa",
    "street": r"(?:street |mailing |shipping )?address(?: line)?(?: ?1)?|addr|street|direcci[oó]n",
    "street2": r"(?:address(?: line)?|street) ?2",
    "city": r"city|town|ciudad",
    "state": r"state|province|estado",
    "zip": r"zip ?(?:code)?|postal code|postcode|c[oó]digo postal",
    "phone": r"phone|tel|telephone|cell|mobile|tel[eé]fono",
    "email": r"e-?mail|correo",
    "country": r"country|pa[ií]s",
}
_ANY = "|".join(f"(?P<{field}>{names})" for field, names in _NAMES.items())
_LABELLED = re.compile(rf"\s*(?:{_ANY})\s*[:=]\s*(?P<value>.*?)[\s,]*", re.IGNORECASE)
_NEXT_LABEL = re.compile(
    rf"\s*,\s*(?=(?:{re.sub(r'[?]P<[a-z0-9]+>', '?:', _ANY)})\s*[:=])", re.IGNORECASE
)


def take_labelled(text: str, findings: Findings) -> str:
    """The lines that name no single field; of `Address: 12 Elm St, Reno` what it says."""
    rest = []
    for line in _NEXT_LABEL.sub("\n", text).splitlines():
        match = _LABELLED.fullmatch(line)
        field = next((name for name in _NAMES if match and match[name]), "")
        value = match["value"] if match else line
        if not field or field == "street" or (field == "name" and _says_more(value)):
            rest.append(value)
        elif field != "country":
            findings.found(field, value)
    return "\n".join(rest)


def _says_more(value: str) -> bool:
    return bool(re.search(r"[0-9]", value))
