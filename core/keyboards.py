"""Buttons under a message: what they say, and what they send back or open."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import PlatformError

MOST_DATA_BYTES = 64
"""Telegram's limit for what a button sends back."""


class BadButton(PlatformError):
    """A button that no messenger would take: a mistake of ours. Facts: `label`."""


@dataclass(frozen=True, slots=True)
class Button:
    """It sends `data` back to us, or opens `url`: exactly one of them."""

    label: str
    data: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        too_long = len(self.data.encode()) > MOST_DATA_BYTES
        if not self.label or bool(self.data) == bool(self.url) or too_long:
            raise BadButton(label=self.label)


Keyboard = Sequence[Sequence[Button]]
