"""The outcome of a trial of the triage rules: how many tickets change, from what to what, and why."""

from __future__ import annotations

from typing import Any

from desk.triage.words import difference, language, queue_names, title_of
from people.actors import Actor
from tickets.models import TriageRules, TriageTrial
from tickets.rule_reads import rules_draft_of
from tickets.selectors import visible_tickets
from tickets.states import rank_of
from tickets.trial import FIELDS

Body = dict[str, Any]


def trial_context(job: TriageTrial, actor: Actor) -> dict[str, Any]:
    base = TriageRules.objects.get(version=job.base_version)
    done = job.state == TriageTrial.State.DONE
    draft = rules_draft_of(actor)
    context: dict[str, Any] = {
        "job": job,
        "base": base,
        "changes": difference(base.body, job.body),
        "done": done,
        "is_current": draft is not None and draft.body == job.body,
    }
    if not done:
        return context
    outcome = job.result["outcome"]
    names = _Names(base.body, job.body)
    examples = _examples(outcome["examples"], names, actor)
    return context | {
        "outcome": outcome,
        "moves": [(field, _moves(field, outcome["moves"][field], names)) for field in FIELDS],
        "right_now": outcome["right"].get("now", 0),
        "right_draft": outcome["right"].get("draft", 0),
        "examples": examples,
        "unseen": outcome["changed"] - len(examples),
    }


class _Names:
    def __init__(self, *bodies: Body) -> None:
        self.categories = {
            code: title_of(row) for body in bodies for code, row in body["categories"].items()
        }
        self.queues = queue_names()

    def of(self, field: str, code: str) -> str:
        if field == "category":
            return self.categories.get(code, code)
        return self.queues.get(code, code) if field == "queue" else code


def _moves(field: str, counts: dict[str, int], names: _Names) -> list[dict[str, Any]]:
    """From what to what, the most frequent first; `up` where a priority rises."""
    rows = []
    for move, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        before, after = move.split(">")
        up = field == "priority" and rank_of(after) < rank_of(before)
        rows.append(
            {
                "before": names.of(field, before),
                "after": names.of(field, after),
                "number": number,
                "up": up,
            }
        )
    return rows


def _examples(kept: list[Body], names: _Names, actor: Actor) -> list[dict[str, Any]]:
    """The tickets that would change, of those that the reader may see."""
    seen = visible_tickets(actor).filter(pk__in=[row["ticket"] for row in kept])
    tickets = {pk: (number, subject) for pk, number, subject in
               seen.values_list("pk", "number", "subject")}  # fmt: skip
    return [
        {
            "number": tickets[row["ticket"]][0],
            "subject": tickets[row["ticket"]][1],
            "differ": [
                {
                    "field": field,
                    "before": names.of(field, row["before"][field]),
                    "after": names.of(field, row["after"][field]),
                    "was": why[0].get(language()) or why[0].get("rule", ""),
                    "now": why[1].get(language()) or why[1].get("rule", ""),
                }
                for field, why in row["why"].items()
            ],
            "person": _against_person(row),
        }
        for row in kept
        if row["ticket"] in tickets
    ]


def _against_person(row: Body) -> str:
    """Whether the draft says what an officer said of this ticket: 'right', 'wrong' or nothing."""
    if not row.get("person"):
        return ""
    return "right" if row["after"] == row["person"] else "wrong"
