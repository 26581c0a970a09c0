"""The pages of the triage rules for axe: a world in which each has something to show."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from people.services.reference import read_fixture
from tickets.models import TriageTrial
from tickets.services.rulebook import load_triage_rules
from tickets.services.trials import work_on_trials

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
}


def address_of(name: str) -> str:
    args = TRIAGE[name]
    if name == "desk:triage_trial":
        args = (TriageTrial.objects.get().pk,)
    return reverse(name, args=args)


def work_on_triage(lead: Client) -> None:
    """A published version, an offer of a release, a draft that was tried."""
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
