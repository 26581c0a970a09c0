"""News about people, told inside the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

from people.availability import Standing
from people.models import User


@dataclass(frozen=True)
class StatusChanged:
    """`user` is locked; `standing` is how they stand from now on."""

    user: User
    standing: Standing
