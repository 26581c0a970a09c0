"""A text as it might come in, and what the rules say of it: the version in force beside the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.judged import JudgedForm
from desk.reasons import ReasonCard, cards_of
from desk.rupiah import Rupiah
from desk.triage.words import queue_names, title_of
from desk.triage.workbench import Workbench
from people.models import Tier
from tickets.rule_reads import judge
from tickets.states import Channel, Reporter
from tickets.triage import Complaint, Decision, RuleSetError


class TextForm(JudgedForm):
    subject = forms.CharField(label=gettext_lazy("Subject"), required=False, max_length=200)
    body = forms.CharField(
        label=gettext_lazy("Text of the complaint"), widget=forms.Textarea, max_length=20_000
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    reporter = forms.ChoiceField(label=gettext_lazy("Reported by"), choices=Reporter.choices)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), choices=Tier.choices)
    amount_idr = Rupiah(label=gettext_lazy("Amount (Rp)"), required=False)
    days_open = forms.IntegerField(
        label=gettext_lazy("Days since it began"), required=False, min_value=0, max_value=3650
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "text_%s")
        kwargs.setdefault("initial", {"channel": Channel.WEB})
        super().__init__(*args, **kwargs)

    @property
    def complaint(self) -> Complaint:
        data = self.cleaned_data
        return Complaint(**{name: data[name] for name in self.fields})


@dataclass(frozen=True)
class Verdict:
    """A decision in words; `differs` names the fields in which the draft says otherwise."""

    title: str
    category: str
    priority: str
    queue: str
    flags: tuple[str, ...]
    confidence: int
    cards: tuple[ReasonCard, ...]
    differs: frozenset[str]


def verdicts(bench: Workbench, complaint: Complaint) -> dict[str, Any]:
    """The decision of the version in force, and of the draft where there is one that can be read."""
    in_force = bench.in_force
    now = judge(in_force.body, in_force.version, complaint)
    title = _("Version %(version)s, in force") % {"version": in_force.version}
    if bench.draft is None:
        return {"verdicts": [_verdict(title, now, in_force.body, frozenset())]}
    try:
        draft = judge(bench.draft.body, in_force.version, complaint)
    except RuleSetError:
        return {"verdicts": [_verdict(title, now, in_force.body, frozenset())], "unsound": True}
    differs = frozenset(
        name
        for name in ("category", "priority", "queue")
        if getattr(now, name) != getattr(draft, name)
    )
    return {
        "verdicts": [
            _verdict(title, now, in_force.body, differs),
            _verdict(_("Your draft"), draft, bench.draft.body, differs),
        ],
        "same": not differs,
    }


def _verdict(
    title: str, decision: Decision, body: dict[str, Any], differs: frozenset[str]
) -> Verdict:
    flags = body.get("flags", {})
    return Verdict(
        title=title,
        category=title_of(body["categories"].get(decision.category, {})) or decision.category,
        priority=decision.priority,
        queue=queue_names().get(decision.queue, decision.queue),
        flags=tuple(title_of(flags.get(name, {})) or name for name in decision.flags),
        confidence=round(decision.confidence * 100),
        cards=cards_of([reason.to_dict() for reason in decision.reasons]),
        differs=differs,
    )
