"""What Telegram says when it refuses a call."""

from dataclasses import dataclass


@dataclass
class BotApiError(Exception):
    """A refused call: HTTP status, Telegram's words, and the wait it asks for, if any."""

    code: int
    description: str
    retry_after: int | None = None

    def envelope(self) -> dict[str, object]:
        body: dict[str, object] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


@dataclass
class CustomerError(Exception):
    """What a customer's app could not do, and what it could have done instead."""

    message: str
    status: int = 400
    buttons: list[str] | None = None


def bad_request(description: str) -> BotApiError:
    return BotApiError(400, f"Bad Request: {description}")


def conflict(description: str) -> BotApiError:
    return BotApiError(409, f"Conflict: {description}")


def too_many_requests(retry_after: int) -> BotApiError:
    return BotApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after)


def blocked() -> BotApiError:
    return BotApiError(403, "Forbidden: bot was blocked by the user")
