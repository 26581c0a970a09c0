"""Forms over parts of a policy. Each reads what was typed; `check_policy` judges the whole."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.policy.parsing import new_code, read_blocks, read_numbers
from desk.policy.words import (
    CONDITIONS,
    DAY_CODES,
    METRICS,
    Words,
    blocks_words,
    capital,
    condition_word,
    day_word,
    metric_word,
)
from sla.policy_check import Known, check_policy

UNITS = (("minutes", _("minutes")), ("hours", _("hours")), ("working_days", _("working days")))
ZONES = (
    ("Asia/Jakarta", "WIB, Asia/Jakarta"),
    ("Asia/Makassar", "WITA, Asia/Makassar"),
    ("Asia/Jayapura", "WIT, Asia/Jayapura"),
)


class PartForm(JudgedForm):
    """A form on one part of `body`."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, body: dict[str, Any], known: Known, **kwargs: Any) -> None:
        self.body, self.known = body, known
        kwargs.setdefault("auto_id", "policy_%s")
        super().__init__(*args, **kwargs)

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def change(self, body: dict[str, Any]) -> None:
        """Write what was typed into the body."""
        raise NotImplementedError

    def field_of(self, path: str) -> str | None:
        raise NotImplementedError

    def sentence(self, words: Words) -> str:
        """The part in words as it stands now; nothing while it cannot be read."""
        return ""

    def judge(self) -> None:
        """Show the problems of this part beside their fields."""
        body = deepcopy(self.body)
        self.change(body)
        self.show((each.path, each.message) for each in check_policy(body, self.known))


