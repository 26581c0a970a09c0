from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from seller_chat.models import BuyerReport


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; the service judges them."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [file for file in (data or []) if file]


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why is it wrong?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    documents = FilesField(
        label=_("Documents"), required=False, widget=ManyFiles(attrs={"multiple": True})
    )


class ReportForm(forms.Form):
    """`messages` are picked on the page beside what was said."""

    reason = forms.ChoiceField(
        label=_("What did the buyer do?"),
        choices=BuyerReport.Reason.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note for the officer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """Yes or no, with reasons that the seller reads."""

    yes = forms.ChoiceField(widget=forms.RadioSelect)
    reasons = forms.CharField(
        label=_("Reasons, read by the seller"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any, *, question: Any, yes: Any, no: Any, needed: bool = True) -> None:
        super().__init__(data)
        answer: Any = self.fields["yes"]
        answer.label, answer.choices = question, [("1", yes), ("0", no)]
        self.fields["reasons"].required = needed

    @property
    def answer(self) -> bool:
        return bool(self.cleaned_data["yes"] == "1")
