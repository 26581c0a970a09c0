"""The forms of the escalation matrix: one trigger, one row, one form. The service judges them."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.rupiah import Rupiah
from escalation.models import Signal, level_of
from escalation.services.forms import GENERAL
from people.models import Team, Tier
from tickets.catalogue import categories, category_name
from tickets.states import Channel, Priority, Reporter

LISTS = ("category", "except_category", "queue", "priority", "channel", "tier", "reporter")
NUMBERS = ("amount_more_than", "age_more_than_days")
NOBODY = ("", _("nobody"))


def many(label: Any, **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, widget=forms.CheckboxSelectMultiple, required=False, **options
    )


class RuleForm(JudgedForm):
    """A part of the matrix as it was in `base_version`; a note is needed only to publish."""

    prefix_of_paths = ""
    base_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    note = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=200,
        help_text=_("Stands in the history beside your name."),
    )

    def field_of(self, path: str) -> str:
        return path if path == "note" else path.removeprefix(f"{self.prefix_of_paths}.")

    def elsewhere(self, path: str, message: Any) -> str:
        """What is wrong with another part of the matrix is said with its place."""
        return f"{path}: {message}"


class PartForm(RuleForm):
    """A form that makes a part of the matrix."""

    def as_row(self) -> dict[str, Any]:
        raise NotImplementedError


class TriggerForm(PartForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=34,
        help_text=_("Small letters and underscores; stays for good."),
    )
    name_id = forms.CharField(label=_("Name (Indonesian)"), max_length=80)
    name_en = forms.CharField(label=_("Name (English)"), max_length=80)
    category = many(_("Category is one of"))
    except_category = many(_("Category is none of"))
    queue = many(_("Triage or an officer proposed the team"))
    priority = many(_("Priority is one of"), choices=Priority.choices)
    channel = many(_("Channel is one of"), choices=Channel.choices)
    tier = many(_("Tier is one of"), choices=Tier.choices)
    reporter = many(_("Reported by"), choices=Reporter.choices)
    amount_more_than = Rupiah(
        label=_("Amount more than (Rp)"), required=False, help_text=_("Strictly more; empty: any.")
    )
    age_more_than_days = forms.IntegerField(
        label=_("Older than (days)"),
        required=False,
        help_text=_("Since the problem began. Fires by itself when the moment passes."),
    )
    signal_kind = many(_("Another system reports"), choices=Signal.Kind.choices)
    signal_at_least = forms.IntegerField(label=_("At least so many times"), required=False)
    signal_within_hours = forms.IntegerField(label=_("Within (hours)"), required=False)
    opens = forms.ChoiceField(
        label=_("Without an open ticket, open one of the category"), required=False
    )
    team = forms.ChoiceField(label=_("Send the ticket to"), required=False)
    alert = forms.ChoiceField(label=_("Only tell"), required=False)
    priority_to = forms.ChoiceField(
        label=_("Raise the priority to"),
        required=False,
        choices=[("", _("as it is")), *Priority.choices],
    )
    form = forms.ChoiceField(label=_("Form that is filled in"), required=False)
    source = forms.CharField(label=_("Source (document, section)"), required=False, max_length=120)

    def __init__(self, *args: Any, row: dict[str, Any], forms_known: list[str], **kwargs: Any):
        self.row = row
        kwargs.setdefault("initial", {}).update(_initial(row))
        kwargs.setdefault("auto_id", "trigger_%s")
        super().__init__(*args, **kwargs)
        self.prefix_of_paths = f"triggers.{row.get('code', '')}"
        kinds = named_categories()
        receiving = receiving_teams()
        teams = [(team.code, team.name) for team in receiving]
        specialists = [(team.code, team.name) for team in receiving if team.is_specialist]
        for name, choices in (
            ("category", kinds),
            ("except_category", kinds),
            ("queue", specialists),
            ("opens", [("", _("none")), *kinds]),
            ("team", [NOBODY, *teams]),
            ("alert", [NOBODY, *teams]),
            ("form", [("", _("the team's own")), *form_choices(forms_known, dict(teams))]),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = choices
        if row.get("code"):
            self.fields["code"].disabled = True

    def asked(self) -> list[dict[str, Any]]:
        """The lists of words to choose from: each field, how many are chosen, whether it is open."""
        found = []
        for name in LISTS:
            bound = self[name]
            count = len(bound.value() or [])
            found.append({"field": bound, "count": count, "open": bool(bound.errors)})
        return found

    def field_of(self, path: str) -> str:
        # A new trigger's path holds the code just typed.
        parts = path.split(".")
        if parts[0] != "triggers":
            return super().field_of(path)
        rest = parts[2:]
        if rest[:2] == ["when", "signal"]:
            return f"signal_{rest[2]}" if len(rest) > 2 else "signal_kind"
        if rest[:1] == ["when"]:
            return rest[1] if len(rest) > 1 else "category"
        return "priority_to" if rest == ["priority"] else ".".join(rest)

    def as_row(self) -> dict[str, Any]:
        """The trigger as the matrix holds it: what is not asked is left out."""
        data = self.values
        when: dict[str, Any] = {name: data[name] for name in LISTS if data[name]}
        when |= {name: data[name] for name in NUMBERS if data[name] is not None}
        if data["signal_kind"]:
            when["signal"] = {
                "kind": data["signal_kind"],
                "at_least": data["signal_at_least"],
                "within_hours": data["signal_within_hours"],
            }
        named = {
            "team": data["team"],
            "alert": data["alert"],
            "priority": data["priority_to"],
            "level": _level(data["team"] or data["alert"]),
            "form": data["form"],
            "opens": data["opens"],
            "source": data["source"].strip(),
        }
        head = {name: data[name].strip() for name in ("code", "name_id", "name_en")}
        return {**head, "when": when} | {name: value for name, value in named.items() if value}


class RowForm(PartForm):
    """A category's levels, and the team to which a missed promise leads."""

    level_1 = forms.ChoiceField(label=_("Level 1"))
    level_2 = forms.ChoiceField(label=_("Level 2"))
    level_3 = forms.ChoiceField(label=_("Level 3"))
    team = forms.ChoiceField(
        label=_("After a missed promise, and by hand, to"),
        required=False,
        help_text=_("Nobody named: the supervisors."),
    )

    def __init__(self, *args: Any, category: str, row: dict[str, Any], **kwargs: Any) -> None:
        levels = row.get("levels", ["-", "-", "-"])
        initial = {f"level_{n}": level for n, level in enumerate(levels, start=1)}
        kwargs.setdefault("initial", {}).update({**initial, "team": row.get("team", "")})
        kwargs.setdefault("auto_id", "row_%s")
        super().__init__(*args, **kwargs)
        self.prefix_of_paths = f"rows.{category}"
        places = places_of({team.code: team.name for team in Team.objects.all()})
        for number in (1, 2, 3):
            cast("forms.ChoiceField", self.fields[f"level_{number}"]).choices = places
        teams = [(team.code, team.name) for team in receiving_teams()]
        cast("forms.ChoiceField", self.fields["team"]).choices = [NOBODY, *teams]

    def as_row(self) -> dict[str, Any]:
        data = self.values
        levels = [data[f"level_{number}"] for number in (1, 2, 3)]
        return {"levels": levels} | ({"team": data["team"]} if data["team"] else {})


