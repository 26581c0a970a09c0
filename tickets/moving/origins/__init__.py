"""The exports that are understood. Each origin turns a row into our own shape (`tickets.moving.export`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tickets.moving.entry import Shape
from tickets.moving.origins import freshdesk, own, zammad, zendesk
from tickets.moving.people import People

Origin = Callable[[dict[str, Any], People], Shape]
ORIGINS: dict[str, Origin] = {
    "tuntas": own.shape_of,
    "zendesk": zendesk.shape_of,
    "zammad": zammad.shape_of,
    "freshdesk": freshdesk.shape_of,
}
