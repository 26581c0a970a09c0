"""The maker of the API's document: one text, whatever language its reader has chosen."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator


class Generator(SchemaGenerator):
    def get_schema(self, *args: Any, **options: Any) -> Any:
        with translation.override("en"):
            return super().get_schema(*args, **options)  # type: ignore[no-untyped-call]


def drop_empty_defaults(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """A hook: our own '' for 'not said' is no value that a caller may send where a list or a length says so."""
    schemas = result["components"]["schemas"]
    parts = [part for one in schemas.values() for part in one.get("properties", {}).values()]
    operations = [each for path in result["paths"].values() for each in path.values()]
    sent = [one["schema"] for each in operations for one in each.get("parameters", ())]
    for part in (*parts, *sent):
        (named,) = part.get("allOf", [part])[:1]
        listed = schemas.get(named.get("$ref", "").rpartition("/")[2], named).get("enum")
        unlisted = listed is not None and part.get("default") not in (None, *listed)
        if unlisted or (part.get("default") == "" and part.get("minLength")):
            del part["default"]
    return result
