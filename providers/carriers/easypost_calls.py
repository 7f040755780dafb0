"""How EasyPost is asked, and what its status codes mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as quoted

from providers.carriers.base import CarrierDown, CarrierRefused, NoFunds
from providers.exact_json import text
from providers.http import Answer, Door, NotSent, Silent

NAME = "easypost"
OK, CREATED, PAYMENT_REQUIRED, NOT_FOUND, TOO_MANY = 200, 201, 402, 404, 429
LATER = frozenset({401, PAYMENT_REQUIRED, 403, 408, TOO_MANY})
"""Nothing that the asking customer could put right: our key, our funds, their pace."""
THEIR_TROUBLE = frozenset(
    {
        "ADDRESS.VERIFY.UNAVAILABLE",
        "ADDRESS.VERIFY.UPSTREAM_UNAVAILABLE",
        "DOCUMENT.CONVERSION.FAILURE",
        "IMAGE.CONVERSION.FAILURE",
        "REFUND.NO_RESPONSE",
        "TRACKER.RETRIEVE.ERROR",
        "TRACKER.RUN.ERROR",
    }
)
"""Refusals in form only: behind EasyPost somebody did not answer, and may the next time."""
EMPTY_ACCOUNT = frozenset(
    {
        "PAYMENT_REQUIRED",
        "PAYMENT_GATEWAY.ERROR",
        "BANK_ACCOUNT.CHARGE.FAILURE",
        "CREDIT_CARD.CHARGE.FAILURE",
        "CREDIT_CARD.INVALID",
        "USER.CHARGE.NOT_ALLOWED",
    }
)
"""Assumption: none of these was ever recorded; that a purchase can meet them is documented."""
RETRY_AFTER = "retry-after"


@dataclass(frozen=True, slots=True)
class Told:
    """An error in EasyPost's words: `code` for machines, `told` for people, both may be empty."""

    code: str
    told: str
    details: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Calls:
    door: Door

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask what may be asked again: success or refusal; anything else is CarrierDown."""
        try:
            answer = self.door.call(method, path, body=body, params=params)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=NAME) from error
        if answer.status in {OK, CREATED}:
            return answer
        later = answer.status in LATER or read_error(answer.data).code in THEIR_TROUBLE
        if later or not is_refusal(answer):
            raise down(answer)
        return answer

    def must(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Likewise, but a refusal is raised as CarrierRefused."""
        answer = self.ask(method, path, body=body, params=params)
        if answer.status not in {OK, CREATED}:
            raise refused(answer)
        return answer


def is_refusal(answer: Answer) -> bool:
    """A whole answer in EasyPost's words; a gateway's page of the same status is none."""
    return 400 <= answer.status < 500 and "error" in answer.data  # noqa: PLR2004  4xx


def refused(answer: Answer) -> CarrierRefused:
    error = read_error(answer.data)
    reason = error.code or f"HTTP.{answer.status}"
    empty = answer.status == PAYMENT_REQUIRED or error.code in EMPTY_ACCOUNT
    kind = NoFunds if empty else CarrierRefused
    return kind(provider=NAME, reason=reason, told=error.told)


def down(answer: Answer) -> CarrierDown:
    """With `retry_after` seconds among its facts, if EasyPost named them."""
    facts: dict[str, object] = {"reason": read_error(answer.data).code or f"HTTP.{answer.status}"}
    pause = str(answer.headers.get(RETRY_AFTER, ""))
    if answer.status == TOO_MANY and pause.isascii() and pause.isdigit():
        facts["retry_after"] = int(pause)
    return CarrierDown(provider=NAME, **facts)


def read_error(raw: Mapping[str, Any]) -> Told:
    """`errors` are objects or plain texts, and so is the error itself."""
    error = raw.get("error")
    if not isinstance(error, Mapping):
        return Told("", text(error))
    details = error.get("errors")
    parts = [error.get("message"), *(details if isinstance(details, list) else [])]
    told = "; ".join(part for part in map(_detail, parts) if part)
    objects = tuple(part for part in parts[1:] if isinstance(part, Mapping))
    return Told(text(error.get("code")), text(told), objects)


def shipment_path(shipment_id: str) -> str:
    return f"/shipments/{quoted(shipment_id, safe='')}"


def _detail(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return text(raw)
    return ": ".join(filter(None, (text(raw.get("field")), text(raw.get("message")))))
