"""The forms of Buyer Messages. They read what was typed; the services decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from helpdesk.common.durations import WIB
from seller_chat.models import ReplySettings
from tickets.form_fields import ManyFilesField, TextField
from tickets.forms import PublicForm, SubmittedOnce

LONGEST = 2_000
DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class MessageForm(SubmittedOnce):
    body = TextField(
        max_length=20_000,
        multiline=True,
        required=False,
        widget=forms.Textarea,
        label=_("Your message"),
    )
    files = ManyFilesField(required=False, label=_("Files"))  # type: ignore[assignment]


class BeginForm(SubmittedOnce):
    """About one of one's orders (`number|shop`), or a product of a shop named by hand."""

    order = forms.ChoiceField(
        required=False, widget=forms.RadioSelect, label=_("About which order?")
    )
    shop = TextField(max_length=120, required=False, label=_("Name of the shop"))
    product = TextField(max_length=120, required=False, label=_("Name of the product"))
    body = TextField(
        max_length=20_000, multiline=True, widget=forms.Textarea, label=_("Your message")
    )

    def __init__(self, *args: Any, orders: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["order"]
        choice.choices = [*orders, ("", _("none: I ask about a product"))]


class MomentField(forms.DateTimeField):
    """A moment in WIB, whatever zone the browser is in."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})

    def clean(self, value: Any) -> datetime | None:
        found = super().clean(value)
        return found.replace(tzinfo=WIB) if found else None


class HolidayForm(PublicForm):
    begins_at = MomentField(required=False, label=_("Begins (WIB)"))
    ends_at = MomentField(required=False, label=_("Ends (WIB)"))


class AutomaticForm(PublicForm):
    when = forms.ChoiceField(
        choices=ReplySettings.When.choices, widget=forms.RadioSelect, label=_("When is it sent?")
    )
    text = TextField(
        max_length=20_000,
        multiline=True,
        required=False,
        widget=forms.Textarea,
        label=_("Automatic reply"),
    )
    opens = forms.TimeField(
        label=_("Opens at (WIB)"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    closes = forms.TimeField(
        label=_("Closes at (WIB)"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    days = forms.TypedMultipleChoiceField(
        choices=DAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Open on"),
    )


class FaqForm(PublicForm):
    """One answer of the list; both empty takes it away."""

    words = TextField(
        max_length=2_000,
        multiline=True,
        required=False,
        widget=forms.Textarea,
        label=_("Words in the question"),
    )
    answer = TextField(
        max_length=20_000,
        multiline=True,
        required=False,
        widget=forms.Textarea,
        label=_("Answer"),
    )
