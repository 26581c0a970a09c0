"""What became of each ticket of a bulk action."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from helpdesk.common.problems import problem_of
from helpdesk.common.wording import LANGUAGES, said_in
from tickets.services import Outcome


class BulkResultSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.IntegerField(help_text="As if the action had been asked for alone.")
    code = serializers.CharField(allow_blank=True, help_text="Why not; empty when done.")
    detail = serializers.CharField(allow_blank=True)
    detail_id = serializers.CharField(allow_blank=True, help_text="In Indonesian.")
    detail_en = serializers.CharField(allow_blank=True, help_text="In English.")


class BulkAnswerSerializer(serializers.Serializer[Any]):
    done = serializers.IntegerField(help_text="How many were changed (or already were so).")
    refused = serializers.IntegerField()
    results = BulkResultSerializer(many=True)


def bulk_answer(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    rows = [_row(outcome) for outcome in outcomes]
    done = sum(1 for row in rows if row["status"] == 200)
    answer = {"done": done, "refused": len(rows) - done, "results": rows}
    return dict(BulkAnswerSerializer(answer).data)


def _row(outcome: Outcome) -> dict[str, Any]:
    problem = problem_of(outcome.refusal) if outcome.refusal else None
    if problem is None:
        said = dict.fromkeys(("code", "detail", "detail_id", "detail_en"), "")
        return {"number": outcome.number, "status": 200, **said}
    return {
        "number": outcome.number,
        "status": problem.status,
        "code": problem.code,
        "detail": str(problem.detail),
        **{f"detail_{language}": said_in(problem.detail, language) for language in LANGUAGES},
    }
