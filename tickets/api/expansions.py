"""What may be put into a ticket's answer besides its own fields; apps above add what is theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from people.actors import Actor
from tickets.models import Ticket

Load = Callable[[Sequence[Ticket], Actor], Mapping[int, Sequence[Any]]]


@dataclass(frozen=True)
class Expansion:
    """`load` reads for all tickets of an answer at once, by their ids; `shape` shows a row.

    It raises NotAllowed where the actor may not see such rows of a ticket that they may see.
    """

    shape: type[serializers.Serializer[Any]]
    load: Load
    many: bool = True


_known: dict[str, Expansion] = {}


def expands(name: str, expansion: Expansion) -> None:
    """Register what `expand=name` puts into each ticket."""
    _known[name] = expansion


def expansions() -> Mapping[str, Expansion]:
    return _known
