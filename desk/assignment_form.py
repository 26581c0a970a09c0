from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from people.models import Team, Tier
from tickets.catalogue import category_name
from tickets.choice import SKILLS
from tickets.services.profiles import known_skills
from tickets.states import Channel

ALL = _("Nothing ticked: everything.")
TONGUES = {"id": "Bahasa Indonesia", "en": "English"}


def skill_word(name: str, value: str) -> str:
    """A skill's value in the reader's language."""
    if name == "categories":
        return category_name(value)
    if name == "channels":
        return str(Channel(value).label) if value in Channel.values else value
    if name == "tiers":
        return str(Tier(value).label) if value in Tier.values else value
    return TONGUES.get(value, value)


class ModeForm(JudgedForm):
    mode = forms.ChoiceField(
        label=_("Automatic assignment"),
        choices=Team.Assignment.choices,
        widget=forms.RadioSelect,
    )


class ProfileForm(JudgedForm):
    """What one person takes, and how much."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    capacity = forms.IntegerField(
        label=_("Capacity (open tickets)"), required=False, help_text=_("Empty: as usual.")
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"), widget=forms.CheckboxSelectMultiple, required=False, help_text=ALL
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), widget=forms.CheckboxSelectMultiple, required=False, help_text=ALL
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"), widget=forms.CheckboxSelectMultiple, required=False, help_text=ALL
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), widget=forms.CheckboxSelectMultiple, required=False, help_text=ALL
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in known_skills().items():
            field: Any = self.fields[name]
            field.choices = [(value, skill_word(name, value)) for value in values]

    def skills(self) -> dict[str, list[str]]:
        return {name: self.cleaned_data[name] for name in SKILLS}
