"""What the editor works on: the person's draft, or the version in force when there is none yet."""

from __future__ import annotations

from functools import cached_property

from django.http import Http404
from django.urls import reverse

from agents_ops.models import PlaybookDraft, PlaybookSet
from agents_ops.selectors import playbook_draft_of, playbook_versions, problems_of
from desk.editing import Bench, Body, Change, PlacedProblem
from desk.playbook.words import difference, name_of
from helpdesk.common.drafting import Problem
from people.actors import Actor


class Workbench(Bench[PlaybookSet, PlaybookDraft]):
    def __init__(self, actor: Actor) -> None:
        super().__init__(playbook_versions(actor=actor)[0], playbook_draft_of(actor))

    @cached_property
    def changes(self) -> list[Change]:
        return difference(self.in_force.body, self.draft.body) if self.draft else []

    @cached_property
    def problems(self) -> list[PlacedProblem]:
        return [self._placed(each) for each in problems_of(self.body)]

    def playbook(self, code: str) -> Body:
        """Raises Http404."""
        return _named(self.body["playbooks"], code)

    def step(self, code: str, step: str) -> Body:
        """Raises Http404."""
        return _named(self.playbook(code)["steps"], step)

    def _placed(self, problem: Problem) -> PlacedProblem:
        code, _dot, rest = problem.path.partition(".")
        rows = [row for row in self.body["playbooks"] if row["code"] == code]
        if not rows:
            return PlacedProblem(problem.message, reverse("desk:playbooks"), "")
        step = rest.partition(".")[0]
        for row in rows[0]["steps"]:
            if row["code"] == step:
                url = reverse("desk:playbook_rule_step", args=[code, step])
                return PlacedProblem(problem.message, url, f"{name_of(rows[0])}: {row['title']}")
        url = reverse("desk:playbook_rule_head", args=[code])
        return PlacedProblem(problem.message, url, name_of(rows[0]))


def _named(rows: list[Body], code: str) -> Body:
    for row in rows:
        if row["code"] == code:
            return row
    raise Http404(code)
