"""Reads of the labelled examples, filtered as a supervisor asks."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from people.actors import Actor
from tickets.models import TriageExample

State = TriageExample.State
FIELDS = ("category", "priority", "queue")


@dataclass(frozen=True)
class ExampleFilter:
    """Empty: any. `differs` names a field in which person and machine disagree."""

    state: str = ""
    machine_category: str = ""
    category: str = ""
    differs: str = ""
    rules_version: int | None = None

    def wanted(self) -> Q:
        named = {
            name: value
            for name in ("state", "machine_category", "category", "rules_version")
            if (value := getattr(self, name))
        }
        asked = Q(**named)
        if not self.state:
            asked &= ~Q(state=State.REPLACED)
        if self.differs in FIELDS:
            asked &= ~Q(**{self.differs: F(f"machine_{self.differs}")})
        return asked


def examples(*, actor: Actor, wanted: ExampleFilter | None = None) -> QuerySet[TriageExample]:
    """The latest first. Raises NotAllowed."""
    actor.require("edit_rules")
    rows = TriageExample.objects.filter((wanted or ExampleFilter()).wanted())
    people = ("ticket__customer", "ticket__agent", "said_by", "reviewed_by")
    return rows.select_related(*people).order_by("-said_at", "-id")