class TemplateForm(PartForm):
    """The words of an automatic escalation form."""

    summary = forms.CharField(
        label=_("Summary of the problem"), widget=forms.Textarea, max_length=2_000
    )
    evidence = forms.CharField(label=_("Evidence"), widget=forms.Textarea, max_length=2_000)
    wanted_outcome = forms.CharField(
        label=_("Wanted outcome"), widget=forms.Textarea, max_length=2_000
    )

    def __init__(self, *args: Any, code: str, row: dict[str, str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(row)
        kwargs.setdefault("auto_id", "form_%s")
        super().__init__(*args, **kwargs)
        self.prefix_of_paths = f"forms.{code}"

    def as_row(self) -> dict[str, Any]:
        data = self.values
        names = ("summary", "evidence", "wanted_outcome")
        return {name: data[name].replace("\r\n", "\n").strip() for name in names}


def form_name(code: str, teams: dict[str, str]) -> str:
    """A form is called after the team that it is for."""
    return gettext("General") if code == GENERAL else teams.get(code, code)


def form_choices(codes: list[str], teams: dict[str, str]) -> list[tuple[str, str]]:
    return [(code, form_name(code, teams)) for code in codes]


def named_categories() -> list[tuple[str, str]]:
    return sorted(((code, category_name(code)) for code in categories()), key=lambda row: row[1])


def receiving_teams() -> list[Team]:
    """Those that accept escalations."""
    return list(Team.objects.exclude(kind=Team.Kind.SQUAD))


def places_of(teams: dict[str, str]) -> list[tuple[str, Any]]:
    """What may stand at a level of a row."""
    own = [("-", "–"), ("chatbot", _("chatbot")), ("help_center", _("help center"))]
    return [*own, *teams.items()]


def _level(team: str) -> int:
    kind = Team.objects.filter(code=team).values_list("kind", flat=True).first() if team else None
    return int(level_of(kind)) if kind else 0


def _initial(row: dict[str, Any]) -> dict[str, Any]:
    when = row.get("when", {})
    signal = when.get("signal", {})
    plain = {
        name: row.get(name, "")
        for name in ("code", "name_id", "name_en", "team", "alert", "form", "opens", "source")
    }
    asked = {name: when.get(name) for name in (*LISTS, *NUMBERS)}
    return {
        **plain,
        **asked,
        "priority_to": row.get("priority", ""),
        "signal_kind": signal.get("kind", []),
        "signal_at_least": signal.get("at_least"),
        "signal_within_hours": signal.get("within_hours"),
    }
