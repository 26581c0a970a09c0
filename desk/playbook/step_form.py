"""The open step's fields as a form; what they may hold is judged by the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents_ops.evidence import fields_of
from agents_ops.playbook.parts import Field, Step
from agents_ops.states import FieldKind
from helpdesk.common.errors import Refusal
from tickets.models import Attachment

CHOOSE = ("", _("choose"))
# Two or three choices are seen at once, more fold away.
AT_ONCE = 4


class StepForm(forms.Form):
    """Every field is optional here: the service says which are lacking, for the page as for the API."""

    step = forms.CharField(widget=forms.HiddenInput, max_length=40)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, shown: Step, files: list[Attachment], **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"step_{shown.code}_%s")
        super().__init__(*args, **kwargs)
        self.asked = fields_of(shown)
        for each in self.asked:
            self.fields[f"v_{each.code}"] = _field(each, files)

    def values(self) -> dict[str, Any]:
        """What was typed, by field."""
        typed = {each.code: self.cleaned_data.get(f"v_{each.code}") for each in self.asked}
        return {code: value for code, value in typed.items() if value not in (None, "")}

    def refuse(self, refusal: Refusal) -> None:
        """Each sentence at its field, the rest above them."""
        placed = False
        for name, message in refusal.fields.items():
            if f"v_{name}" in self.fields:
                self.add_error(f"v_{name}", str(message))
                placed = True
        if not placed:
            self.add_error(None, str(refusal))


def _field(each: Field, files: list[Attachment]) -> forms.Field:
    common: dict[str, Any] = {"label": each.label, "required": False}
    needed = {"aria-required": "true"} if each.required else {}
    if each.kind == FieldKind.CHOICE:
        if len(each.choices) < AT_ONCE:
            return forms.ChoiceField(widget=forms.RadioSelect, choices=each.choices, **common)
        choices = [CHOOSE, *each.choices]
        return forms.ChoiceField(widget=forms.Select(attrs=needed), choices=choices, **common)
    if each.kind == FieldKind.FILE:
        choices = [CHOOSE, *((file.key, file.name) for file in files)]
        none = "" if files else _("No attachment yet: ask for it, or attach it in a note.")
        return forms.ChoiceField(
            widget=forms.Select(attrs=needed), choices=choices, help_text=none, **common
        )
    if each.kind == FieldKind.DATETIME:
        moment = forms.DateTimeInput(attrs={"type": "datetime-local", **needed})
        return forms.CharField(widget=moment, help_text="WIB", max_length=40, **common)
    mode = {
        FieldKind.AMOUNT: "numeric",
        FieldKind.NUMBER: "numeric",
        FieldKind.ACCOUNT: "numeric",
        FieldKind.PHONE: "tel",
    }.get(FieldKind(each.kind), "text")
    return forms.CharField(
        widget=forms.TextInput(attrs={"inputmode": mode, "autocomplete": "off", **needed}),
        max_length=2_000,
        **common,
    )
