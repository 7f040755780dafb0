"""Values of the types that the Bot API describes, drawn by their description."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fuzz.nasty import words

_ARRAY = "Array of "
_ALWAYS = re.compile(r'(?:always|must be) "?(\w+)"?')
_QUOTED = re.compile(r'"(\w+)"')
SELDOM = (0.35, 0.2, 0.1, 0.0)
"""How often an optional field is there, by depth."""
SHALLOW = ("String", "InaccessibleMessage")
"""What ends a type that holds itself."""
SMALL, NOW = 600, 1_790_000_000


@dataclass(frozen=True)
class Grammar:
    """`types` in the shape of the public api.json."""

    types: Mapping[str, Any]

    @property
    def kinds(self) -> dict[str, str]:
        """What an update may bring, and of which type that is."""
        fields = self.types["Update"]["fields"]
        return {one["name"]: one["types"][0] for one in fields if not one["required"]}

    def draw(self, random: Random, kind: str, depth: int = 0) -> Any:
        if kind.startswith(_ARRAY):
            inner = kind.removeprefix(_ARRAY)
            return [self.draw(random, inner, depth + 1) for _ in range(_length(random, depth))]
        if kind not in self.types:
            return _plain(random, kind, "", "")
        known = self.types[kind]
        if "subtypes" in known:
            return self.draw(random, _subtype(random, known["subtypes"], depth), depth + 1)
        often = SELDOM[min(depth, len(SELDOM) - 1)]
        return {
            field["name"]: self._field(random, field, depth)
            for field in known.get("fields", [])
            if field["required"] or random.random() < often
        }

    def _field(self, random: Random, field: Mapping[str, Any], depth: int) -> Any:
        kind = random.choice(field["types"])
        if kind.startswith(_ARRAY) or kind in self.types:
            return self.draw(random, kind, depth + 1)
        return _plain(random, kind, field["name"], field["description"])


def _length(random: Random, depth: int) -> int:
    return random.randint(0, max(0, 3 - depth))


def _subtype(random: Random, subtypes: list[str], depth: int) -> str:
    ends = [one for one in subtypes if one in SHALLOW]
    return ends[0] if ends and depth >= len(SELDOM) else random.choice(subtypes)


def _plain(random: Random, kind: str, name: str, told: str) -> Any:
    if kind == "Boolean":
        return random.random() < 0.5
    if kind == "Float":
        return random.uniform(-180, 180)
    if kind == "Integer":
        return NOW + random.randint(0, SMALL) if "date" in name else random.randint(0, SMALL)
    if name in {"type", "status", "source"}:
        if always := _ALWAYS.search(told):
            return always[1]
        if options := _QUOTED.findall(told):
            return random.choice(options)
    return str(random.getrandbits(60)) if name.endswith("id") else words(random)
