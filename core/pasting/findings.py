"""What was found so far in a pasted text."""

from dataclasses import dataclass, field as factory

from core.addresses import BadField, read_field


@dataclass(slots=True)
class Findings:
    fields: dict[str, str] = factory(default_factory=dict)
    doubtful: set[str] = factory(default_factory=set)
    country: str = ""

    def found(self, field: str, typed: str, *, doubt: bool = False) -> None:
        """Keep the first sound value of each field."""
        if field in self.fields or not typed:
            return
        try:
            value = read_field(field, typed)
        except BadField:
            return
        self.fields[field] = value
        if doubt:
            self.doubtful.add(field)
