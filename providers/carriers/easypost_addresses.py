"""What EasyPost thinks of an address (https://docs.easypost.com/docs/addresses)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.addresses import Address
from core.spelling import same_place
from providers.carriers.base import Checked, Verdict
from providers.exact_json import text

UNVERIFIED = "ADDRESS.VERIFY.FAILURE"
UNIT = "E.SECONDARY_INFORMATION."
"""The house is known and its flat is not: a letter carrier may still find it."""


def read_checked(raw: Mapping[str, Any], asked: Address) -> Checked:
    """What the check of `asked` came to; an answer without one leaves the address doubtful."""
    delivery = _mapping(_mapping(raw.get("verifications")).get("delivery"))
    errors = delivery.get("errors")
    listed = errors if isinstance(errors, list) else []
    complaints = [each for each in listed if isinstance(each, Mapping)]
    if delivery.get("success") is not True:
        return read_unverified(complaints)
    found = _delivered_as(raw, asked)
    suggestion = found if found != asked else None
    if complaints:
        return Checked(Verdict.DOUBTFUL, suggestion, _remarks(complaints))
    verdict = Verdict.VERIFIED if same_place(found, asked) else Verdict.CORRECTED
    return Checked(verdict, suggestion, ())


def read_unverified(errors: Iterable[Mapping[str, Any]]) -> Checked:
    """No such address, or, if no error says so, one that nobody checked."""
    complaints = list(errors)
    codes = [text(error.get("code")) for error in complaints]
    unknown = any(code and not code.startswith(UNIT) for code in codes)
    verdict = Verdict.UNDELIVERABLE if unknown else Verdict.DOUBTFUL
    return Checked(verdict, None, _remarks(complaints))


def _delivered_as(raw: Mapping[str, Any], asked: Address) -> Address:
    """Where it is delivered; who gets it stays as the customer wrote it."""
    found = replace(
        asked,
        street=text(raw.get("street1")),
        street2=text(raw.get("street2")),
        city=text(raw.get("city")),
        state=text(raw.get("state")),
        zip=text(raw.get("zip")),
    )
    return found if found.street and found.city and found.zip else asked


def _remarks(errors: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    told = (_remark(error) for error in errors)
    return tuple(dict.fromkeys(remark for remark in told if remark))


def _remark(error: Mapping[str, Any]) -> str:
    message, suggestion = text(error.get("message")), text(error.get("suggestion"))
    return f"{message} ({suggestion})" if message and suggestion else message or suggestion


def _mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
