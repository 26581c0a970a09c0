"""What the editor works on: the person's draft, or the version in force when there is none yet."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse

from desk.editing import Bench, Change, PlacedProblem
from desk.policy.difference import difference
from desk.policy.words import (
    METRICS,
    Words,
    breach_word,
    capital,
    metric_word,
    pause_word,
    week_lines,
    within_words,
)
from helpdesk.common.drafting import Problem
from people.actors import Actor
from sla.models import PolicyDraft, SlaPolicy
from sla.policy_check import Known, check_policy
from sla.policy_check.calendars import closure_lines
from sla.policy_reads import draft_of, known_codes, policy_in_force


class Workbench(Bench[SlaPolicy, PolicyDraft]):
    def __init__(self, actor: Actor) -> None:
        super().__init__(policy_in_force(actor=actor), draft_of(actor))
        self.actor = actor

    @cached_property
    def known(self) -> Known:
        return known_codes()

    @cached_property
    def words(self) -> Words:
        return Words(self.body)

    @cached_property
    def changes(self) -> list[Change]:
        return difference(self.in_force.body, self.draft.body) if self.draft else []

    @cached_property
    def problems(self) -> list[PlacedProblem]:
        return [self._placed(problem) for problem in check_policy(self.body, self.known)]

    def target(self, code: str) -> dict[str, Any]:
        """Raises Http404."""
        found = next((row for row in self.body["targets"] if row["code"] == code), None)
        if found is None:
            raise Http404(code)
        return found

    def calendar(self, code: str) -> dict[str, Any]:
        """Raises Http404; the calendar around the clock has nothing to edit."""
        if code == "always" or code not in self.body["calendars"]:
            raise Http404(code)
        row: dict[str, Any] = self.body["calendars"][code]
        return row

    def _placed(self, problem: Problem) -> PlacedProblem:
        first, _dot, rest = problem.path.partition(".")
        if first == "targets" and rest:
            row = self.body["targets"][int(rest.split(".")[0])]
            url = reverse("desk:policy_target", args=[row["code"]])
            return PlacedProblem(problem.message, url, self.words.target(row))
        if first == "calendars":
            code = rest.split(".")[0]
            url = reverse("desk:policy_calendar", args=[code])
            return PlacedProblem(problem.message, url, self.words.calendar(code))
        if first == "metric":
            url = f"{reverse('desk:policy_target_new')}?metric={rest}"
            return PlacedProblem(problem.message, url, capital(metric_word(rest)))
        return PlacedProblem(problem.message, reverse("desk:policy_rest"), "")


def policy_sections(body: dict[str, Any], words: Words) -> dict[str, Any]:
    """A policy in words, as `desk/policy/parts/policy.html` shows it."""
    return {
        "promises": [_promise(metric, body, words) for metric in METRICS],
        "calendars": [
            {
                "code": code,
                "name": words.calendar(code),
                "lines": week_lines(row),
                "holidays": row.get("holidays", False),
                "fixed": code == "always",
            }
            for code, row in body["calendars"].items()
        ],
        "closures": closure_lines(body),
        "warnings": body["warning_percent"],
        "teams": [
            (words.team(code), metric_word(metric))
            for part in ("receiving", "after_acceptance")
            for code, metric in body.get(part, {}).items()
        ],
        "plain": body,
    }


def _promise(metric: str, body: dict[str, Any], words: Words) -> dict[str, Any]:
    return {
        "code": metric,
        "name": capital(metric_word(metric)),
        "rows": [
            {
                "code": row["code"],
                "who": capital(words.who(row.get("when", {}))),
                "within": within_words(row["within"]),
                "calendar": words.hours(row),
                "warn": row.get("warn"),
            }
            for row in body["targets"]
            if row["metric"] == metric
        ],
        "pauses": [pause_word(reason) for reason in body.get("pauses", {}).get(metric, ())],
        "breach": breach_word(body.get("breach", {}).get(metric, "")),
    }
