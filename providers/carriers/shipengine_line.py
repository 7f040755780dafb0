"""The line to ShipEngine: asking what may be asked again, and reading labels from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote as quoted

from providers.carriers.base import CarrierDown, CarrierRefused
from providers.carriers.shipengine_errors import (
    LATER,
    OK,
    PARTLY,
    BrokenAnswer,
    down,
    entries,
    is_refusal,
    mapping,
    read_errors,
    refused,
)
from providers.carriers.shipengine_labels import Label
from providers.http import Answer, Door, NotSent, Silent


@dataclass(frozen=True, slots=True)
class Line:
    """A door whose answers are sorted."""

    door: Door

    @property
    def name(self) -> str:
        return self.door.name

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, object] | Sequence[object] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """An answer, or a refusal in their words. Raises CarrierDown: whatever else means later."""
        try:
            answer = self.door.call(method, path, body=body, params=params)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=self.name) from error
        answered = answer.status in {OK, PARTLY} or is_refusal(answer)
        if not answered or answer.status in LATER or read_errors(answer.data).broken:
            raise self.down(answer)
        return answer

    def get(self, path: str, **params: str) -> Answer:
        """A whole answer of status 200. Raises CarrierDown."""
        answer = self.ask("GET", path, params=params or None)
        if answer.status != OK:
            raise self.down(answer)
        return answer

    def label(self, label_id: str) -> Label:
        """Raises CarrierDown."""
        answer = self.get(f"/labels/{segment(label_id)}")
        try:
            return Label(answer.data)
        except BrokenAnswer as error:
            raise self.down(answer) from error

    def labels(self, **wanted: str) -> list[Label]:
        """The first page of them. Raises CarrierDown."""
        answer = self.get("/labels", **wanted)
        if not isinstance(answer.data.get("labels"), list):
            raise self.down(answer)
        try:
            return [Label(mapping(raw)) for raw in entries(answer.data["labels"])]
        except BrokenAnswer as error:
            raise self.down(answer) from error

    def refused(self, answer: Answer) -> CarrierRefused:
        return refused(self.name, answer)

    def down(self, answer: Answer) -> CarrierDown:
        return down(self.name, answer)


def segment(part: str) -> str:
    """One step of a path, whatever is in it."""
    return quoted(part, safe="")
