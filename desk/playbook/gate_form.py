"""What a step's gate is given, and whether its time is a promise: the editor's fields for `with`.

Each field is shown for the kinds that it concerns, and kept for those alone.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from agents_ops.connectors import SYSTEMS
from agents_ops.lookup_words import SYSTEM_NAMES
from agents_ops.models import AgentRules, SupplierComplaint
from agents_ops.playbook.check_options import FOLLOW_UP_LEAST, FOLLOW_UP_MOST
from agents_ops.states import StepKind
from agents_ops.verification.words import named
from desk.editing import Body
from desk.policy.words import Words
from people.models import Team
from sla.models import SlaPolicy

POINTS, HOLDER = "points", "account_holder"
RULE = "rule:"


class GateForm(forms.Form):
    """Reads and writes `with`; what the form has no field for stays while the kind stays."""

    system = forms.ChoiceField(label=_("Looks into"), required=False)
    verifies = forms.ChoiceField(
        label=_("Verifies"),
        required=False,
        help_text=_("A rule of the house, points of this step's own, or the owner of an account."),
    )
    points = forms.MultipleChoiceField(
        label=_("Points of its own"), required=False, widget=forms.CheckboxSelectMultiple
    )
    needs = forms.IntegerField(
        label=_("How many of them must match"), required=False, min_value=1, max_value=50
    )
    holder_field = forms.CharField(
        label=_("The field with the owner's name"),
        required=False,
        max_length=40,
        help_text=_("Its code. The name is compared with the agent's; nobody ticks it off."),
    )
    about = forms.ChoiceField(
        label=_("Approval for"),
        required=False,
        help_text=_("A second person decides; whoever asked never can."),
    )
    by = forms.ChoiceField(label=_("Who decides"), required=False)
    complains = forms.ChoiceField(label=_("Complains about"), required=False)
    hard = forms.BooleanField(
        label=_("It is the hard complaint"),
        required=False,
        help_text=_(
            "The time standard says how long after the transaction it goes out by itself, "
            "for the first complaint as for the hard one."
        ),
    )
    follow_up_seconds = forms.IntegerField(
        label=_("Asks again every so many seconds"),
        required=False,
        min_value=FOLLOW_UP_LEAST,
        max_value=FOLLOW_UP_MOST,
        help_text=_("14400 is four hours. Empty: the supplier is not asked again by itself."),
    )
    automatic = forms.BooleanField(
        label=_("Escalates by itself"),
        required=False,
        help_text=_("As soon as the step opens, with the form filled from what is on record."),
    )
    watch = forms.ChoiceField(
        label=_("The time is a promise"),
        required=False,
        help_text=_(
            "Warned at 80 % of the time standard; when it is over, the case goes up. "
            "Counted by the hours chosen here."
        ),
    )

    def __init__(self, *args: Any, given: Body, given_kind: str, **kwargs: Any) -> None:
        self.given, self.given_kind = given, given_kind
        kwargs.setdefault("initial", {}).update(_first(given, given_kind))
        super().__init__(*args, **kwargs)
        book, policy = AgentRules.exactly_in_force().book, SlaPolicy.exactly_in_force().body
        nobody = ("", _("none"))
        rules = [(f"{RULE}{code}", named(each.names, code)) for code, each in book.rules.items()]
        own = [(POINTS, _("points of its own")), (HOLDER, _("the account is in the agent's name"))]
        calendars = dict.fromkeys(["always", *policy["calendars"]])
        teams = [(team.code, team.name) for team in Team.objects.exclude(kind=Team.Kind.SQUAD)]
        for name, choices in (
            ("system", [nobody, *((code, SYSTEM_NAMES[code]) for code in SYSTEMS)]),
            ("verifies", [nobody, *rules, *own]),
            ("points", [(code, named(each.names, code)) for code, each in book.points.items()]),
            ("about", [nobody, *((c, named(e.names, c)) for c, e in book.approvals.items())]),
            ("by", [("", _("the team that the rules name")), *teams]),
            ("complains", [nobody, *SupplierComplaint.About.choices]),
            ("watch", [("", _("no, only measured")), *_named(calendars, Words(policy))]),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = choices

    def as_given(self, kind: str) -> Body:
        """`with` for a step of this kind; empty where it needs nothing."""
        data = self.cleaned_data
        made = (
            {}
            if kind != self.given_kind
            else {k: v for k, v in self.given.items() if k not in _OURS}
        )
        if kind == StepKind.LOOKUP and data["system"]:
            made["system"] = data["system"]
        elif kind == StepKind.VERIFY:
            made |= self._verifies(data)
        elif kind == StepKind.APPROVAL:
            made |= {name: data[name] for name in ("about", "by") if data[name]}
        elif kind == StepKind.SUPPLIER_COMPLAINT:
            made |= {"about": data["complains"], "hard": data["hard"]}
            if data["follow_up_seconds"]:
                made["follow_up_seconds"] = data["follow_up_seconds"]
        elif kind == StepKind.ESCALATE and data["automatic"]:
            made["automatic"] = True
        if data["watch"]:
            made["watch"] = data["watch"]
        return made

    @staticmethod
    def _verifies(data: Body) -> Body:
        chosen = data["verifies"]
        if chosen == POINTS:
            return {"points": data["points"], "needs": data["needs"] or len(data["points"])}
        if chosen == HOLDER:
            return {HOLDER: data["holder_field"].strip()}
        return {"rule": chosen.removeprefix(RULE)} if chosen else {}


_OURS = frozenset(
    {"system", "rule", "points", "needs", HOLDER, "about", "by", "hard", "follow_up_seconds"}
    | {"automatic", "watch"}
)


def _first(given: Body, kind: str) -> Body:
    verifies = next((name for name in (POINTS, HOLDER) if name in given), "")
    if given.get("rule"):
        verifies = f"{RULE}{given['rule']}"
    return {
        "system": given.get("system", ""),
        "verifies": verifies,
        "points": given.get("points", []),
        "needs": given.get("needs"),
        "holder_field": given.get(HOLDER, ""),
        "about": given.get("about", "") if kind == StepKind.APPROVAL else "",
        "by": given.get("by", ""),
        "complains": given.get("about", "") if kind == StepKind.SUPPLIER_COMPLAINT else "",
        "hard": given.get("hard", False),
        "follow_up_seconds": given.get("follow_up_seconds"),
        "automatic": given.get("automatic", False),
        "watch": given.get("watch", ""),
    }


def _named(codes: Any, words: Words) -> list[tuple[str, str]]:
    return [(code, words.calendar(code)) for code in codes]
