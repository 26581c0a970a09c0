"""What the editor works on: the person's draft, or the version in force when there is none yet."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from desk.editing import Bench, Change, PlacedProblem
from desk.triage.words import (
    condition_line,
    difference,
    flag_text,
    queue_names,
    reporter_words,
    threshold_text,
    title_of,
)
from helpdesk.common.drafting import Problem
from people.actors import Actor
from people.models import OrganisationProfile
from tickets.models import TriageDraft, TriageRules
from tickets.rule_reads import known_codes, open_offer, problems_of, rules_draft_of, rules_in_force
from tickets.rulebook import Known
from tickets.rulebook.conditions import concepts_in, thresholds_in

Body = dict[str, Any]


class Workbench(Bench[TriageRules, TriageDraft]):
    def __init__(self, actor: Actor) -> None:
        super().__init__(rules_in_force(actor=actor), rules_draft_of(actor))
        self.actor = actor

    @cached_property
    def known(self) -> Known:
        return known_codes()

    @cached_property
    def profile(self) -> Body:
        found: Body = OrganisationProfile.in_force().body
        return found

    @cached_property
    def changes(self) -> list[Change]:
        return difference(self.in_force.body, self.draft.body) if self.draft else []

    @cached_property
    def problems(self) -> list[PlacedProblem]:
        return [self._placed(each) for each in problems_of(self.body, self.known)]

    @cached_property
    def offered(self) -> list[Change]:
        """What a newer release changed in its rules and people have neither taken nor declined."""
        offer = open_offer()
        return difference(offer.base, offer.body) if offer else []

    def named(self, section: str, name: str) -> Any:
        """A threshold, flag, category or the words of a concept. Raises Http404."""
        try:
            return self.body[section][name]
        except KeyError:
            raise Http404(name) from None

    def rule(self, section: str, name: str) -> Body:
        """Raises Http404."""
        for row in self.body[section]:
            if row["rule"] == name:
                found: Body = row
                return found
        raise Http404(name)

    def row(self, table: str, category: str, place: int) -> Body:
        """Raises Http404."""
        rows = self.named("categories", category)[table]
        if place >= len(rows):
            raise Http404(str(place))
        found: Body = rows[place]
        return found

    def _placed(self, problem: Problem) -> PlacedProblem:
        section, _dot, rest = problem.path.partition(".")
        parts = rest.split(".")
        name = parts[0]
        about, url = name, reverse("desk:triage")
        if section == "thresholds":
            url = reverse("desk:triage_threshold", args=[name])
        elif section == "flags":
            url = reverse("desk:triage_flag", args=[name])
        elif section == "concepts":
            url = reverse("desk:triage_words", args=[name])
        elif section in ("rules", "fallbacks"):
            url = reverse("desk:triage_rule", args=[section, name])
            about = title_of(self.rule(section, name))
        elif section in ("priority", "queue") and len(parts) > 1:
            url = reverse("desk:triage_row", args=[name, section, int(parts[1])])
            about = title_of(self.body["categories"][name])
        elif section in ("priority", "queue", "categories"):
            url = reverse("desk:triage_category", args=[name])
            about = title_of(self.body["categories"][name])
        return PlacedProblem(problem.message, url, about)


def sections(body: Body, profile: Body) -> dict[str, Any]:
    """A rule set in words, as `desk/triage/parts/rules.html` shows it."""
    rules = Counter(row["category"] for row in body["rules"])
    queues = queue_names()
    return {
        "reader": body.get("model", ""),
        "thresholds": [
            {"name": name, "value": threshold_text(row), "source": row.get("source", "")}
            for name, row in body.get("thresholds", {}).items()
        ],
        "flags": [
            {"name": name, "title": title_of(row), "value": flag_text(row, profile)}
            for name, row in body.get("flags", {}).items()
        ],
        "categories": [
            {
                "code": code,
                "name": title_of(body["categories"][code]),
                "priorities": list(
                    dict.fromkeys(row["priority"] for row in body["categories"][code]["priority"])
                ),
                "queues": list(
                    dict.fromkeys(
                        queues.get(row["queue"], row["queue"])
                        for row in body["categories"][code]["queue"]
                    )
                ),
                "rules": rules[code],
            }
            for code in body["precedence"]
            if code in body["categories"]
        ],
        "concepts": [(name, len(patterns)) for name, patterns in sorted(body["concepts"].items())],
        "fallbacks": [rule_line(row, body) for row in body["fallbacks"]],
    }


def rule_line(row: Body, body: Body) -> dict[str, Any]:
    return {
        "name": row["rule"],
        "title": title_of(row),
        "condition": condition_line(row),
        "category": title_of(body["categories"].get(row["category"], {})),
        "before": title_of(body["categories"].get(row.get("before"), {})),
        "source": row.get("source", ""),
        "decides": row.get("decides", False),
    }


def category_page(body: Body, code: str) -> dict[str, Any]:
    """One category: who may report it, its rules, its priority and team tables."""
    category = body["categories"][code]
    queues = queue_names()
    return {
        "code": code,
        "category": category,
        "name": title_of(category),
        "reporters": reporter_words(category.get("reporters", ())),
        "rules": [rule_line(row, body) for row in body["rules"] if row["category"] == code],
        "tables": [
            {
                "code": table,
                "rows": [
                    {
                        "place": place,
                        "value": queues.get(row[table], row[table]),
                        "title": title_of(row),
                        "condition": condition_line(row),
                        "source": row.get("source", ""),
                    }
                    for place, row in enumerate(category[table])
                ],
            }
            for table in ("priority", "queue")
        ],
    }


def users_of(body: Body, name: str) -> list[dict[str, str]]:
    """The rules and rows that ask for the words or the threshold of this name, each with its form."""
    found = []
    for section in ("rules", "fallbacks"):
        for row in body[section]:
            if name in concepts_in(row.get("when")) | thresholds_in(row.get("when")):
                url = reverse("desk:triage_rule", args=[section, row["rule"]])
                found.append({"title": title_of(row), "url": url})
    for code, category in body["categories"].items():
        for table in ("priority", "queue"):
            for place, row in enumerate(category[table]):
                if name in concepts_in(row.get("when")) | thresholds_in(row.get("when")):
                    url = reverse("desk:triage_row", args=[code, table, place])
                    title = f"{title_of(category)}: {title_of(row)}"
                    found.append({"title": title, "url": url})
    return found
