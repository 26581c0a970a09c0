from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework.serializers import Serializer


def listed(shape: type[Serializer], rows: Iterable[Any], **context: Any) -> list[dict[str, Any]]:
    """Each row in the shape of the answer."""
    many: Any = rows  # the stubs know a serializer of one instance only
    return list(shape(many, many=True, context=context).data)
