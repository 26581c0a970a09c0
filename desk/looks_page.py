"""The page of looks at masked data: who looked at whose contact, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.ledger_page import DAYS, SENSIBLE, midnight
from desk.selectors import desk_people
from helpdesk.common.durations import WIB
from helpdesk.common.errors import InvalidInput
from people.actors import Actor
from people.models import organisation
from seller_chat.models import ConversationLook
from seller_chat.talks import conversation_looks
from tickets.looks import Wanted, counts_of, looks, page_of_looks
from tickets.models import DataLook
from tickets.services import look_reasons

PAGE_SIZE = 50
# Why reviewers read a conversation; nobody chooses these.
_OF_REVIEWERS = {"review": _("Reviewing a message"), "report": _("Verifying a shop's report")}


class LooksFilter(forms.Form):
    """Dates are days in WIB, both included; wrong values are said and filter nothing."""

    since = forms.DateField(label=_("From"), required=False, validators=SENSIBLE)
    until = forms.DateField(label=_("Until"), required=False, validators=SENSIBLE)
    person = forms.TypedChoiceField(
        label=_("Who looked"), required=False, coerce=int, empty_value=None
    )
    customer = forms.CharField(
        label=_("Whose data (ticket number or contact)"), required=False, max_length=254
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="looks_%s")
        people: Any = self.fields["person"]
        people.choices = [("", _("all")), *((row.pk, row.full_name) for row in desk_people())]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def wanted(self) -> Wanted:
        found = self.cleaned_data if self.is_valid() else {}
        since, until = found.get("since"), found.get("until")
        return Wanted(
            since=midnight(since) if since else None,
            until=midnight(until) + timedelta(days=1) if until else None,
            person=found.get("person"),
            customer=found.get("customer", ""),
        )


@dataclass(frozen=True)
class Line:
    """One look with its reason in the reader's words."""

    of: DataLook | ConversationLook
    reason: str


def looks_context(actor: Actor, query: QueryDict, now: datetime) -> dict[str, Any]:
    """The context of `desk/looks/page.html`: the last seven days unless others are asked for."""
    form = _filter_of(query, now)
    rows = looks(form.wanted(), actor=actor)
    asked: dict[str, Any] = {"page_size": PAGE_SIZE, "cursor": query.get("cursor", "")[:200]}
    try:
        found, following = page_of_looks(rows, asked)
    except InvalidInput:  # a cursor that is none of ours: the first page
        asked["cursor"] = ""
        found, following = page_of_looks(rows, asked)
    names = {reason.code: reason.name for reason in look_reasons()} | _OF_REVIEWERS
    words = {name: str(form.data[name]) for name in form.fields if form.data.get(name)}
    return {
        "section": "dashboard",
        "form": form,
        "counts": counts_of(rows),
        "usual": organisation()["looks"]["usual_per_day"],
        "read": [Line(row, str(names.get(row.reason, row.reason))) for row in _read(form)],
        "lines": [Line(row, str(names.get(row.reason, row.reason))) for row in found],
        "query": urlencode(words),
        "next": urlencode({**words, "cursor": following["cursor"]}) if following else "",
        "first": not asked["cursor"],
    }


def _read(form: LooksFilter) -> list[ConversationLook]:
    """The latest conversations that were read, of the same days and person."""
    wanted = form.wanted()
    rows = conversation_looks(wanted.since, wanted.until, wanted.person)
    return [] if wanted.customer else list(rows[:PAGE_SIZE])


def _filter_of(query: QueryDict, now: datetime) -> LooksFilter:
    if any(name in query for name in LooksFilter.base_fields):
        return LooksFilter(query)
    today = now.astimezone(WIB).date()
    return LooksFilter({"since": (today - timedelta(days=DAYS - 1)).isoformat()})
