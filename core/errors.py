"""What can go wrong, sorted by who can help.

Errors carry a code and facts; words are added where people read.
"""

import re
from typing import Any


class PlatformError(Exception):
    """A failure with a code for machines and the facts that its words need."""

    code = "platform_error"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code, facts)

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} {told}".rstrip()


class Refusal(PlatformError):
    """The person asking can put it right. It is told to them, and never retried."""


class Unavailable(PlatformError):
    """Time can put it right. The work is tried again, later and later."""


class Doubtful(PlatformError):
    """Nobody knows whether the far side acted. Look first; never send again blindly."""


class Alarm(PlatformError):
    """Something that must never happen did. An operator has to look."""
