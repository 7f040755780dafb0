"""The judge: is a call made as the Bot API describes it? The description is data."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

_INTEGER = re.compile(r"-?\d{1,19}")
_CONSTANT = re.compile(r'must be "?(\w+)"?$')
_ARRAY = "Array of "
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Misuse(ValueError):
    """A parameter that the description does not allow."""


class OtherKind(Misuse):
    """An object that says itself to be of another type than the one tried."""


@dataclass(frozen=True, slots=True)
class Judge:
    """`methods` and `types` in the shape of the public api.json of the Bot API."""

    methods: Mapping[str, Any]
    types: Mapping[str, Any]

    def read(
        self, method: str, given: Mapping[str, Any], files: Collection[str] = ()
    ) -> dict[str, Any]:
        """Parameters as Python values. Raises Misuse for one unknown, missing or mistyped."""
        fields = {field["name"]: field for field in self.methods[method].get("fields", [])}
        attached = {value[9:] for value in given.values() if str(value).startswith("attach://")}
        for name in [*given, *(set(files) - attached)]:
            if name not in fields:
                raise Misuse(f"{method} has no parameter {name!r}")
        values: dict[str, Any] = {}
        for name, field in fields.items():
            if name in given or name in files:
                values[name] = self._outer(field["types"], given.get(name), name, files)
            elif field["required"]:
                raise Misuse(f"{method} needs the parameter {name!r}")
        return values

    def fits(self, kind: str, value: Any) -> None:
        """Whether an answer is of the described type, all the way down. Raises Misuse."""
        self._value(kind, value, kind, outer=False)

    def _outer(self, kinds: list[str], value: Any, name: str, files: Collection[str]) -> Any:
        if "InputFile" in kinds and (value is None or str(value).startswith("attach://")):
            file_name = name if value is None else value[9:]
            if file_name in files:
                return f"attach://{file_name}"
            raise Misuse(f"{name}: no file {file_name!r} came with the request")
        if value is None:
            raise Misuse(f"{name}: must not be a file")
        return self._any_of(kinds, value, name, outer=True)

    def _any_of(self, kinds: list[str], value: Any, where: str, *, outer: bool) -> Any:
        complaint = Misuse(f"{where}: can't be of type {' or '.join(kinds)}")
        for kind in kinds:
            try:
                return self._value(kind, value, where, outer=outer)
            except OtherKind:
                continue
            except Misuse as misuse:
                complaint = misuse
        raise complaint

    def _value(self, kind: str, value: Any, where: str, *, outer: bool) -> Any:
        if kind in _PLAIN:
            return _plain(kind, value, where, outer=outer)
        if outer and isinstance(value, str):
            value = _parsed(value, where)
        if kind.startswith(_ARRAY):
            if not isinstance(value, list):
                raise Misuse(f"{where}: must be an array")
            inner = kind.removeprefix(_ARRAY)
            return [
                self._value(inner, item, f"{where}[{place}]", outer=False)
                for place, item in enumerate(value)
            ]
        return self._object(kind, value, where)

    def _object(self, kind: str, value: Any, where: str) -> Any:
        known = self.types.get(kind, {})
        if "subtypes" in known:
            return self._any_of(known["subtypes"], value, where, outer=False)
        if not isinstance(value, dict):
            raise Misuse(f"{where}: must be an object of type {kind}")
        if "fields" not in known:
            return value
        fields = {field["name"]: field for field in known["fields"]}
        said = _CONSTANT.search(fields.get("type", {}).get("description", ""))
        if said and value.get("type") != said[1]:
            raise OtherKind(f"{where}: {kind} has the type {said[1]!r}")
        for name in value:
            if name not in fields:
                raise Misuse(f"{where}: {kind} has no field {name!r}")
        for name, field in fields.items():
            if name in value:
                self._any_of(field["types"], value[name], f"{where}.{name}", outer=False)
            elif field["required"]:
                raise Misuse(f"{where}: {kind} needs the field {name!r}")
        return value


_PLAIN = {"Integer": int, "Float": float, "String": str, "Boolean": bool}


def _plain(kind: str, value: Any, where: str, *, outer: bool) -> Any:
    """Nested values have their JSON type; in a URL or a form everything is text."""
    if type(value) is _PLAIN[kind] or (kind == "Float" and type(value) is int):
        return value
    if outer and kind == "String" and type(value) in (int, float):
        return str(value)
    if outer and isinstance(value, str):
        if kind == "Integer" and _INTEGER.fullmatch(value):
            return int(value)
        if kind == "Boolean" and value.lower() in _BOOLEANS:
            return _BOOLEANS[value.lower()]
        if kind == "Float" and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value)
    raise Misuse(f"{where}: must be of type {kind}")


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Misuse(f"{where}: is not JSON") from error
