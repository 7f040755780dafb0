"""How long each carrier takes a bought label back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

OTHER = "other"
_PART = re.compile(r"\s*([a-z]+)\s*=\s*([1-9]\d{0,2})\s*")


@dataclass(frozen=True, slots=True)
class Windows:
    """Days by carrier, in lower case; `other` for every carrier that is not named."""

    days: Mapping[str, int]

    def end(self, carrier: str, bought_at: datetime) -> datetime:
        """When the carrier stops taking it back. Accounts have names such as `UPSDAP`."""
        known = (name for name in self.days if carrier.lower().startswith(name))
        return bought_at + timedelta(days=self.days[max(known, key=len, default=OTHER)])


def read_windows(text: str) -> Windows:
    """From `usps=30, ups=90, other=30`. Raises ValueError."""
    parts = [_PART.fullmatch(part) for part in text.lower().split(",")]
    days = {part[1]: int(part[2]) for part in parts if part}
    if OTHER not in days or len(days) != len(parts):
        raise ValueError("it names days for carriers and for all others, as usps=30,other=30")
    return Windows(days)
