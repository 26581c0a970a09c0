"""The form of a saved view: its filters as choices, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.judged import JudgedForm
from desk.models import SavedView
from desk.orders import ORDERS
from desk.rupiah import Rupiah
from desk.saved_views import may_share
from desk.selectors import desk_people
from desk.view_fields import FIELDS, ME, NOBODY
from desk.view_filters import COLUMNS, USUAL_COLUMNS, VERSION
from people.actors import Actor
from people.models import Team, Tier
from tickets.catalogue import categories, category_name
from tickets.states import Channel, Priority, Reporter, State, WantedSolution
from tickets.tag_reads import tags_in_use

Audience = SavedView.Audience
Choices = list[tuple[str, Any]]
ANY = ("", _("any time"))
BEFORE: Choices = [
    ANY,
    ("-1h", _("1 hour ago")),
    ("-4h", _("4 hours ago")),
    ("today", _("today 00:00")),
    ("-1d", _("1 day ago")),
    ("-3d", _("3 days ago")),
    ("-7d", _("7 days ago")),
    ("-30d", _("30 days ago")),
    ("-90d", _("90 days ago")),
]
AHEAD: Choices = [
    ANY,
    ("now", _("now")),
    ("+1h", _("in 1 hour")),
    ("+4h", _("in 4 hours")),
    ("+1d", _("in 1 day")),
    ("+3d", _("in 3 days")),
    ("+7d", _("in 7 days")),
]
MOMENTS: Mapping[str, Choices] = {"received": BEFORE, "due": AHEAD, "escalated": BEFORE}
TICKED = ("state", "priority", "tier", "channel", "reporter", "wanted_solution")
LISTED = ("category", "team", "assignee", "tags")
FLAGS = tuple(name for name, field in FIELDS.items() if field.kind == "flag")
COLUMN_WORDS: Mapping[str, Any] = {
    "channel": _("Channel"),
    "customer": _("Customer"),
    "tier": _("Tier"),
    "number": _("Ticket number"),
    "state": _("State"),
    "assignee": _("Assignee"),
    "team": _("Team"),
    "category": _("Category"),
    "order": _("Order number"),
    "tags": _("Tags"),
}


def _ticks(label: Any, choices: Iterable[tuple[str, Any]] = ()) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ViewForm(JudgedForm):
    """`body()` is what was chosen; what the form cannot show of `kept` stays as it was."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    shared = forms.ChoiceField(label=_("Who has it"))
    state = _ticks(_("State"), State.choices)
    priority = _ticks(_("Priority"), Priority.choices)
    category = forms.MultipleChoiceField(label=_("Category"), required=False)
    team = forms.MultipleChoiceField(label=_("Team"), required=False)
    assignee = forms.MultipleChoiceField(label=_("Assignee"), required=False)
    tags = forms.MultipleChoiceField(label=_("Tags"), required=False)
    tier = _ticks(_("Tier"), Tier.choices)
    channel = _ticks(_("Channel"), Channel.choices)
    reporter = _ticks(_("Reported by"), Reporter.choices)
    wanted_solution = _ticks(_("Wanted solution"), WantedSolution.choices)
    only = _ticks(_("Only tickets that are"), [(name, FIELDS[name].label) for name in FLAGS])
    without = _ticks(_("No tickets that are"), [(name, FIELDS[name].label) for name in FLAGS])
    amount_from = Rupiah(label=_("Amount from (Rp)"), required=False, min_value=0)
    amount_to = Rupiah(label=_("Amount to (Rp)"), required=False, min_value=0)
    order_number = forms.CharField(
        label=_("Order number begins with"), required=False, max_length=60
    )
    text = forms.CharField(label=_("Words of the subject"), required=False, max_length=100)
    sort = forms.ChoiceField(
        label=_("Sorted by"), choices=[(code, order.label) for code, order in ORDERS.items()]
    )
    columns = _ticks(_("A row shows"), COLUMN_WORDS.items())

    def __init__(
        self, *args: Any, actor: Actor, kept: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        usual = {"filters": {}, "columns": list(USUAL_COLUMNS), "sort": "deadline"}
        self._kept = usual | dict(kept or {})
        kwargs["initial"] = self._shown() | kwargs.get("initial", {})
        kwargs["auto_id"] = "view_%s"
        super().__init__(*args, **kwargs)
        people: Choices = [(ME, _("me")), (NOBODY, _("nobody"))]
        people += [(str(person.pk), person.full_name) for person in desk_people()]
        teams = list(Team.objects.all())
        names = sorted((category_name(code), code) for code in categories())
        choices: dict[str, Choices] = {
            "category": [(code, name) for name, code in names],
            "team": [(team.code, team.name) for team in teams],
            "assignee": people,
            "tags": list(tags_in_use(actor).values_list("slug", "label")),
            "shared": _audiences(actor, teams),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        for name, presets in MOMENTS.items():
            for end, word in (("from", _("from")), ("to", _("until"))):
                self.fields[f"{name}_{end}"] = self._moment(name, end, word, presets)

    def _moment(self, name: str, end: str, word: Any, presets: Choices) -> forms.ChoiceField:
        value = self._kept["filters"].get(name, {}).get(end, "")
        own = [] if value in dict(presets) else [(value, value)]
        label = f"{FIELDS[name].label}, {word}"
        return forms.ChoiceField(
            label=label, choices=[*presets, *own], required=False, initial=value
        )

    def _shown(self) -> dict[str, Any]:
        filters = self._kept["filters"]
        flags = {name: filters.get(name, {}).get("is") for name in FLAGS}
        amount = filters.get("amount", {})
        return {
            **{name: filters.get(name, {}).get("in", []) for name in (*TICKED, *LISTED)},
            "only": [name for name, value in flags.items() if value is True],
            "without": [name for name, value in flags.items() if value is False],
            "amount_from": amount.get("from"),
            "amount_to": amount.get("to"),
            "order_number": filters.get("order_number", {}).get("begins", ""),
            "text": filters.get("text", {}).get("contains", ""),
            "sort": self._kept["sort"],
            "columns": self._kept["columns"],
        }

    def audience(self) -> dict[str, str]:
        """The keywords of the services that say who has it."""
        audience, _colon, code = self.cleaned_data["shared"].partition(":")
        return {"audience": audience, "team_code": code}

    def body(self) -> dict[str, Any]:
        said = self.cleaned_data
        filters: dict[str, Any] = {}
        for name in (*TICKED, *LISTED):
            read = _person if name == "assignee" else str
            filters[name] = {"in": [read(each) for each in said[name]]}
        for name in MOMENTS:
            filters[name] = {end: said[f"{name}_{end}"] for end in ("from", "to")}
        filters |= {name: {"is": False} for name in said["without"]}
        filters |= {name: {"is": True} for name in said["only"]}
        filters["amount"] = {"from": said["amount_from"], "to": said["amount_to"]}
        filters["order_number"] = {"begins": said["order_number"]}
        filters["text"] = {"contains": said["text"]}
        given = {name: _given(parts) | self._unshown(name) for name, parts in filters.items()}
        return {
            "version": VERSION,
            "filters": {name: parts for name, parts in given.items() if parts},
            "sort": said["sort"],
            "columns": [name for name in COLUMNS if name in said["columns"]],
        }

    def _unshown(self, name: str) -> dict[str, Any]:
        """Written through the API, and nothing that a form like this could show."""
        kept = self._kept["filters"].get(name, {})
        return {
            operator: kept[operator]
            for operator in ("not_in", "is")
            if operator in kept and (operator == "not_in" or name == "order_number")
        }


def _given(parts: Mapping[str, Any]) -> dict[str, Any]:
    return {operator: value for operator, value in parts.items() if value not in ("", None, [])}


def _person(value: str) -> Any:
    return int(value) if value.isdecimal() else value


def _audiences(actor: Actor, teams: list[Team]) -> Choices:
    choices: Choices = [("private", _("only for me"))]
    choices += [
        (f"team:{team.code}", team.name) for team in teams if may_share(actor, Audience.TEAM, team)
    ]
    if may_share(actor, Audience.ALL, None):
        choices.append(("all", _("for everybody at the desk")))
    return choices
