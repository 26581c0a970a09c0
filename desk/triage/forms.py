"""Forms over parts of the triage rules. Each reads what was typed; `check_rules` judges the whole."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any, NamedTuple, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.rupiah import Rupiah
from desk.triage.words import condition_text, language
from people.models import Tier
from tickets.rule_reads import problems_of
from tickets.rulebook import Known, NotationError, read_condition
from tickets.rulebook.check_words import NAME
from tickets.rulebook.parts import put_part
from tickets.states import Reporter

Body = dict[str, Any]
SHIPPED_MODEL = "complaints"
UNITS = (
    ("amount_idr", _("rupiah")),
    ("days", _("days")),
    ("hours", _("hours")),
    ("minutes", _("minutes")),
)


class PartForm(JudgedForm):
    """A form on one part of `body`; `path` is where the check speaks of it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, body: Body, known: Known, path: str, **kwargs: Any) -> None:
        self.body, self.known, self.path = body, known, path
        kwargs.setdefault("auto_id", "triage_%s")
        super().__init__(*args, **kwargs)

    def choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def change(self, body: Body) -> None:
        """Write what was typed into the body."""
        raise NotImplementedError

    def judge(self) -> None:
        """Show the problems of this part beside their fields, those of others not."""
        body = deepcopy(self.body)
        self.change(body)
        self.show((each.path, each.message) for each in problems_of(body, self.known))

    def field_of(self, path: str) -> str | None:
        if path == "":
            return ""
        if path != self.path and not path.startswith(f"{self.path}."):
            return None
        return path[len(self.path) + 1 :].split(".", maxsplit=1)[0]


class TitledForm(PartForm):
    """What officers read as the reason, in both languages, and which document says so."""

    id = forms.CharField(label=_("Reason in Indonesian"), max_length=200)
    en = forms.CharField(label=_("Reason in English"), max_length=200)
    source = forms.CharField(label=_("Source (document, section)"), required=False, max_length=120)

    def titles(self) -> Body:
        return {name: self.cleaned_data[name].strip() for name in ("id", "en", "source")}


class ThresholdForm(PartForm):
    value = Rupiah(
        label=_("More than"),
        error_messages={"invalid": _("Write a number, such as 5 or 1.500.000 or 1,5 juta.")},
    )
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    source = forms.CharField(label=_("Source (document, section)"), required=False, max_length=120)

    def __init__(self, *args: Any, row: Body, **kwargs: Any) -> None:
        unit = next((unit for unit, _name in UNITS if unit in row), "amount_idr")
        initial = {"value": row.get(unit), "unit": unit, "source": row.get("source", "")}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def change(self, body: Body) -> None:
        data = self.cleaned_data
        row = {data["unit"]: data["value"], "source": data["source"].strip()}
        put_part(body, ("thresholds", self.path.partition(".")[2]), row)


