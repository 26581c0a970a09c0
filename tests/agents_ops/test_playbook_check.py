"""What keeps a playbook from being published, and every way through those that are shipped."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from agents_ops.models import PlaybookSet
from agents_ops.playbook import read_playbooks, walk
from agents_ops.selectors import problems_of
from agents_ops.states import Group, Outcome
from people.services.reference import read_fixture

Body = dict[str, Any]
Change = Callable[[list[Body]], None]
SHIPPED = read_fixture("playbooks.json")


def small() -> Body:
    """Two steps and two ends."""
    return {
        "playbooks": [
            {
                "code": "small",
                "id": "Kecil",
                "en": "Small",
                "group": "deposit",
                "suggest": {"category": ["agent_deposit"], "words": []},
                "steps": [
                    {
                        "code": "ask",
                        "kind": "ask",
                        "title": "Tanya",
                        "fields": [
                            {
                                "code": "answer",
                                "label": "Jawaban",
                                "type": "choice",
                                "choices": [
                                    {"value": "yes", "label": "Ya"},
                                    {"value": "no", "label": "Tidak"},
                                ],
                            }
                        ],
                        "next": [
                            {"when": {"field": "answer", "is": ["yes"]}, "go": "tell"},
                            {"end": "refused"},
                        ],
                    },
                    {
                        "code": "tell",
                        "kind": "inform",
                        "title": "Kabari",
                        "next": [{"end": "solved"}],
                    },
                ],
            }
        ]
    }


def _steps(body: Body) -> list[Body]:
    found: list[Body] = body["playbooks"][0]["steps"]
    return found


@pytest.mark.django_db
def test_what_is_shipped_is_sound_and_in_force() -> None:
    assert problems_of(SHIPPED) == []
    assert set(PlaybookSet.in_force().playbooks) == set(read_playbooks(SHIPPED))


def test_every_table_of_the_document_is_there() -> None:
    groups = [playbook.group for playbook in read_playbooks(SHIPPED).values()]
    told = {group: groups.count(group) for group in Group.values}
    assert told == {
        "deposit": 3,
        "credit": 1,
        "transaction": 1,
        "registration": 2,
        "login": 2,
        "otp": 2,
        "account": 10,
        "scam": 2,
    }


@pytest.mark.parametrize("code", read_playbooks(SHIPPED))
def test_every_way_comes_to_an_end(code: str) -> None:
    playbook = read_playbooks(SHIPPED)[code]
    paths = list(walk(playbook))
    assert {step.code for path in paths for step, _branch in path} == set(playbook.by_code)
    assert all(path[-1][1].end in Outcome.values for path in paths)


@pytest.mark.django_db
def test_a_small_one_is_sound() -> None:
    assert problems_of(small()) == []


def _loop(steps: list[Body]) -> None:
    steps[1]["next"] = [{"go": "ask"}]


def _unreachable(steps: list[Body]) -> None:
    steps[0]["next"] = [{"end": "refused"}]


def _dead_end(steps: list[Body]) -> None:
    steps[1]["next"] = []


def _no_default(steps: list[Body]) -> None:
    steps[0]["next"].pop()


def _unknown_step(steps: list[Body]) -> None:
    steps[0]["next"][0]["go"] = "nowhere"


def _unknown_team(steps: list[Body]) -> None:
    steps[1] |= {"kind": "escalate", "escalate": {"team": "mars"}}


def _squad(steps: list[Body]) -> None:
    steps[1] |= {"kind": "escalate", "escalate": {"team": "cs_agent"}}


def _unknown_form(steps: list[Body]) -> None:
    steps[1] |= {"kind": "escalate", "escalate": {"team": "finance", "form": "mars"}}


def _unknown_gate(steps: list[Body]) -> None:
    steps[1]["kind"] = "crystal_ball"


def _unknown_result(steps: list[Body]) -> None:
    steps[0] |= {"kind": "escalate", "escalate": {"team": "finance"}}
    steps[0]["next"][0]["when"] = {"gate": ["moon"]}


def _unknown_field(steps: list[Body]) -> None:
    steps[0]["next"][0]["when"]["field"] = "moon"


def _field_asked_later(steps: list[Body]) -> None:
    steps[0]["next"][0]["when"] = {"field": "later", "more_than": 5}
    steps[1]["fields"] = [{"code": "later", "label": "Nanti", "type": "number"}]


def _unknown_choice(steps: list[Body]) -> None:
    steps[0]["next"][0]["when"]["is"] = ["maybe"]


def _never_taken(steps: list[Body]) -> None:
    steps[0]["next"][0]["when"]["is"] = ["yes", "no"]


def _unknown_placeholder(steps: list[Body]) -> None:
    steps[1]["reply"] = "Halo {moon}"


def _unknown_end(steps: list[Body]) -> None:
    steps[1]["next"] = [{"end": "moon"}]


def _refusal_without_words(steps: list[Body]) -> None:
    steps[1]["kind"] = "refuse"


def _same_field_twice(steps: list[Body]) -> None:
    steps[1]["fields"] = deepcopy(steps[0]["fields"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_loop, "small.ask.next"),
        (_unreachable, "small.tell.code"),
        (_dead_end, "small.tell.next"),
        (_no_default, "small.ask.next.0"),
        (_unknown_step, "small.ask.next.0"),
        (_unknown_team, "small.tell.team"),
        (_squad, "small.tell.team"),
        (_unknown_form, "small.tell.form"),
        (_unknown_gate, "small.tell.kind"),
        (_unknown_result, "small.ask.next.0"),
        (_unknown_field, "small.ask.next.0"),
        (_field_asked_later, "small.ask.next.0"),
        (_unknown_choice, "small.ask.next.0"),
        (_never_taken, "small.ask.next.1"),
        (_unknown_placeholder, "small.tell.reply"),
        (_unknown_end, "small.tell.next.0"),
        (_refusal_without_words, "small.tell.reply"),
        (_same_field_twice, "small.steps"),
    ],
)
def test_what_is_wrong_is_named(change: Change, path: str) -> None:
    body = small()
    change(_steps(body))
    assert path in [problem.path for problem in problems_of(body)]
