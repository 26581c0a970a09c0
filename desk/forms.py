"""The forms of the desk. They read what was typed; the services judge it and say what is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.person_field import PersonField
from escalation.matrix import allowed_teams
from escalation.models import EscalationMatrix
from escalation.services import default_target
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from people.actors import Actor
from people.models import Team, User
from people.roles import DESK
from tickets.catalogue import categories, category_name
from tickets.models import Ticket
from tickets.states import Confirmation, Priority

LONG = 5_000


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """Any number of files, as a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFiles, self).clean(file, initial) for file in files if file]


class Words(forms.Field):
    """Any number of short texts, as a list."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        return [str(word)[:64] for word in value or ()]


class LocalMoment(forms.DateTimeField):
    """An instant typed as WIB time, whatever the reader's machine says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        return moment.replace(tzinfo=WIB) if isinstance(moment, datetime) else None

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(WIB) if isinstance(value, datetime) else value


class TicketForm(JudgedForm):
    """A form on one ticket as it was when the page was made (`version`)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, *args: Any, ticket: Ticket, actor: Actor, prefix_id: str = "", **kwargs: Any
    ) -> None:
        self.ticket, self.actor = ticket, actor
        kwargs.setdefault("auto_id", f"{prefix_id or type(self).__name__.lower()}_%s")
        kwargs.setdefault("initial", {})["version"] = ticket.version
        super().__init__(*args, **kwargs)


class ReplyForm(TicketForm):
    body = forms.CharField(label=_("Text of the reply"), widget=forms.Textarea, required=False)
    files = ManyFiles(label=_("Files"), required=False)  # type: ignore[assignment]
    waiting = forms.BooleanField(label=_("Wait for the customer, pause the clock"), required=False)
    seen = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**63 - 1
    )
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    macro = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    undo = forms.BooleanField(widget=forms.HiddenInput, required=False)
    kept = Words(required=False)


class AssignForm(TicketForm):
    assignee = PersonField(label=_("Assignee"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["assignee"])
        field.queryset = User.objects.filter(
            is_active=True, memberships__team=self.ticket.team, groups__name__in=DESK
        ).distinct()


class ReclassifyForm(TicketForm):
    category = forms.ChoiceField(label=_("Category"))
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    queue = forms.ChoiceField(label=_("Specialist team, if one is needed"))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=LONG, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ticket = kwargs["ticket"]
        kwargs.setdefault(
            "initial",
            {"category": ticket.category, "priority": ticket.priority, "queue": ticket.queue},
        )
        super().__init__(*args, **kwargs)
        names = sorted((category_name(code), code) for code in categories())
        _choices(self, "category", [(code, name) for name, code in names])
        teams = Team.objects.filter(kind=Team.Kind.SPECIALIST)
        none = ("general", _("None: the squad handles it"))
        _choices(self, "queue", [none, *((team.code, team.name) for team in teams)])


class EscalateForm(TicketForm):
    to_team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    summary = forms.CharField(
        label=_("Summary of the problem"), widget=forms.Textarea, required=False, max_length=LONG
    )
    tried = forms.CharField(
        label=_("What was tried"), widget=forms.Textarea, required=False, max_length=LONG
    )
    evidence = forms.CharField(
        label=_("Evidence"), widget=forms.Textarea, required=False, max_length=LONG
    )
    wanted_outcome = forms.CharField(
        label=_("Wanted outcome"), widget=forms.Textarea, required=False, max_length=LONG
    )
    target_at = LocalMoment(
        label=_("Target time (WIB)"),
        required=False,
        help_text=_("Empty: the time that the team has to answer."),
    )
    reason = forms.CharField(
        label=_("Reason for skipping a level"),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
        help_text=_("Needed for a team off the matrix. The supervisor and the team read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed_teams(self.ticket, EscalationMatrix.in_force())
        field = cast("forms.ModelChoiceField", self.fields["to_team"])
        field.queryset = Team.objects.exclude(kind=Team.Kind.SQUAD).exclude(
            pk=self.ticket.team_id or 0
        )
        if self.allowed:
            field.initial = self.allowed[0].pk

    @property
    def skips(self) -> bool:
        """The chosen team is off the matrix."""
        chosen = str(self["to_team"].value() or "")
        return bool(chosen) and chosen not in {str(team.pk) for team in self.allowed}

    def team_choices(self) -> list[dict[str, Any]]:
        """The teams to choose from, those of the matrix first, others marked."""
        chosen, now = str(self["to_team"].value() or ""), clock.for_display()
        allowed = {team.pk for team in self.allowed}
        field = cast("forms.ModelChoiceField", self.fields["to_team"])
        teams = [team for team in self.allowed if team.pk != self.ticket.team_id]
        teams += [team for team in field.queryset or [] if team.pk not in allowed]
        return [
            {
                "team": team,
                "follows": team.pk in allowed,
                "checked": str(team.pk) == chosen,
                "due_at": default_target(self.ticket, team, now),
            }
            for team in teams
        ]


class VerifyForm(TicketForm):
    reason = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )


class ReasonForm(TicketForm):
    """Declining, returning, reopening: one reason."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG
    )


class HoldForm(TicketForm):
    until = LocalMoment(label=_("Until (WIB)"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONG,
        help_text=_("Only the desk sees the reason; the customer sees until when."),
    )


# The services ask the same; asked here too, so that one look shows every missing part.
NEEDED = {"required": _("This part of the closing form is needed.")}


class ConfirmForm(TicketForm):
    root_cause = forms.CharField(
        label=_("Root cause"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages=NEEDED,
    )
    solution = forms.CharField(
        label=_("Solution"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONG,
        error_messages=NEEDED,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prepared = None if self.is_bound else prepared_form(self.ticket)
        if prepared is not None:
            self.initial.update(
                root_cause=prepared.root_cause,
                solution=prepared.solution,
                confirmation=prepared.confirmation,
            )


class CloseForm(ConfirmForm):
    confirmation = forms.ChoiceField(
        label=_("What the customer says"),
        choices=Confirmation.choices,
        widget=forms.RadioSelect,
        error_messages=NEEDED,
    )


def prepared_form(ticket: Ticket) -> Any:
    """The closing form that was written when the customer was asked, if one waits."""
    kept = getattr(ticket, "_prepared_form", ...)
    if kept is ...:
        kept = ticket.closing_forms.filter(event__isnull=True).first()
        ticket._prepared_form = kept  # type: ignore[attr-defined]  # noqa: SLF001
    return kept


def _choices(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = choices
