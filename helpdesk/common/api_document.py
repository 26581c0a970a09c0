"""The maker of the API's document: one text, whatever language its reader has chosen."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator


class Generator(SchemaGenerator):
    def get_schema(self, *args: Any, **options: Any) -> Any:
        with translation.override("en"):
            return super().get_schema(*args, **options)  # type: ignore[no-untyped-call]
