"""One verb on many tickets: its form, the tickets chosen, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from desk.forms import LONG, LocalMoment
from desk.judged import JudgedForm
from desk.person_field import PersonField
from desk.selectors import desk_people
from helpdesk.common.errors import InvalidInput
from people.actors import Actor
from people.models import User
from tickets.models import Ticket
from tickets.numbers import read_number
from tickets.selectors import visible_tickets, with_people
from tickets.services import BULK_MOST, Order, Outcome, act_on_many
from tickets.states import OPEN_STATES


class ManyForm(JudgedForm):
    """What a verb needs, asked once for all tickets."""


class AssignManyForm(ManyForm):
    assignee = PersonField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        empty_label=_("Choose a person."),
        error_messages={"required": _("Choose a person.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = desk_people()  # type: ignore[attr-defined]


class ReasonManyForm(ManyForm):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )


class HoldManyForm(ReasonManyForm):
    until = LocalMoment(label=_("Until (WIB)"), required=False)
    field_order = ("until", "reason")


@dataclass(frozen=True)
class ManyVerb:
    name: str
    label: Any
    icon: str
    form: type[ManyForm] = ManyForm
    hint: Any = ""


_ALL = (
    ManyVerb("assign", _("Assign"), "users", AssignManyForm),
    ManyVerb("pull_forward", _("Pull forward"), "bolt", ReasonManyForm),
    ManyVerb("put_back", _("No longer first"), "undo"),
    ManyVerb(
        "hold",
        _("Hold"),
        "pause",
        HoldManyForm,
        _("Only the desk sees the reason; the customer sees until when."),
    ),
    ManyVerb("release", _("Take off hold"), "refresh"),
)
MANY_VERBS: dict[str, ManyVerb] = {verb.name: verb for verb in _ALL}
# The two that undo others are reached from the chosen tickets' page, not from the narrow bar.
IN_BAR = tuple(verb for verb in _ALL if verb.name != "put_back")


def chosen_tickets(actor: Actor, asked: QueryDict) -> list[Ticket]:
    """The tickets named by `numbers`, or all open ones of `officer`; at most BULK_MOST + 1."""
    seen = with_people(visible_tickets(actor)).defer("description")
    numbers = [read_number(text[:40]) or "" for text in asked.getlist("numbers")[: BULK_MOST + 1]]
    if numbers:
        found = {ticket.number: ticket for ticket in seen.filter(number__in=numbers)}
        return [found[number] for number in dict.fromkeys(numbers) if number in found]
    officer = asked.get("officer", "")
    if not (officer.isdecimal() and len(officer) < 10):
        return []
    mine = seen.filter(assignee_id=int(officer), state__in=OPEN_STATES)
    return list(mine.order_by("next_due_at", "pk")[: BULK_MOST + 1])


@dataclass(frozen=True)
class Line:
    """One ticket of the answer; `why` is empty when it was done. `left`: there was no time for it."""

    number: str
    subject: str
    why: str
    left: bool


def act(actor: Actor, verb: ManyVerb, form: ManyForm, numbers: Iterable[str]) -> list[Line]:
    """Do it; a refusal of the whole comes as an error of the form and answers nothing."""
    numbers = list(numbers)
    try:
        outcomes = act_on_many(
            actor=actor, numbers=numbers, order=Order(verb=verb.name, **form.cleaned_data)
        )
    except InvalidInput as refusal:
        form.refuse(refusal)
        return []
    return _lines(actor, outcomes)


def _lines(actor: Actor, outcomes: list[Outcome]) -> list[Line]:
    """The refused first, then those left over. Whoever directs work sees all tickets, so the subjects may be shown."""
    numbers = [outcome.number for outcome in outcomes if read_number(outcome.number)]
    subjects = dict(
        visible_tickets(actor).filter(number__in=numbers).values_list("number", "subject")
    )
    lines = [
        Line(
            number=outcome.number,
            subject=subjects.get(outcome.number, ""),
            why=str(outcome.refusal) if outcome.refusal else "",
            left=not outcome.reached,
        )
        for outcome in outcomes
    ]
    return sorted(lines, key=lambda line: (not line.why, line.left))
