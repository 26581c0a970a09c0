from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from rest_framework.serializers import DateTimeField, Serializer


def listed(shape: type[Serializer], rows: Iterable[Any], **context: Any) -> list[dict[str, Any]]:
    """Each row in the shape of the answer."""
    many: Any = rows  # the stubs know a serializer of one instance only
    return list(shape(many, many=True, context=context).data)


class Moment(DateTimeField):
    """An instant in UTC ('…Z'), whoever asks and wherever the server stands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **options})
