"""The forms of quality: the sheet, an answer, a note, a draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from agents_ops.models import QaMark, QaReview
from agents_ops.quality.late_escalation import Proposal
from agents_ops.quality.sampling import MOST_PER_OFFICER, Draw
from agents_ops.quality.services import GivenMark
from agents_ops.quality.services.picking import LARGEST_SEED
from agents_ops.quality.sheet import Criterion
from desk.quality.evidence import Place
from helpdesk.common.durations import WIB
from helpdesk.common.errors import Refusal
from people.models import Team


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class WordsForm(forms.Form):
    """Words, and the revision of the review that was looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    words = forms.CharField(max_length=2000, widget=forms.Textarea, strip=False)

    def take(self, refusal: Refusal) -> None:
        """What the service refuses stands at the field that it names."""
        for name, message in refusal.fields.items() or [("", refusal.message)]:
            field = name.replace("marks.", "mark_")
            self.add_error(field if field in self.fields else None, str(message))


class NoteForm(forms.Form):
    text = forms.CharField(
        max_length=4000, widget=forms.Textarea, strip=False, label=_("Note to the officer")
    )

    def take(self, refusal: Refusal) -> None:
        self.add_error("text" if "text" in refusal.fields else None, str(refusal))


@dataclass(frozen=True)
class AskedCriterion:
    """One criterion with its three fields, and what the record proposes for it."""

    criterion: Criterion
    mark: BoundField
    place: BoundField
    words: BoundField
    proposal: Proposal | None


class SheetForm(WordsForm):
    """The score sheet of the review's own version; begun with `before`, else all is to be said."""

    def __init__(
        self,
        review: QaReview,
        places: Sequence[Place],
        proposal: Proposal | None,
        before: Sequence[QaMark] = (),
        data: Any = None,
    ) -> None:
        self._sheet, self._proposal = review.rules.sheet, proposal
        super().__init__(data, auto_id="qa_%s", initial=self._begun(review, before))
        marks = [(each.code, each.name) for each in self._sheet.marks.values()]
        seen: list[Any] = [("", _("no place chosen"))]
        seen += [(each.code, each.label) for each in places if each.code]
        for criterion in self._sheet.criteria.values():
            self.fields[f"mark_{criterion.code}"] = forms.ChoiceField(
                choices=marks, widget=forms.RadioSelect, label=criterion.name, required=False
            )
            self.fields[f"place_{criterion.code}"] = forms.ChoiceField(
                choices=seen, required=False, label=_("Where it is seen")
            )
            self.fields[f"words_{criterion.code}"] = forms.CharField(
                required=False, max_length=500, strip=False, label=_("What should be said of it")
            )
        self.fields["words"].required = bool(before)
        self.fields["words"].label = (
            _("Why you settle it so") if before else _("What the officer should take from it")
        )

    def _begun(self, review: QaReview, before: Sequence[QaMark]) -> dict[str, Any]:
        begun: dict[str, Any] = {"revision": review.revision}
        for mark in before:
            begun[f"mark_{mark.criterion}"] = mark.mark
            begun[f"words_{mark.criterion}"] = mark.words
            begun[f"place_{mark.criterion}"] = place_code(mark)
        if self._proposal and not before:
            begun[f"mark_{self._proposal.criterion}"] = self._proposal.mark
            begun[f"place_{self._proposal.criterion}"] = (
                f"e{self._proposal.event_id}" if self._proposal.event_id else ""
            )
        return begun

    def criteria(self) -> list[AskedCriterion]:
        return [
            AskedCriterion(
                each,
                self[f"mark_{each.code}"],
                self[f"place_{each.code}"],
                self[f"words_{each.code}"],
                self._proposal
                if self._proposal and self._proposal.criterion == each.code
                else None,
            )
            for each in self._sheet.criteria.values()
        ]

    def given(self) -> list[GivenMark]:
        data = self.cleaned_data
        return [
            GivenMark(
                criterion=code,
                mark=data[f"mark_{code}"],
                words=data[f"words_{code}"],
                **_seen(data[f"place_{code}"]),
            )
            for code in self._sheet.criteria
        ]


def place_code(mark: QaMark) -> str:
    if mark.message_id:
        return f"m{mark.message_id}"
    return f"e{mark.event_id}" if mark.event_id else ""


def _seen(code: str) -> dict[str, int]:
    kinds = {"m": "message", "e": "event"}
    return {kinds[code[0]]: int(code[1:])} if code else {}


class DrawForm(forms.Form):
    """Which closed tickets a sample is drawn from."""

    since = forms.DateField(label=_("Closed from"), widget=_day())
    until = forms.DateField(label=_("up to and with"), widget=_day())
    per_officer = forms.IntegerField(
        min_value=1, max_value=MOST_PER_OFFICER, label=_("Tickets of each officer")
    )
    team = forms.ChoiceField(required=False, label=_("Team"))
    seed = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_SEED - 1,
        label=_("Seed"),
    )

    def __init__(self, teams: Sequence[Team], data: Any) -> None:
        super().__init__(data, auto_id="draw_%s")
        choices: Any = self.fields["team"]
        choices.choices = [("", _("All teams")), *((each.code, each.name) for each in teams)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and not since <= until:
            self.add_error("until", _("The end lies before the beginning."))
        for name in ("since", "until"):
            if (day := data.get(name)) and not 2000 <= day.year <= 9000:
                self.add_error(name, _("Choose a day of these years."))
        return data

    def draw(self) -> Draw:
        data = self.cleaned_data
        begin = datetime.combine(data["since"], time(), tzinfo=WIB)
        end = datetime.combine(data["until"], time(), tzinfo=WIB) + timedelta(days=1)
        return Draw(begin, end, data["per_officer"], data["seed"])
