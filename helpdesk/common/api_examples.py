"""Examples of the OpenAPI document, made from its own schemas: each fits its schema, none goes stale.

A hook of drf-spectacular (`POSTPROCESSING_HOOKS`). Errors stand once among the components.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPMethod
from typing import Any

from django.utils import translation

from helpdesk.common.api_example_values import EMPTY, VALUES
from helpdesk.common.problems import CONTENT_TYPE, example_of, title_of
from helpdesk.common.wording import LANGUAGES, said_in

DEEPEST = 7
_METHODS = {method.lower() for method in HTTPMethod}


def add_examples(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """The document with an example of each parameter, body and answer."""
    schemas = result["components"]["schemas"]
    statuses: set[int] = set()
    for path in result["paths"].values():
        for method, operation in path.items():
            if method in _METHODS:
                statuses |= _complete(operation, schemas)
    responses = result["components"].setdefault("responses", {})
    for status in sorted(statuses):
        responses[_name(status)] = _problem(status)
    return result


def _complete(operation: dict[str, Any], schemas: Mapping[str, Any]) -> set[int]:
    """Gives an operation its examples; the statuses of its errors."""
    for parameter in operation.get("parameters", ()):
        parameter["example"] = Maker(schemas).example(parameter["schema"], parameter["name"])
    for media in (operation.get("requestBody") or {}).get("content", {}).values():
        media["example"] = Maker(schemas, reading=True).example(media["schema"])
    errors = set()
    for status, response in operation["responses"].items():
        if CONTENT_TYPE in response.get("content", {}):
            operation["responses"][status] = {"$ref": f"#/components/responses/{_name(status)}"}
            errors.add(int(status))
            continue
        response["description"] = response.get("description") or operation["summary"]
        for kind, media in response.get("content", {}).items():
            if kind == "application/json":
                media["example"] = Maker(schemas).example(media["schema"])
    return errors


@dataclass(frozen=True)
class Maker:
    """Makes values that fit schemas. `reading`: as the API reads them, so what is needed and well known."""

    schemas: Mapping[str, Any]
    reading: bool = False

    def example(self, schema: Any, name: str = "", depth: int = 0) -> Any:
        if "$ref" in schema:
            return self.example(self.schemas[schema["$ref"].rpartition("/")[2]], name, depth)
        for word in ("allOf", "oneOf", "anyOf"):
            if word in schema:
                return self.example(schema[word][0], name, depth)
        if "enum" in schema:
            return _chosen(schema["enum"], name)
        if "const" in schema:
            return schema["const"]
        kinds = schema.get("type", "object" if "properties" in schema else "string")
        if isinstance(kinds, list):
            if "null" in kinds and name in EMPTY and not self.reading:
                return None
            kinds = kinds[0]
        if kinds == "object":
            return self._object(schema, name, depth)
        if kinds == "array":
            return self._array(schema, name, depth)
        return _plain(schema, kinds, name)

    def _object(self, schema: Any, name: str, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part, inner in schema.get("properties", {}).items():
            if part in schema.get("required", ()) or self._shows(part, depth):
                known = f"{name}.{part}"
                found[part] = self.example(inner, known if known in VALUES else part, depth + 1)
        more = schema.get("additionalProperties")
        if isinstance(more, dict) and more and not found:
            return {"key": self.example(more, "", depth + 1)}
        return found

    def _shows(self, part: str, depth: int) -> bool:
        return part in VALUES and depth < 1 if self.reading else depth < DEEPEST

    def _array(self, schema: Any, name: str, depth: int) -> list[Any]:
        if depth >= DEEPEST and not schema.get("minItems"):
            return []
        one = name.removesuffix("s")
        item = self.example(schema["items"], one if one in VALUES else name, depth + 1)
        return [item] * max(1, schema.get("minItems", 0))


def _chosen(values: list[Any], name: str) -> Any:
    return VALUES[name] if VALUES.get(name) in values else values[0]


def _plain(schema: Any, kind: str, name: str) -> Any:
    form = schema.get("format", "")
    known = VALUES.get(name, VALUES.get(form))
    if kind == "boolean":
        return schema.get("default", False)
    if kind in ("integer", "number"):
        number = known if isinstance(known, int | float) else 12
        number = max(number, schema.get("minimum", number))
        number = min(number, schema.get("maximum", number))
        return int(number) if kind == "integer" else number
    if kind == "null":
        return None
    if form in ("date-time", "date", "uri", "binary", "email", "uuid"):
        known = VALUES[form]
    text = known if isinstance(known, str) else VALUES["text"]
    return str(text)[: schema.get("maxLength")].ljust(schema.get("minLength", 0), "x")


def _name(status: int | str) -> str:
    return f"Problem{status}"


def _problem(status: int) -> dict[str, Any]:
    with translation.override("en"):
        title = str(title_of(status))
    code, detail = example_of(status)
    shown = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": said_in(detail, LANGUAGES[0]),
        **{f"detail_{language}": said_in(detail, language) for language in LANGUAGES},
        "errors": [],
    }
    schema = {"$ref": "#/components/schemas/ProblemDocument"}
    media = {"schema": schema, "example": shown}
    return {"description": title, "content": {CONTENT_TYPE: media}}
