"""Asking for approval, and deciding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.rupiah import Rupiah

LONG = 2_000


class AskApprovalForm(JudgedForm):
    """`asks_amount`: the answers of the playbook hold none."""

    amount_idr = Rupiah(label=_("Amount"), required=False)
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever decides reads this beside the answers of the playbook."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, asks_amount: bool, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "ask_%s")
        super().__init__(*args, **kwargs)
        if not asks_amount:
            del self.fields["amount_idr"]


class DecideForm(JudgedForm):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a refusal; the officer tells the agent."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "decide_%s")
        super().__init__(*args, **kwargs)
