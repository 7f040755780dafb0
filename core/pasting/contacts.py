"""Phone and e-mail, taken out of a pasted text wherever they stand."""

import re

from core.pasting.findings import Findings

_CALLED = (
    r"(?:\b(?:tel|telephone|phone|ph|cell|mobile|mob|whatsapp|tel[eé]fono|contact|call|тел)\b"
    r"[ .:#]*|\b[tmocp]: *)?"
)
_EXTENSION = r"(?:\s*(?:x|ext\.?)\s*[0-9]+)?"
_AMERICAN = (
    r"(?:(?:\+|00|011)?1[ .-]*)?(?:\([0-9]{3}\)|[0-9]{3})[ ./-]*[0-9]{3}[ .-]*"
    r"[0-9]{2}[ .-]?[0-9]{2}(?![\w-])"
)
_FOREIGN = r"\+[0-9][0-9 ().-]{8,18}[0-9](?![\w-])"
PHONE = re.compile(
    rf"{_CALLED}(?<![\w-])(?P<number>{_AMERICAN}|{_FOREIGN}){_EXTENSION}", re.IGNORECASE
)
EMAIL = re.compile(
    r"(?:\b(?:e-?mail|correo)\b[ :]*)?<?(?P<email>[\w.+'-]+@[\w-]+(?:\.[\w-]+)+)>?", re.IGNORECASE
)
_DIALLED = re.compile(r"^(?:00|011)(?=1)")


def take_contacts(text: str, findings: Findings) -> str:
    """The text without phones and e-mails. A second phone puts the first in doubt."""
    emails = [match["email"] for match in EMAIL.finditer(text)]
    text = EMAIL.sub(",", text)
    phones = [_DIALLED.sub("+", match["number"]) for match in PHONE.finditer(text)]
    for field, values in (("email", emails), ("phone", phones)):
        for value in values:
            findings.found(field, value, doubt=len(values) > 1)
    return PHONE.sub(",", text)
