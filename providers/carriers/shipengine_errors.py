"""What ShipEngine's errors say: whose fault, and whether anything can have happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds
from providers.exact_json import text
from providers.http import Answer

OK, PARTLY, NOT_FOUND, TOO_MANY = 200, 207, 404, 429
LATER = frozenset({401, 402, 403, 408, 429})
"""Nothing that the asking customer could put right: our key, our bills, our pace."""
KEPT_OUT = frozenset({401, 403, 429})
"""Turned away at the door, before anything was done: unless it was a carrier who did it."""
TROUBLE = frozenset({"system", "integrations"})
THEIRS = frozenset({"validation", "business_rules", "account_status"})
"""Kinds of error that are an answer to what was asked; others tell of trouble on the way."""


class BrokenAnswer(ValueError):
    """An answer that lacks what every one of its kind has."""


@dataclass(frozen=True, slots=True)
class Told:
    """`code` is for machines, `told` for people, `kinds` are the types of all errors."""

    code: str
    told: str
    kinds: frozenset[str]
    by_carrier: bool
    request_id: str

    @property
    def decided(self) -> bool:
        """True if this is a no; otherwise something broke, and nobody knows how far it came."""
        return bool(self.kinds) and self.kinds <= THEIRS

    @property
    def broken(self) -> bool:
        """True if all errors tell of trouble on their side."""
        return bool(self.kinds) and self.kinds <= TROUBLE

    @property
    def about_funds(self) -> bool:
        return self.code == "insufficient_funds" or self.code.startswith("funding_source_")


def read_errors(raw: Mapping[str, Any]) -> Told:
    """Errors may be missing, null, or of kinds and codes that no specification knows."""
    errors = [error for error in entries(raw.get("errors")) if isinstance(error, Mapping)]
    codes = (text(error.get("error_code")) for error in errors)
    sentences = dict.fromkeys(filter(None, map(_sentence, errors)))
    return Told(
        code=next(filter(None, codes), ""),
        told=text("; ".join(sentences)),
        kinds=frozenset(text(error.get("error_type")) for error in errors),
        by_carrier=any(error.get("error_source") == "carrier" for error in errors),
        request_id=text(raw.get("request_id")),
    )


def kept_out(answer: Answer) -> bool:
    """True if the request was turned away before anybody acted on it."""
    whole = answer.status == TOO_MANY or is_refusal(answer)
    return answer.status in KEPT_OUT and whole and not read_errors(answer.data).by_carrier


def is_refusal(answer: Answer) -> bool:
    """A whole answer in ShipEngine's words; a gateway's page of the same status is none."""
    return 400 <= answer.status < 500 and bool(entries(answer.data.get("errors")))  # noqa: PLR2004


def refused(provider: str, answer: Answer) -> CarrierRefused:
    """Says why, in the service's words."""
    told = read_errors(answer.data)
    kind = NoFunds if told.about_funds else CarrierRefused
    reason = told.code or f"HTTP.{answer.status}"
    return kind(provider=provider, reason=reason, told=told.told, request_id=told.request_id)


def down(provider: str, answer: Answer) -> CarrierDown:
    """`retry_after` are the seconds that the service asks us to wait, None if it does not."""
    told = read_errors(answer.data)
    seconds = answer.headers.get("Retry-After", "")
    return CarrierDown(
        provider=provider,
        reason=told.code or f"HTTP.{answer.status}",
        retry_after=int(seconds) if seconds.isascii() and seconds.isdecimal() else None,
        request_id=told.request_id,
    )


def entries(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else []


def mapping(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}


def _sentence(error: Mapping[str, Any]) -> str:
    return ": ".join(filter(None, (text(error.get("field_name")), text(error.get("message")))))
