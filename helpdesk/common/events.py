"""Typed publish and subscribe inside one process and one transaction.

News travels up the import order only as events: a lower app publishes a frozen dataclass, a higher
app hears it. Receivers run at once, in the publisher's transaction, in order of registration;
a receiver that raises undoes the whole change. Register in `AppConfig.ready` by importing the
app's `receivers` module.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

E = TypeVar("E")
_receivers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def hears(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function as a receiver of `kind`."""

    def register(receiver: Callable[[E], None]) -> Callable[[E], None]:
        if receiver not in _receivers[kind]:
            _receivers[kind].append(receiver)
        return receiver

    return register


def publish(event: object) -> None:
    """Tell every receiver of the event's exact type. Must be called inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{type(event).__name__} published outside a transaction")
    for receiver in _receivers[type(event)]:
        receiver(event)


def receivers_of(kind: type) -> tuple[Callable[[Any], None], ...]:
    return tuple(_receivers[kind])
