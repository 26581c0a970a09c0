"""The pages of the triage rules for axe: a world in which each has something to show."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from helpdesk.common import clock
from people.services.reference import read_fixture
from tickets.models import TriageExample, TriageTrial
from tickets.services.rulebook import load_triage_rules
from tickets.services.trials import work_on_trials
from tickets.weekly_triage import monday_of

# Each with what its address needs.
TRIAGE: dict[str, tuple[Any, ...]] = {
    "desk:triage": (),
    "desk:triage_text": (),
    "desk:triage_threshold": ("mediation",),
    "desk:triage_flag": ("hashtag",),
    "desk:triage_reader": (),
    "desk:triage_words_new": (),
    "desk:triage_words": ("hack",),
    "desk:triage_rule_new": (),
    "desk:triage_rule": ("rules", "press"),
    "desk:triage_category": ("order_lost",),
    "desk:triage_category_head": ("order_lost",),
    "desk:triage_row_new": ("order_lost", "priority"),
    "desk:triage_row": ("order_lost", "queue", 0),
    "desk:triage_publish": (),
    "desk:triage_history": (),
    "desk:triage_version": (1,),
    "desk:triage_trial": (1,),
    "desk:triage_examples": (),
    "desk:triage_weeks": (),
}


def address_of(name: str) -> str:
    args = TRIAGE[name]
    if name == "desk:triage_trial":
        args = (TriageTrial.objects.get().pk,)
    week = f"?pekan={monday_of(clock.now())}" if name == "desk:triage_weeks" else ""
    return reverse(name, args=args) + week


def work_on_triage(lead: Client, number: str) -> None:
    """A published version, an offer of a release, a draft that was tried, a correction."""
    said = {"category": "press", "priority": "LOW", "queue": "general", "reason": "Dari pers"}
    lead.post(f"/meja/{number}/reclassify/", said)
    assert TriageExample.objects.exists()
    words = "\n".join([*read_fixture("triage_rules.json")["concepts"]["hack"], "zzkodokzz"])
    home = "/aturan/triase/"
    lead.post(f"{home}kata/hack/", {"patterns": words, "revision": "0"})
    lead.post(f"{home}terbitkan/", {"note": "Kata baru", "revision": "1"})
    shipped = read_fixture("triage_rules.json")
    shipped["concepts"]["hack"].append("zzcicakzz")
    load_triage_rules(shipped)
    lead.post(f"{home}ambang/mediation/", {"value": "1", "unit": "amount_idr"})
    lead.post(f"{home}simulasi/")
    assert work_on_trials()
