from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from helpdesk.common.durations import WIB
from people.models import User

DAY = timedelta(days=1)


class ShiftForm(JudgedForm):
    """The same hours on one or more days of the week that begins on `monday`, for a member."""

    person = forms.TypedChoiceField(label=_("Person"), coerce=int)
    begins = forms.TimeField(
        label=_("Begins"),
        initial=time(8),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    ends = forms.TimeField(
        label=_("Ends"),
        initial=time(16),
        help_text=_("Earlier than it begins: on the next day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    days = forms.MultipleChoiceField(label=_("Days"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, members: list[User], monday: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.choices = [(person.pk, person.full_name) for person in members]
        days: Any = self.fields["days"]
        dates = [monday + DAY * place for place in range(7)]
        days.choices = [(day.isoformat(), date_format(day, "D j M")) for day in dates]

    def spans(self) -> list[tuple[datetime, datetime]]:
        """Start and end of each chosen day's shift."""
        begins, ends = self.cleaned_data["begins"], self.cleaned_data["ends"]
        found = []
        for text in self.cleaned_data["days"]:
            day = date.fromisoformat(text)
            last = day if ends > begins else day + DAY
            found.append(
                (
                    datetime.combine(day, begins, tzinfo=WIB),
                    datetime.combine(last, ends, tzinfo=WIB),
                )
            )
        return found
