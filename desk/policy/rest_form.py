"""The rest of the policy on one form: closures, pauses, warnings, what a missed deadline does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.policy.forms import PartForm
from desk.policy.parsing import read_days, read_numbers
from desk.policy.words import METRICS, breach_word, capital, metric_word, pause_word
from people.models import Team
from sla.policy_check.calendars import closure_lines
from sla.policy_check.rest import (
    AFTER_ACCEPTANCE,
    BREACH,
    HOURS,
    NEVER_PAUSED,
    PAUSES,
    RECEIVING,
)

PLAIN = ("warn_leads_from_percent", *HOURS)


class RestForm(PartForm):
    warning_percent = forms.CharField(
        label=_("Warning levels"),
        required=False,
        max_length=40,
        help_text=_("Percent of the time used, such as 50, 80. Empty: no warnings."),
    )
    warn_leads_from_percent = forms.IntegerField(
        label=_("The team's leads are warned from this percent on"), required=False
    )
    customer_silence_hours = forms.IntegerField(
        label=_("Hours until a silent customer is no longer waited for"), required=False
    )
    confirmation_hours = forms.IntegerField(
        label=_("Hours until an unanswered confirmation closes the ticket"), required=False
    )
    closures = forms.CharField(
        label=_("Closures of the company"),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
        help_text=_("One date a line and its name, such as 2026-12-31 year-end closing."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        body = kwargs["body"]
        kwargs["initial"] = {
            **{name: body.get(name) for name in PLAIN},
            "warning_percent": ", ".join(str(level) for level in body["warning_percent"]),
            "closures": "\n".join(closure_lines(body)),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        self.teams = list(Team.objects.filter(kind=Team.Kind.SPECIALIST))
        for metric in METRICS:
            self._add_metric(metric)
        for team in self.teams:
            self._add_team(team)

    def _add_metric(self, metric: str) -> None:
        if metric not in NEVER_PAUSED:
            self.fields[f"pauses_{metric}"] = forms.MultipleChoiceField(
                label=capital(metric_word(metric)),
                choices=[(reason, capital(pause_word(reason))) for reason in PAUSES],
                initial=self.body.get("pauses", {}).get(metric, []),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        self.fields[f"breach_{metric}"] = forms.ChoiceField(
            label=capital(metric_word(metric)),
            choices=[(does, capital(breach_word(does))) for does in BREACH],
            initial=self.body.get("breach", {}).get(metric),
        )

    def _add_team(self, team: Team) -> None:
        usual = [metric for metric in METRICS if metric in RECEIVING]
        self.fields[f"receiving_{team.code}"] = forms.ChoiceField(
            label=team.name,
            choices=[(metric, capital(metric_word(metric))) for metric in usual],
            initial=self.body.get("receiving", {}).get(team.code, "acceptance"),
            required=False,
        )
        after: list[tuple[str, Any]] = [("", _("nothing more"))]
        after += [(m, capital(metric_word(m))) for m in METRICS if m in AFTER_ACCEPTANCE]
        self.fields[f"after_acceptance_{team.code}"] = forms.ChoiceField(
            label=team.name,
            choices=after,
            initial=self.body.get("after_acceptance", {}).get(team.code, ""),
            required=False,
        )

    def stood_before(self, name: str) -> Any:
        if name == "closures":
            return read_days("\n".join(closure_lines(self.body)))
        return self.body[name] if name == "warning_percent" else super().stood_before(name)

    def clean_warning_percent(self) -> list[int]:
        return read_numbers(self.cleaned_data["warning_percent"])

    def clean_closures(self) -> dict[str, str]:
        return read_days(self.cleaned_data["closures"])

    def rows(self, part: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{part}_")]

    @property
    def pauses(self) -> list[forms.BoundField]:
        return self.rows("pauses")

    @property
    def breach(self) -> list[forms.BoundField]:
        return self.rows("breach")

    @property
    def team_rows(self) -> list[tuple[Team, forms.BoundField, forms.BoundField]]:
        return [
            (team, self[f"receiving_{team.code}"], self[f"after_acceptance_{team.code}"])
            for team in self.teams
        ]

    def change(self, body: dict[str, Any]) -> None:
        data = self.values
        for name in (*PLAIN, "warning_percent"):
            body[name] = data[name]
        body["closures"] = list(data["closures"])
        body.pop("closure_names", None)
        if names := {day: name for day, name in data["closures"].items() if name}:
            body["closure_names"] = names
        pauses = {metric: data.get(f"pauses_{metric}") or [] for metric in METRICS}
        body["pauses"] = {metric: reasons for metric, reasons in pauses.items() if reasons}
        body["breach"] = {metric: data[f"breach_{metric}"] for metric in METRICS}
        codes = [team.code for team in self.teams]
        receiving = {code: data.get(f"receiving_{code}") for code in codes}
        body["receiving"] = {
            code: metric for code, metric in receiving.items() if metric and metric != "acceptance"
        }
        after = {code: data.get(f"after_acceptance_{code}") for code in codes}
        body["after_acceptance"] = {code: metric for code, metric in after.items() if metric}

    def field_of(self, path: str) -> str | None:
        first, _dot, rest = path.partition(".")
        if first in ("targets", "calendars", "metric"):
            return None
        return f"{first}_{rest}" if rest else first
