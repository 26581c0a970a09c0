"""What an agent answers, typed by the officer: compared by the service and never shown again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents_ops.services import Looked
from agents_ops.verification.comparing import Result
from agents_ops.verification.rules import Checked, Point
from agents_ops.verification.words import named
from desk.judged import JudgedForm
from tickets.models import Attachment

FILE = "file"
NOTHING = ("", _("not asked"))


class VerifyForm(JudgedForm):
    """A text for each point that the record compares, else what the officer found."""

    agent = forms.CharField(
        label=_("Agent ID that the agent names"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        points: Iterable[Point],
        by_hand: Iterable[str],
        files: Iterable[Attachment],
        knows_agent: bool,
        **kwargs: Any,
    ) -> None:
        """`by_hand`: codes of the points that are looked at, because nothing is on record."""
        kwargs.setdefault("auto_id", "verify_%s")
        super().__init__(*args, **kwargs)
        if knows_agent:
            del self.fields["agent"]
        hands, named_files = set(by_hand), [(file.key, file.name) for file in files]
        self.points = list(points)
        for point in self.points:
            label = named(point.names, point.code)
            if point.checked == Checked.RECORD and point.code not in hands:
                self.fields[f"a_{point.code}"] = forms.CharField(
                    label=label,
                    required=False,
                    max_length=200,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                )
                continue
            self.fields[f"l_{point.code}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[NOTHING, *Result.choices],
                widget=forms.Select(),
            )
            if point.kind == FILE:
                self.fields[f"f_{point.code}"] = forms.ChoiceField(
                    label=_("Attachment that proves it"),
                    required=False,
                    choices=[("", _("choose")), *named_files],
                )

    def field_of(self, path: str) -> str | None:
        for name in (path, f"a_{path}", f"l_{path}"):
            if name in self.fields:
                return name
        return path

    def answers(self) -> dict[str, str]:
        return {point.code: self._typed("a", point) for point in self.points}

    def looked(self) -> dict[str, Looked]:
        return {
            point.code: Looked(self._typed("l", point), self._typed("f", point))
            for point in self.points
            if self._typed("l", point)
        }

    def _typed(self, prefix: str, point: Point) -> str:
        return str(self.cleaned_data.get(f"{prefix}_{point.code}") or "")
