"""The filter of the page of corrections, and its address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tickets.catalogue import categories, category_name
from tickets.example_reads import ExampleFilter
from tickets.models import TriageExample

ANY = ("", _("any"))


class FilterForm(forms.Form):
    """Whatever cannot be read asks for nothing."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ANY, *TriageExample.State.choices]
    )
    machine_category = forms.ChoiceField(label=_("The machine said"), required=False)
    category = forms.ChoiceField(label=_("The officer said"), required=False)
    differs = forms.ChoiceField(
        label=_("Differs in"),
        required=False,
        choices=[
            ANY,
            ("category", _("category")),
            ("priority", _("priority")),
            ("queue", _("team")),
        ],
    )
    rules_version = forms.IntegerField(
        label=_("Version of the rules"), required=False, min_value=1, max_value=10**6
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "example_%s")
        super().__init__(*args, **kwargs)
        named = sorted(((code, category_name(code)) for code in categories()), key=lambda r: r[1])
        for name in ("machine_category", "category"):
            self.fields[name].choices = [ANY, *named]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> ExampleFilter:
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return ExampleFilter(**{name: value for name, value in data.items() if value})
