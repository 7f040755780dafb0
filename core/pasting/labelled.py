"""Fields that a pasted text names itself: `City: Denver`."""

import re

from core.pasting.findings import Findings

_NAMES = {
    "name": r"(?:full )?name|recipient|ship to|deliver to|to|from|sender|buyer|customer"
    r"|nombre|destinatario|имя|получатель|фио",
    "company": r"company|business|organi[sz]ation|empresa|компания",
    "street": r"(?:street |mailing |shipping )?address(?: line)?(?: ?1)?|addr|street|direcci[oó]n"
    r"|адрес|улица|city,? state,?(?: and)? zip(?: code)?",
    "street2": r"(?:address(?: line)?|street) ?2|apt ?/ ?(?:suite|unit)(?: ?/ ?unit)?",
    "city": r"city|town|ciudad|город",
    "state": r"state(?: ?/ ?province)?|province|estado|штат",
    "zip": r"zip ?(?:code)?(?: ?/ ?postal(?: code)?)?|postal code|postcode|c[oó]digo postal|индекс",
    "phone": r"phone(?: number)?|tel|telephone|cell|mobile|tel[eé]fono|телефон",
    "email": r"e-?mail|correo",
    "country": r"country|pa[ií]s|страна",
}
_ANY = "|".join(f"(?P<{field}>{names})" for field, names in _NAMES.items())
_LABEL = re.compile(rf"(?:^|(?<=[\s,.]))(?:{_ANY})\s*[:=][ ]*", re.IGNORECASE | re.MULTILINE)
_DASH = re.compile(rf"^(?P<label>{'|'.join(_NAMES.values())}) +-+ +", re.IGNORECASE | re.MULTILINE)
_TWO_NAMES = re.compile(r"first name\s*:\s*(.*?)[\s,]+last name\s*:\s*", re.IGNORECASE)
_STRANGE = re.compile(
    r"^(?!(?:attn|attention|atenci[oó]n|apt|unit|suite|ste|room|urb)\b)[^\W\d_]{3,}(?: [^\W\d_]+)?:"
    r" *(?=\S)",
    re.IGNORECASE,
)


def take_labelled(text: str, findings: Findings) -> str:
    """The text that names no single field; of `Address: 12 Elm St, Reno` what it says."""
    text = _DASH.sub(r"\g<label>: ", _TWO_NAMES.sub(r"name: \1 ", text))
    labels = list(_LABEL.finditer(text))
    starts = [*(label.start() for label in labels), len(text)]
    rest = [text[: starts[0]]]
    for label, end in zip(labels, starts[1:], strict=True):
        value, _, more = text[label.end() : end].partition("\n")
        rest += [*_take(label.lastgroup or "", value.strip(" ,"), findings), more]
    return "\n".join(_unlabelled(line, findings) for line in "\n".join(rest).splitlines())


def _take(field: str, value: str, findings: Findings) -> list[str]:
    """Keep a labelled value; answer it when it is for others to read."""
    if field == "street" or (field == "name" and re.search(r"[0-9]", value)):
        return [value]
    if field == "country":
        findings.country = value
    else:
        findings.found(field, value)
    return []


def _unlabelled(line: str, findings: Findings) -> str:
    """The line without a label that we don't know; then whose name it is, is a guess."""
    if _STRANGE.match(line):
        findings.doubtful |= {"name", "company"}
    return _STRANGE.sub("", line)
