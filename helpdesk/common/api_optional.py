"""A part of an answer that only some readers get is not among those that are always there.

drf-spectacular takes every computed part for one that is always there. What a part's help says about
its readers is the same sentence everywhere, so the document is put right by it.
"""

from __future__ import annotations

from typing import Any

FOR_SOME = ("Only for the desk.", "Not for the desk.")


def let_some_be_absent(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """A hook of drf-spectacular (`POSTPROCESSING_HOOKS`)."""
    for schema in result["components"]["schemas"].values():
        for name, part in schema.get("properties", {}).items():
            required = schema.get("required", [])
            if name in required and part.get("description", "").endswith(FOR_SOME):
                required.remove(name)
    return result
