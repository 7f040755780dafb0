"""What an unfinished label tells the customs: plain values in the draft, seen as a declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from botapp.states import Place
from core.customs import ContentsType, Customs, CustomsItem
from models.values import shape_of

_ITEM = shape_of(CustomsItem)


@dataclass(frozen=True, slots=True)
class Declaration:
    """`kept` is all of the label's draft."""

    kept: dict[str, Any]

    @property
    def contents(self) -> ContentsType | None:
        told = self._told.get("contents")
        return ContentsType(told) if told else None

    @property
    def items(self) -> tuple[CustomsItem, ...]:
        return tuple(_ITEM.read(item) for item in self._told.get("items", ()))

    def put_contents(self, contents: ContentsType) -> None:
        self.kept["customs"] = self._told | {"contents": contents.value}

    def put_items(self, items: Sequence[CustomsItem]) -> None:
        self.kept["customs"] = self._told | {"items": [_ITEM.write(item) for item in items]}

    def put(self, customs: Customs) -> None:
        """As it was told before; who signs follows from the sender."""
        self.put_contents(customs.contents)
        self.put_items(customs.items)

    def signed(self, signer: str) -> Customs | None:
        """None while something is still to be told."""
        contents, items = self.contents, self.items
        return Customs(contents, items, signer) if contents and items else None

    def gap(self) -> Place | None:
        """What is still to be told."""
        if self.contents is None:
            return Place.CONTENTS
        return None if self.items else Place.ITEM

    @property
    def _told(self) -> dict[str, Any]:
        told: dict[str, Any] = self.kept.get("customs", {})
        return told
