"""The editor's forms: a playbook's head, and a step with its fields and its ways on.

They read and write the document's own shape; whether it is sound is judged whole (`problems_of`).
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agents_ops.states import FieldKind, Group, Outcome, StepKind
from desk.editing import Body
from desk.matrix.forms import form_choices, named_categories, receiving_teams
from desk.playbook.gate_form import GateForm
from escalation.models import EscalationMatrix

CODE: dict[str, Any] = {"regex": r"^[a-z][a-z0-9_]{0,39}\Z", "max_length": 40}
CODE_HELP = _("Small letters, digits and underscores, a letter first.")
NOBODY = ("", _("none"))
ALWAYS, IS, MORE, OLDER, GATE = "always", "is", "more_than", "older_than_minutes", "gate"
CONDITIONS = [
    (ALWAYS, _("otherwise")),
    (IS, _("the field's choice is")),
    (MORE, _("the field is more than")),
    (OLDER, _("the field lies back more minutes than")),
    (GATE, _("the gate says")),
]


class HeadForm(forms.Form):
    """What a playbook is called, and for which tickets it is suggested."""

    code = forms.RegexField(label=_("Code"), help_text=CODE_HELP, **CODE)
    id = forms.CharField(label=_("Name in Indonesian"), max_length=120)
    en = forms.CharField(label=_("Name in English"), max_length=120)
    group = forms.ChoiceField(label=_("Group"), choices=Group.choices)
    source = forms.CharField(label=_("Source"), max_length=120, required=False)
    category = forms.MultipleChoiceField(
        label=_("Suggested for the categories"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    words = forms.CharField(
        label=_("Words of the complaint that speak for it"),
        required=False,
        max_length=1_000,
        help_text=_("Separated by commas."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, row: Body, **kwargs: Any) -> None:
        suggest = row.get("suggest", {})
        words = ", ".join(suggest.get("words", ()))
        first = {**row, "category": suggest.get("category", ()), "words": words}
        kwargs.setdefault("initial", {}).update(first)
        super().__init__(*args, **kwargs)
        cast("forms.MultipleChoiceField", self.fields["category"]).choices = named_categories()
        if row.get("code"):
            self.fields["code"].disabled = True

    def as_row(self) -> Body:
        data = self.cleaned_data
        names = ("code", "id", "en", "group", "source")
        words = [word.strip().lower() for word in data["words"].split(",") if word.strip()]
        return {name: data[name].strip() for name in names} | {
            "suggest": {"category": data["category"], "words": words}
        }


class StepForm(GateForm):
    """One step but for its fields and ways, which stand in rows of their own."""

    code = forms.RegexField(label=_("Code"), help_text=CODE_HELP, **CODE)
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=StepKind.choices)
    place = forms.IntegerField(label=_("Place"), min_value=1, max_value=40)
    ask = forms.CharField(
        label=_("What to ask, one to a line"), widget=forms.Textarea, required=False
    )
    check_lines = forms.CharField(
        label=_("What to check, one to a line"), widget=forms.Textarea, required=False
    )
    reply = forms.CharField(
        label=_("Reply to the agent"),
        widget=forms.Textarea,
        required=False,
        max_length=2_000,
        help_text=_("Names in braces are filled in: {customer_name}, or the code of a field."),
    )
    seconds = forms.IntegerField(
        label=_("Time standard in seconds"), required=False, min_value=0, max_value=2_592_000
    )
    team = forms.ChoiceField(label=_("Escalates to"), required=False)
    form = forms.ChoiceField(label=_("With the form"), required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, row: Body, place: int, **kwargs: Any) -> None:
        self.row = row
        escalate = row.get("escalate", {})
        first = {
            **{name: row.get(name, "") for name in ("code", "title", "kind", "reply", "seconds")},
            "place": place,
            "ask": "\n".join(row.get("ask", ())),
            "check_lines": "\n".join(row.get("check", ())),
            "team": escalate.get("team", ""),
            "form": escalate.get("form", ""),
        }
        kwargs.setdefault("initial", {}).update(first)
        kind = row.get("kind", "")
        super().__init__(*args, given=row.get("with", {}), given_kind=kind, **kwargs)
        teams = [(team.code, team.name) for team in receiving_teams()]
        known = list(EscalationMatrix.in_force().body["forms"])
        for name, choices in (
            ("team", [NOBODY, *teams]),
            ("form", [NOBODY, *form_choices(known, dict(teams))]),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = choices
        if row.get("code"):
            self.fields["code"].disabled = True

    def as_row(self, fields: list[Body], ways: list[Body]) -> Body:
        """The step as the document holds it."""
        data = self.cleaned_data
        row: Body = {"code": data["code"], "kind": data["kind"], "title": data["title"].strip()}
        for name, typed in (("ask", "ask"), ("check", "check_lines")):
            if lines := [line.strip() for line in data[typed].splitlines() if line.strip()]:
                row[name] = lines
        if data["reply"].strip():
            row["reply"] = data["reply"].replace("\r\n", "\n").strip()
        if fields:
            row["fields"] = fields
        if data["seconds"] is not None:
            row["seconds"] = data["seconds"]
        if data["team"]:
            row["escalate"] = {name: data[name] for name in ("team", "form") if data[name]}
        if given := self.as_given(data["kind"]):
            row["with"] = given
        return {**row, "next": ways}


class FieldForm(forms.Form):
    """One field; a row without a code is none."""

    code = forms.RegexField(label=_("Code"), required=False, **CODE)
    label = forms.CharField(label=_("Name"), max_length=120, required=False)
    type = forms.ChoiceField(label=_("Kind"), choices=FieldKind.choices)
    needed = forms.BooleanField(label=_("Needed"), required=False, initial=True)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=1_000,
        help_text=_("Such as yes=Ya; no=Tidak"),
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput, max_length=40)

    @staticmethod
    def first_of(row: Body) -> Body:
        shown = "; ".join(f"{each['value']}={each['label']}" for each in row.get("choices", ()))
        return {
            "code": row["code"],
            "label": row["label"],
            "type": row["type"],
            "needed": row.get("required", True),
            "choices": shown,
            "source": row.get("from", "-"),
        }

    def as_row(self) -> Body:
        data = self.cleaned_data
        row: Body = {"code": data["code"], "label": data["label"].strip(), "type": data["type"]}
        if not data["needed"]:
            row["required"] = False
        if data["choices"].strip():
            pairs = [part.partition("=") for part in data["choices"].split(";") if part.strip()]
            row["choices"] = [
                {"value": value.strip(), "label": label.strip()} for value, _sign, label in pairs
            ]
        if data["source"] not in ("-", None) and (data["source"] or self.initial.get("code")):
            row["from"] = data["source"]
        return row


class WayForm(forms.Form):
    """One way on; a row without a target is none."""

    condition = forms.ChoiceField(label=_("When"), choices=CONDITIONS)
    asked = forms.CharField(label=_("Field"), required=False, max_length=40)
    values = forms.CharField(
        label=_("Value"), required=False, max_length=400, help_text=_("Several: with commas.")
    )
    target = forms.ChoiceField(label=_("Leads to"), required=False)
    label = forms.CharField(label=_("In words"), required=False, max_length=120)

    def __init__(self, *args: Any, steps: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ends = [(f"end:{code}", _("end: %s") % label) for code, label in Outcome.choices]
        targets = [("", _("none")), *((f"go:{code}", title) for code, title in steps), *ends]
        cast("forms.ChoiceField", self.fields["target"]).choices = targets

    @staticmethod
    def first_of(row: Body) -> Body:
        when = row.get("when") or {}
        condition = next((name for name in (GATE, IS, MORE, OLDER) if name in when), ALWAYS)
        value = when.get(condition, "")
        return {
            "condition": condition,
            "asked": when.get("field", ""),
            "values": ", ".join(value) if isinstance(value, list) else str(value),
            "target": f"go:{row['go']}" if row.get("go") else f"end:{row.get('end', '')}",
            "label": row.get("label", ""),
        }

    def clean(self) -> Body:
        data = super().clean() or {}
        number = str(data.get("values", "")).strip().replace(".", "")
        if data.get("condition") in (MORE, OLDER) and not (number.isdecimal() and len(number) < 16):
            self.add_error("values", _("This must be a whole number."))
        return data

    def as_row(self) -> Body:
        data = self.cleaned_data
        row: Body = {"label": data["label"].strip()} if data["label"].strip() else {}
        condition, typed = data["condition"], data["values"]
        if condition in (IS, GATE):
            named = [value.strip() for value in typed.split(",") if value.strip()]
            row["when"] = {condition: named}
        elif condition in (MORE, OLDER):
            row["when"] = {condition: int(typed.strip().replace(".", ""))}
        if condition in (IS, MORE, OLDER):
            row["when"] = {"field": data["asked"].strip(), **row["when"]}
        kind, _colon, code = data["target"].partition(":")
        return {**row, kind: code}


FieldRows = forms.formset_factory(FieldForm, extra=2, max_num=22, absolute_max=40)
WayRows = forms.formset_factory(WayForm, extra=2, max_num=22, absolute_max=40)


def rows_of(formset: Any, key: str) -> list[Body]:
    """Those that were filled in."""
    return [form.as_row() for form in formset if form.cleaned_data.get(key)]
