from __future__ import annotations

from tests.support.public import as_user, own_media, visitor
from tests.support.stages import stage

__all__ = ["as_user", "own_media", "stage", "visitor"]