class ReaderForm(PartForm):
    """Whether the learned reader is asked, or rules alone decide."""

    used = forms.BooleanField(
        label=_("Ask the learned reader"),
        required=False,
        help_text=_(
            "It knows the categories from examples. Rules that decide by themselves go first."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        used = bool(kwargs["body"].get("model"))
        kwargs["initial"] = {"used": used, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def change(self, body: Body) -> None:
        body.pop("model", None)
        if self.cleaned_data["used"]:
            body["model"] = self.body.get("model") or SHIPPED_MODEL


class FlagForm(TitledForm):
    text = forms.CharField(
        label=_("Word or hashtag"),
        required=False,
        max_length=60,
        help_text=_("Found only as a word of its own. Empty: as the organisation's profile says."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), choices=Tier.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, row: Body, **kwargs: Any) -> None:
        self.row = row
        initial = {name: row.get(name, "") for name in ("id", "en", "source", "text")}
        kwargs["initial"] = {**initial, "tiers": row.get("tiers", []), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        # A flag is set by a word or by tiers; which, its first version says for good.
        del self.fields["text" if {"tiers", "tiers_from"} & set(row) else "tiers"]

    def change(self, body: Body) -> None:
        name = "text" if "text" in self.fields else "tiers"
        row = {**self.row, **self.titles()}
        row.pop(name, None)
        if self.cleaned_data[name]:
            row[name] = self.cleaned_data[name]
            row.pop(f"{name}_from", None)
        put_part(body, ("flags", self.path.partition(".")[2]), row)


class WordsForm(PartForm):
    name = forms.CharField(
        label=_("Name"), max_length=40, help_text=_("Small letters, digits, underscores; for good.")
    )
    patterns = forms.CharField(
        label=_("Patterns, one a line"), widget=forms.Textarea, max_length=60_000, required=False
    )

    def __init__(self, *args: Any, name: str, patterns: list[str], **kwargs: Any) -> None:
        self.present = name
        initial = {"name": name, "patterns": "\n".join(patterns)}
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if name:
            self.fields["name"].disabled = True

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not self.present and not NAME.fullmatch(name):
            raise forms.ValidationError(
                _("A name has small letters, digits and underscores, at most 40.")
            )
        if not self.present and name in self.body["concepts"]:
            raise forms.ValidationError(_("Words of this name are there already."))
        return name

    def clean_patterns(self) -> list[str]:
        lines = self.cleaned_data["patterns"].splitlines()
        return [" ".join(line.split()) for line in lines if line.strip()]

    def change(self, body: Body) -> None:
        self.path = f"concepts.{self.cleaned_data['name']}"
        put_part(body, ("concepts", self.cleaned_data["name"]), self.cleaned_data["patterns"])

    def field_of(self, path: str) -> str | None:
        found = super().field_of(path)
        return found if not found and path != self.path else "patterns"


class ConditionForm(TitledForm):
    """A part with a condition in words; untouched words leave the condition as it was written."""

    when = forms.CharField(
        label=_("Condition"), widget=forms.Textarea, required=False, max_length=4_000
    )

    def __init__(self, *args: Any, row: Body, **kwargs: Any) -> None:
        self.row = row
        self.written = condition_text(row)
        initial = {name: row.get(name, "") for name in ("id", "en", "source")}
        kwargs["initial"] = {**initial, "when": self.written, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)

    def clean_when(self) -> Any:
        text = self.cleaned_data["when"].replace("\r\n", "\n").strip()
        if text == self.written:
            return self.row.get("when")
        try:
            return read_condition(text)
        except NotationError as error:
            raise forms.ValidationError(str(error.message)) from error

    def described(self) -> Body:
        """Titles and condition; what the form does not know stays as it was."""
        row = {key: value for key, value in self.row.items() if key != "when"} | self.titles()
        when = self.cleaned_data["when"]
        return row if when is None else {**row, "when": when}


class RuleForm(ConditionForm):
    rule = forms.CharField(
        label=_("Name"), max_length=40, help_text=_("Small letters, digits, underscores; for good.")
    )
    category = forms.ChoiceField(label=_("Category"))
    before = forms.ChoiceField(
        label=_("Goes before"),
        required=False,
        help_text=_("Where rules of several categories hold, the order of the categories decides."),
    )
    decides = forms.BooleanField(
        label=_("Decides by itself"),
        required=False,
        help_text=_(
            "Where it holds, the learned reader is not asked. Otherwise it is a hint to it."
        ),
    )

    def __init__(self, *args: Any, section: str, row: Body, **kwargs: Any) -> None:
        self.section, self.present = section, row.get("rule", "")
        own = {name: row.get(name, "") for name in ("rule", "category", "before")}
        own["decides"] = row.get("decides", not self.present)
        kwargs["initial"] = {**own, **kwargs.get("initial", {})}
        super().__init__(*args, row=row, **kwargs)
        if self.present:
            self.fields["rule"].disabled = True
        named = [
            (code, each["en" if language() == "en" else "id"])
            for code, each in self.body["categories"].items()
        ]
        named.sort(key=lambda pair: pair[1])
        self.choices("category", list(named))
        self.choices("before", [("", _("as its category")), *named])
        if section == "fallbacks":
            del self.fields["before"], self.fields["decides"]

    def clean_rule(self) -> str:
        name = str(self.cleaned_data["rule"])
        if self.present:
            return name
        if not re.fullmatch(NAME, name):
            raise forms.ValidationError(
                _("A name has small letters, digits and underscores, at most 40.")
            )
        if any(row["rule"] == name for row in self.body[self.section]):
            raise forms.ValidationError(_("Another rule has this name."))
        return name

    def change(self, body: Body) -> None:
        data = self.cleaned_data
        self.path = f"{self.section}.{data['rule']}"
        row = {"rule": data["rule"], **self.described(), "category": data["category"]}
        for name in ("before", "decides"):
            row.pop(name, None)
        if data.get("before"):
            row["before"] = data["before"]
        if data.get("decides"):
            row["decides"] = True
        put_part(body, (self.section, data["rule"]), row)


class CategoryForm(TitledForm):
    """Names and who may report it; what it leads to stands in its tables."""

    source = None  # type: ignore[assignment]
    reporters = forms.MultipleChoiceField(
        label=_("Reported by"),
        choices=Reporter.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: anybody."),
    )

    def __init__(self, *args: Any, row: Body, **kwargs: Any) -> None:
        initial = {name: row.get(name, "") for name in ("id", "en")}
        initial["reporters"] = row.get("reporters", [])
        kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["id"].label, self.fields["en"].label = (
            _("Name in Indonesian"),
            _("Name in English"),
        )

    def change(self, body: Body) -> None:
        data = self.cleaned_data
        row = body["categories"][self.path.partition(".")[2]]
        row |= {"id": data["id"].strip(), "en": data["en"].strip()}
        row.pop("reporters", None)
        if data["reporters"]:
            row["reporters"] = data["reporters"]


class Cell(NamedTuple):
    """Where a row stands: the table, its category, its place from 0; None for a new row."""

    table: str
    category: str
    place: int | None


class RowForm(ConditionForm):
    """A row of a category's priority or team table: the first that holds decides."""

    value = forms.ChoiceField(label=_("Then"))
    place = forms.IntegerField(
        label=_("Place in the table"),
        min_value=1,
        help_text=_("The first row that holds decides; the last one holds always."),
    )

    def __init__(self, *args: Any, cell: Cell, values: list[Any], row: Body, **kwargs: Any) -> None:
        self.table, self.code, self.at = table, code, at = cell
        rows = kwargs["body"]["categories"][code][table]
        most = len(rows) + (at is None)
        own = {"value": row.get(table, ""), "place": 1 if at is None else at + 1}
        kwargs["initial"] = {**own, **kwargs.get("initial", {})}
        super().__init__(*args, row=row, **kwargs)
        self.choices("value", values)
        self.fields["place"].validators.append(MaxValueValidator(most))

    def change(self, body: Body) -> None:
        rows = body["categories"][self.code][self.table]
        if self.at is not None:
            rows.pop(self.at)
        to = self.cleaned_data["place"] - 1
        rows.insert(to, {**self.described(), self.table: self.cleaned_data["value"]})
        self.path = f"{self.table}.{self.code}"
        self.to = to

    def field_of(self, path: str) -> str | None:
        found = super().field_of(path)
        if not found:
            return found
        # Of the table another row may be wrong because of this one: that is said above the form.
        return path.split(".")[3] if found == str(self.to) and path.count(".") > 2 else ""
