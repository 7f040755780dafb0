"""Values against the schemas of an OpenAPI document, as far as carriers' specifications go."""

import re
from collections.abc import Callable, Iterator
from typing import Any

Raw = dict[str, Any]
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
FORMATS = {
    "date-time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
}


class Schemas:
    """With `asking`, values come from the client, whom read-only fields do not concern."""

    def __init__(self, document: Raw) -> None:
        self._document = document

    def resolved(self, described: Any) -> Any:
        while isinstance(described, dict) and "$ref" in described:
            found: Any = self._document
            for step in described["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            described = found
        return described

    def read(self, schema: Raw, text: str) -> Any:
        """What a query's text means; itself when it can't mean what is wanted."""
        kind = self.kind(schema)
        if kind in ("integer", "number") and re.fullmatch(r"-?\d+", text):
            return int(text)
        return {"true": True, "false": False}.get(text, text) if kind == "boolean" else text

    def faults(self, schema: Raw, value: Any, where: str, *, asking: bool) -> Iterator[str]:
        if "$ref" in schema:
            schema = self.resolved(schema)
        if value is None and _may_be_null(schema):
            return
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(TYPES[kind](value) for kind in kinds):
            yield f"{where}: {value!r} is not {' or '.join(kinds)}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is not one of {schema['enum']}"
        yield from _size_faults(schema, value, where)
        for part in schema.get("allOf", []):
            yield from self.faults(part, value, where, asking=asking)
        yield from self._choice_faults(schema, value, where, asking=asking)
        if isinstance(value, list):
            for number, one in enumerate(value):
                place = f"{where}[{number}]"
                yield from self.faults(schema.get("items", {}), one, place, asking=asking)
        if isinstance(value, dict):
            yield from self._object_faults(schema, value, where, asking=asking)

    def _choice_faults(self, schema: Raw, value: Any, where: str, *, asking: bool) -> Iterator[str]:
        for rule in ("oneOf", "anyOf"):
            if rule not in schema:
                continue
            tries = [list(self.faults(one, value, where, asking=asking)) for one in schema[rule]]
            fits = sum(not faults for faults in tries)
            if not fits:
                yield f"{where}: fits none of {rule}: {tries}"
            elif fits > 1 and rule == "oneOf":
                yield f"{where}: fits {fits} of oneOf"

    def _object_faults(self, schema: Raw, value: Raw, where: str, *, asking: bool) -> Iterator[str]:
        everything = self._properties(schema)
        foreign = "readOnly" if asking else "writeOnly"
        for name in schema.get("required", []):
            if name not in value and not self._marked(everything.get(name, {}), foreign):
                yield f"{where}.{name}: missing"
        known = schema.get("properties", {})
        for name, one in known.items():
            if name not in value:
                continue
            if asking and self._marked(one, "readOnly"):
                yield f"{where}.{name}: read-only"
            yield from self.faults(one, value[name], f"{where}.{name}", asking=asking)
        rest = schema.get("additionalProperties", True)
        for name in value.keys() - known.keys():
            if rest is False:
                yield f"{where}.{name}: unknown"
            elif isinstance(rest, dict):
                yield from self.faults(rest, value[name], f"{where}.{name}", asking=asking)

    def _properties(self, schema: Raw) -> Raw:
        schema = self.resolved(schema)
        found: Raw = {}
        for part in schema.get("allOf", []):
            found |= self._properties(part)
        return found | schema.get("properties", {})

    def _marked(self, schema: Raw, mark: str) -> bool:
        return bool(schema.get(mark) or self.resolved(schema).get(mark))

    def kind(self, schema: Raw) -> str:
        """The type that a schema, or the first part of one, is of; empty when it says none."""
        schema = self.resolved(schema)
        inner = (self.kind(part) for part in schema.get("allOf", []))
        return str(schema.get("type") or next(inner, ""))


def _may_be_null(schema: Raw) -> bool:
    return bool(schema.get("nullable") or schema.get("x-nullable"))


def _size_faults(schema: Raw, value: Any, where: str) -> Iterator[str]:
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{where}: {value!r} has {len(value)} letters"
        for rule in (schema.get("pattern"), f"^{FORMATS.get(schema.get('format', ''), '.*')}$"):
            if rule and not re.search(rule, value, re.DOTALL):
                yield f"{where}: {value!r} does not match {rule}"
    if isinstance(value, list) and len(value) < schema.get("minItems", 0):
        yield f"{where}: has {len(value)} items"
    if TYPES["number"](value):
        least, most = schema.get("minimum", value), schema.get("maximum", value)
        # Only as a flag, as in OpenAPI 3.0: where 3.1 wants a number, the one given is a slip.
        excluded = schema.get("exclusiveMinimum") is True and value == least
        if not least <= value <= most or excluded:
            yield f"{where}: {value!r} is out of range"
