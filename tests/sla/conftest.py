from __future__ import annotations

from tests.support.stages import stage

__all__ = ["stage"]
