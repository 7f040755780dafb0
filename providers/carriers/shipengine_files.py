"""The files of ShipEngine's labels, in the formats that a label has."""

from dataclasses import dataclass

from core.label_formats import LabelFormat
from providers.carriers.base import CarrierDown, CarrierRefused
from providers.carriers.shipengine_errors import OK
from providers.carriers.shipengine_line import Line
from providers.http import Answer, NotSent, Silent

MOST_BYTES = 10 * 1024 * 1024
LOCKED = frozenset({401, 403})
BEGINNINGS = {
    LabelFormat.PDF_4X6: b"%PDF",
    LabelFormat.PDF_LETTER: b"%PDF",
    LabelFormat.PNG: b"\x89PNG",
    LabelFormat.ZPL: b"^XA",
}


@dataclass(frozen=True, slots=True)
class Files:
    """What each call raises is told by the protocol Carrier."""

    line: Line

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:
        url = self.line.label(label_id).file(wanted)
        if not url:
            raise CarrierRefused(provider=self.line.name, reason="format_not_offered", told="")
        return self.fetch(url, wanted)

    def fetch(self, url: str, wanted: LabelFormat) -> bytes:
        try:
            answer = self._answer(url)
        except (NotSent, Silent) as error:
            raise CarrierDown(provider=self.line.name) from error
        if answer.status != OK or not answer.content.lstrip().startswith(BEGINNINGS[wanted]):
            raise self.line.down(answer)
        return answer.content

    def _answer(self, url: str) -> Answer:
        """Files are open to everybody, though the specification has them want our key.

        Only the service itself is ever shown it.
        """
        answer = self.line.door.fetch(url, most_bytes=MOST_BYTES)
        path = self.line.door.path_of(url)
        if answer.status in LOCKED and path is not None:
            return self.line.door.call("GET", path)
        return answer