class TargetForm(PartForm):
    """One promise: for whom, how long, by which calendar."""

    metric = forms.ChoiceField(label=_("Promise"))
    amount = forms.IntegerField(label=_("Time"), min_value=1, max_value=100_000)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    calendar = forms.ChoiceField(label=_("Calendar"))
    warn = forms.CharField(
        label=_("Warning levels of its own"),
        required=False,
        max_length=40,
        help_text=_("Percent of the time used, such as 50, 80. Empty: those of the policy."),
    )

    def __init__(self, *args: Any, target: dict[str, Any], **kwargs: Any) -> None:
        self.target, self.code = target, target.get("code", "")
        within = next(iter(target.get("within", {}).items()), ("hours", None))
        kwargs["initial"] = {
            **{name: target.get("when", {}).get(name, []) for name in CONDITIONS},
            "metric": target.get("metric", ""),
            "unit": within[0],
            "amount": within[1],
            "calendar": target.get("calendar", "always"),
            "warn": ", ".join(str(level) for level in target.get("warn", ())),
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        words = Words(self.body)
        self.choices("metric", [(metric, capital(metric_word(metric))) for metric in METRICS])
        codes = dict.fromkeys(["always", *self.body["calendars"]])
        self.choices("calendar", [(code, words.calendar(code)) for code in codes])
        for name in CONDITIONS:
            self._add_condition(name, words)

    def _add_condition(self, name: str, words: Words) -> None:
        known = self.known.priorities if name == "priority" else self.known.of(name)
        pairs = [(code, words.value(name, code)) for code in known]
        if name in ("category", "team", "channel"):
            pairs.sort(key=lambda pair: pair[1])
        elif name == "tier":
            order = ["regular", "silver", "gold", "platinum", "diamond"]
            pairs.sort(key=lambda pair: order.index(pair[0]) if pair[0] in order else 9)
        self.fields[name] = forms.MultipleChoiceField(
            label=condition_word(name),
            choices=pairs,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_warn(self) -> list[int]:
        return read_numbers(self.cleaned_data["warn"])

    def stood_before(self, name: str) -> Any:
        return self.target.get("warn", []) if name == "warn" else super().stood_before(name)

    @property
    def row(self) -> dict[str, Any]:
        """The target as typed."""
        data = self.values
        row = {
            "code": self.code or self._new_code(),
            "metric": data["metric"],
            "when": {name: data[name] for name in CONDITIONS if data.get(name)},
            "within": {data["unit"]: data["amount"]},
            "calendar": data["calendar"],
        }
        return {**row, "warn": data["warn"]} if data["warn"] else row

    def sentence(self, words: Words) -> str:
        if not self.is_bound:
            return words.target(self.target) if self.target.get("within") else ""
        # A field that is marked wrong has lost its value: the rest would say something else.
        return "" if self.errors else words.target(self.row)

    def _new_code(self) -> str:
        data = self.values
        values = [code for name in CONDITIONS for code in data.get(name) or ()]
        taken = {row["code"] for row in self.body["targets"]}
        return new_code("-".join([data["metric"], *values[:3]]), taken)

    def change(self, body: dict[str, Any]) -> None:
        row = self.row
        self.code = row["code"]
        put_target(body, row)

    def field_of(self, path: str) -> str | None:
        codes = [row["code"] for row in self.body["targets"]]
        place = codes.index(self.code) if self.code in codes else len(codes)
        if not path.startswith(f"targets.{place}."):
            return None
        part = path.split(".")[2]
        if part == "when":
            return path.split(".")[3] if path.count(".") > 2 else "priority"
        return {"within": "amount"}.get(part, part)


def put_target(body: dict[str, Any], row: dict[str, Any]) -> None:
    """In its place, or behind the last one of its promise."""
    rows = body["targets"]
    for place, other in enumerate(rows):
        if other["code"] == row["code"]:
            rows[place] = row
            return
    rows.append(row)


class CalendarForm(PartForm):
    """Weekly hours, several blocks a day."""

    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60)
    zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    holidays = forms.BooleanField(
        label=_("Public holidays and the company's closures do not count"), required=False
    )

    def __init__(self, *args: Any, code: str, calendar: dict[str, Any], **kwargs: Any) -> None:
        self.code = code
        self._week = week = calendar.get("week", {})
        kwargs["initial"] = {
            **{name: calendar.get(name, "") for name in ("name_id", "name_en")},
            "zone": calendar.get("zone", "Asia/Jakarta"),
            "holidays": calendar.get("holidays", False),
            **{day: blocks_words(week.get(day, [])) for day in DAY_CODES},
            **kwargs.get("initial", {}),
        }
        super().__init__(*args, **kwargs)
        for day in DAY_CODES:
            self.fields[day] = forms.CharField(
                label=day_word(day), required=False, max_length=120, initial=self.initial[day]
            )

    @property
    def week(self) -> dict[str, Any]:
        """The hours as typed, as far as they can be read."""
        if not self.is_bound:
            return self._week
        data = getattr(self, "cleaned_data", {})
        return {day: data[day] for day in DAY_CODES if isinstance(data.get(day), list)}

    def stood_before(self, name: str) -> Any:
        return self._week.get(name, []) if name in DAY_CODES else super().stood_before(name)

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[day] for day in DAY_CODES]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for day in DAY_CODES:
            if day in data:
                try:
                    data[day] = read_blocks(data[day])
                except forms.ValidationError as error:
                    self.add_error(day, error)
        return data

    @property
    def row(self) -> dict[str, Any]:
        data = self.values
        names = ("name_id", "name_en", "zone", "holidays")
        week = {day: data[day] for day in DAY_CODES if data.get(day)}
        return {**{name: data[name] for name in names}, "week": week}

    def change(self, body: dict[str, Any]) -> None:
        self.code = self.code or new_code(self.values["name_en"], body["calendars"])
        body["calendars"][self.code] = self.row

    def field_of(self, path: str) -> str | None:
        own = f"calendars.{self.code}."
        if not path.startswith(own):
            return None
        parts = path[len(own) :].split(".")
        if parts[0] == "week":
            return parts[1] if len(parts) > 1 else "mon"
        return parts[0]


class PublishForm(JudgedForm):
    """What is wrong with the note stands at the note, the rest above the form."""

    note = forms.CharField(
        label=_("What changes and why"),
        required=False,
        max_length=200,
        help_text=_("One line for the history, read by everybody who looks back."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def field_of(self, path: str) -> str | None:
        return path if path in self.fields else None
