"""A choice among people, each with what one wants to know before giving them work."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from helpdesk.common import clock
from people.availability import Availability
from people.models import User, standings
from tickets.selectors import open_counts


class PersonField(forms.ModelChoiceField):
    """By name, with the number of their open tickets, and whether they are away or off shift."""

    def label_from_instance(self, obj: Any) -> str:
        person: User = obj
        words = _("%(name)s, %(number)s open") % {
            "name": person.full_name,
            "number": self._open.get(person.pk, 0),
        }
        standing = self._standings.get(person.pk)
        if standing is None or standing.available:
            return words
        return f"{words} ({Availability(standing.status).label})"

    @cached_property
    def _standings(self) -> dict[int, Any]:
        ids = self.queryset.order_by().values_list("pk", flat=True) if self.queryset else []
        return standings(ids, clock.now())

    @cached_property
    def _open(self) -> dict[Any, int]:
        return {row.key: row.n for row in open_counts() if row.field == "assignee_id"}
