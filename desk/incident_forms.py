"""The forms of incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from desk.forms import LONG, TicketForm
from desk.incidents import words_offered
from desk.judged import JudgedForm
from tickets.models import Incident
from tickets.services.incidents import MAX_TITLE
from tickets.states import Confirmation

WORDS_HELP = _("Placeholders as in macros, such as {customer_name}.")


class IncidentForm(JudgedForm):
    title = forms.CharField(
        label=_("What is broken"),
        required=False,
        max_length=MAX_TITLE,
        help_text=_("For the desk."),
    )
    words = forms.CharField(
        label=_("What customers are told"),
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=LONG,
        help_text=WORDS_HELP,
    )


class ChangeIncidentForm(IncidentForm):
    state = forms.ChoiceField(
        label=_("State"), widget=forms.RadioSelect, choices=Incident.State.choices
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class ReplyAllForm(JudgedForm):
    words = forms.CharField(
        label=_("What customers are told"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=LONG,
        help_text=WORDS_HELP,
    )


class ConfirmAllForm(JudgedForm):
    root_cause = forms.CharField(
        label=_("Root cause"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONG,
    )
    solution = forms.CharField(
        label=_("Solution"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONG,
    )


class CloseAllForm(ConfirmAllForm):
    confirmation = forms.ChoiceField(
        label=_("The customers' answer"),
        widget=forms.RadioSelect,
        choices=Confirmation.choices,
        required=False,
    )


def going_on() -> QuerySet[Incident]:
    """Those that tickets can still be part of, the latest first."""
    return Incident.objects.exclude(state=Incident.State.RESOLVED).order_by("-id")


class AttachForm(JudgedForm):
    """Chosen tickets for one of the incidents that go on."""

    incident = forms.ModelChoiceField(
        label=_("Incident"),
        queryset=Incident.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["incident"]).queryset = going_on()


class JoinIncidentForm(TicketForm):
    incident = forms.ModelChoiceField(
        label=_("Incident"),
        queryset=Incident.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField", self.fields["incident"]).queryset = going_on()


class IncidentWordsForm(TicketForm):
    """The incident's present words, filled in for the ticket."""

    body = forms.CharField(
        label=_("Text of the reply"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        max_length=LONG,
    )
    words_at = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean_words_at(self) -> datetime | None:
        """Since when the words on the page hold; what is no moment is as good as none."""
        try:
            return parse_datetime(self.cleaned_data["words_at"])
        except ValueError:
            return None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        offered, words_at = words_offered(kwargs["actor"], kwargs["ticket"])
        kwargs.setdefault("initial", {}).update(body=offered, words_at=words_at)
        super().__init__(*args, **kwargs)
