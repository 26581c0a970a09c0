from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from tickets.event_feed import TOLD
from tickets.models import EventKind
from tickets.models.webhook import ALL_EVENTS


class WebhookForm(JudgedForm):
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("Public, beginning with https://.")
    )
    description = forms.CharField(label=_("Description"), max_length=120, required=False)
    events = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events: Any = self.fields["events"]
        events.choices = [
            (ALL_EVENTS, _("Everything")),
            *((kind, EventKind(kind).label) for kind in TOLD),
        ]
