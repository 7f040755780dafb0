"""Says what in an HTTP exchange an official OpenAPI specification does not allow."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.contracts.schema_judge import Schemas

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
Raw = dict[str, Any]


class Judge:
    """Faults are sentences such as `body.shipment.packages: missing`; none means valid."""

    def __init__(self, document: Raw) -> None:
        self._document = document
        self._schemas = Schemas(document)

    def request(self, method: str, target: str, body: Any = None) -> list[str]:
        """`target` is a path as the specification writes it, with the query that was sent."""
        path, query = urlsplit(target).path, dict(parse_qsl(urlsplit(target).query))
        operation, found = self._operation(method, path)
        if operation is None:
            return [f"{method} {path}: unknown"]
        faults = list(self._parameters(operation, {"query": query, "path": found}))
        wanted = self._schemas.resolved(operation.get("requestBody", {}))
        if body is None:
            return faults + ["body: missing"] * bool(wanted.get("required"))
        schema = _json_schema(wanted)
        if schema is None:
            return [*faults, "body: not wanted"]
        return [*faults, *self._schemas.faults(schema, body, "body", asking=True)]

    def response(self, method: str, target: str, status: int, body: Any) -> list[str]:
        """`body` is the JSON that came, None when there was none."""
        operation, _ = self._operation(method, urlsplit(target).path)
        if operation is None:
            return [f"{method} {target}: unknown"]
        answers = operation["responses"]
        answer = self._schemas.resolved(answers.get(str(status), answers.get("default")))
        if answer is None:
            return [f"status {status}: not specified"]
        schema = _json_schema(answer)
        if schema is None:
            return []
        if body is None and self._schemas.kind(schema) == "string":
            body = ""
        return list(self._schemas.faults(schema, body, "body", asking=False))

    def _operation(self, method: str, path: str) -> tuple[Raw | None, dict[str, str]]:
        for template in sorted(self._document["paths"], key=lambda known: known.count("{")):
            operation = self._document["paths"][template].get(method.lower())
            found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template), path)
            if operation and found:
                shared = self._document["paths"][template].get("parameters", [])
                parameters = [*shared, *operation.get("parameters", [])]
                return {**operation, "parameters": parameters}, found.groupdict()
        return None, {}

    def _parameters(self, operation: Raw, given: dict[str, dict[str, str]]) -> Iterator[str]:
        known = [self._schemas.resolved(one) for one in operation["parameters"]]
        for place, values in given.items():
            wanted = {one["name"]: one for one in known if one["in"] == place}
            yield from (f"{place}.{name}: unknown" for name in values.keys() - wanted.keys())
            for name, one in wanted.items():
                if name in values:
                    value = self._schemas.read(one["schema"], values[name])
                    where = f"{place}.{name}"
                    yield from self._schemas.faults(one["schema"], value, where, asking=True)
                elif one.get("required"):
                    yield f"{place}.{name}: missing"


@cache
def judge(name: str) -> Judge:
    """The judge of `shipengine` or `shipstation-v2`; skips where the contracts are not."""
    specification = CONTRACTS / name / "openapi.json"
    if not specification.exists():
        pytest.skip("the contracts in ../shared are not here")
    return Judge(json.loads(specification.read_text(encoding="utf-8")))


def _json_schema(described: Raw) -> Raw | None:
    content: Raw = described.get("content", {})
    schema: Raw | None = content.get("application/json", {}).get("schema")
    return schema
