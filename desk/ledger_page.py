"""The ledger as a page and as a file: filters, words for what caused each line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.causes import cause_of
from escalation.ledger import Entry, Ledger, Wanted, entries_of, ledger
from escalation.models import Escalation
from escalation.models.escalation import ON_TIME_SECONDS
from helpdesk.common.durations import WIB
from helpdesk.common.errors import InvalidInput
from people.actors import Actor
from people.models import Team
from tickets.numbers import read_number
from tickets.states import Priority

PAGE_SIZE = 50
DAYS = 7
ANY = ("", _("all"))
TRIGGERS = (("automatic", _("all automatic ones")), *Escalation.Origin.choices)
WORDS = ("team", "trigger", "priority", "ticket")
BEFORE_ALL = datetime(2000, 1, 1, tzinfo=WIB)
SENSIBLE = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class LedgerFilter(forms.Form):
    """Dates are days in WIB, both included; of wrong values is said what is wrong, and nothing shown."""

    since = forms.DateField(label=_("From"), required=False, validators=SENSIBLE)
    until = forms.DateField(label=_("Until"), required=False, validators=SENSIBLE)
    team = forms.ChoiceField(label=_("Team"), required=False)
    trigger = forms.ChoiceField(label=_("Cause"), required=False, choices=[ANY, *TRIGGERS])
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[ANY, *Priority.choices]
    )
    ticket = forms.CharField(label=_("Ticket number"), required=False, max_length=40)
    late = forms.BooleanField(label=_("Only late ones"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="ledger_%s")
        teams: Any = self.fields["team"]
        teams.choices = [ANY, *((team.code, team.name) for team in Team.objects.all())]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def clean_ticket(self) -> str:
        typed: str = self.cleaned_data["ticket"]
        if typed and read_number(typed) is None:
            raise forms.ValidationError(_("This is no ticket number."), code="no_ticket_number")
        return typed

    def wanted(self) -> Wanted:
        if not self.is_valid():
            return Wanted(until=BEFORE_ALL)
        found = self.cleaned_data
        since, until = found.get("since"), found.get("until")
        return Wanted(
            since=midnight(since) if since else None,
            until=midnight(until) + timedelta(days=1) if until else None,
            **{name: found.get(name, "") for name in WORDS},
            late=bool(found.get("late")),
        )


@dataclass(frozen=True)
class Line:
    """An entry of the ledger and what caused it, in the reader's words."""

    entry: Entry
    cause: str

    @property
    def of(self) -> Escalation:
        return self.entry.escalation


def filter_of(query: QueryDict, now: datetime) -> LedgerFilter:
    """The last seven days unless the reader asks for others."""
    if any(name in query for name in LedgerFilter.base_fields):
        return LedgerFilter(query)
    today = now.astimezone(WIB).date()
    return LedgerFilter({"since": (today - timedelta(days=DAYS - 1)).isoformat()})


def ledger_context(actor: Actor, query: QueryDict, now: datetime) -> dict[str, Any]:
    """The context of `desk/ledger/page.html`. Raises NotAllowed."""
    form = filter_of(query, now)
    rows = ledger(form.wanted(), actor=actor)
    asked = {"page_size": PAGE_SIZE, "cursor": query.get("cursor", "")[:200]}
    try:
        found, following = rows.page(asked)
    except InvalidInput:  # a cursor that is none of ours: the first page
        asked["cursor"] = ""
        found, following = rows.page(asked)
    words = _words(form)
    return {
        "section": "escalations",
        "form": form,
        "summary": rows.summary(),
        "on_time_seconds": ON_TIME_SECONDS,
        "lines": lines_of(found),
        "query": urlencode(words),
        "next": urlencode({**words, "cursor": following["cursor"]}) if following else "",
        "first": not asked["cursor"],
    }


def lines_of(rows: list[Escalation]) -> list[Line]:
    return [Line(entry, _cause(entry.escalation)) for entry in entries_of(rows)]


def _cause(escalation: Escalation) -> str:
    return cause_of(escalation) if escalation.is_automatic else gettext("Asked for by hand")


def every_line(rows: Ledger, *, limit: int) -> Iterator[Line]:
    """All lines, the latest first, read in pages, so that neither side holds them all at once."""
    asked: dict[str, Any] | None = {"page_size": 500}
    left = limit
    while asked is not None and left > 0:
        found, asked = rows.page(asked)
        yield from lines_of(found[:left])
        left -= len(found)


def _words(form: LedgerFilter) -> dict[str, str]:
    """The filter as it stands, for links."""
    data = {name: form.data.get(name, "") for name in form.fields}
    return {name: str(value) for name, value in data.items() if value}


def midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=WIB)
