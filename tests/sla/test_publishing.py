"""Drafts, publishing, rolling back: who may, what is refused, what two people do at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import SWEEP, Actor, of_user
from people.models import User
from sla.models import PolicyDraft, SlaPolicy
from sla.policy_parts import changed_parts
from sla.policy_reads import draft_of, policy_in_force
from sla.services.publishing import (
    discard_draft,
    edit_draft,
    publish_draft,
    rebase_draft,
    roll_back,
)
from tests.concurrency.conftest import at_once

pytestmark = pytest.mark.django_db


def hours(code: str, number: int) -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        next(row for row in body["targets"] if row["code"] == code)["within"] = {"hours": number}

    return change


@pytest.fixture
def sari(supervisor: User) -> Actor:
    return of_user(supervisor)


@pytest.fixture
def hendra(manager: User) -> Actor:
    return of_user(manager)


def test_a_draft_changes_nothing_until_it_is_published(sari: Actor) -> None:
    before = policy_in_force(actor=sari)
    draft = edit_draft(actor=sari, change=hours("first-urgent", 1), revision=0)
    assert changed_parts(before.body, draft.body) == [("targets", "first-urgent")]
    assert policy_in_force(actor=sari).pk == before.pk
    made = publish_draft(actor=sari, note="Lebih cepat untuk URGENT", revision=draft.revision)
    assert made.version == before.version + 1
    assert (made.published_by, made.note) == (sari.user, "Lebih cepat untuk URGENT")
    assert SlaPolicy.in_force().pk == made.pk
    assert draft_of(sari) is None
    before.refresh_from_db()
    assert changed_parts(before.body, made.body) == [("targets", "first-urgent")]


@pytest.mark.parametrize("role", ["officer", "specialist", "integrator", "customer_user"])
def test_others_may_not(request: pytest.FixtureRequest, role: str, sari: Actor) -> None:
    actor = of_user(request.getfixturevalue(role))
    for verb in (
        lambda: edit_draft(actor=actor, change=hours("first-urgent", 1)),
        lambda: rebase_draft(actor=actor),
        lambda: discard_draft(actor=actor),
        lambda: publish_draft(actor=actor, note="x"),
        lambda: roll_back(actor=actor, version=1, note="x", seen=1),
    ):
        with pytest.raises(NotAllowed):
            verb()
    assert not PolicyDraft.objects.exists()
    assert SlaPolicy.objects.count() == 1


def test_the_system_has_no_draft() -> None:
    with pytest.raises(NotAllowed):
        edit_draft(actor=SWEEP, change=hours("first-urgent", 1))


@pytest.mark.parametrize("note", ["", "   ", "x" * 201, "a\x00b"])
def test_a_note_is_needed(sari: Actor, note: str) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 1))
    with pytest.raises(InvalidInput) as refusal:
        publish_draft(actor=sari, note=note)
    assert "note" in refusal.value.fields
    assert SlaPolicy.objects.count() == 1


def test_an_unsound_draft_is_kept_but_not_published(sari: Actor) -> None:
    edit_draft(actor=sari, change=lambda body: body["targets"].pop(0))
    with pytest.raises(InvalidInput) as refusal:
        publish_draft(actor=sari, note="Tanpa URGENT")
    assert refusal.value.code == "policy_unsound"
    assert list(refusal.value.fields) == ["metric.first_response"]
    assert draft_of(sari) is not None


def test_a_draft_without_difference_is_not_published(sari: Actor) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 2))
    with pytest.raises(WrongState):
        publish_draft(actor=sari, note="Tidak ada")


def test_publishing_twice_publishes_once(sari: Actor) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 1))
    publish_draft(actor=sari, note="Sekali")
    with pytest.raises(WrongState):
        publish_draft(actor=sari, note="Sekali")
    assert SlaPolicy.objects.count() == 2


def test_two_windows_of_one_person_do_not_overwrite_each_other(sari: Actor) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 1), revision=0)
    with pytest.raises(Conflict):
        edit_draft(actor=sari, change=hours("first-high", 1), revision=0)
    with pytest.raises(Conflict):
        discard_draft(actor=sari, revision=7)
    assert draft_of(sari).revision == 1


def test_the_same_change_again_counts_nothing(sari: Actor) -> None:
    first = edit_draft(actor=sari, change=hours("first-urgent", 1))
    again = edit_draft(actor=sari, change=hours("first-urgent", 1))
    assert first.revision == again.revision


def test_a_version_that_came_between_is_a_conflict_and_can_be_taken_over(
    sari: Actor, hendra: Actor
) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 1))
    edit_draft(actor=hendra, change=hours("first-high", 4))
    publish_draft(actor=hendra, note="HIGH lebih cepat")
    with pytest.raises(Conflict) as refusal:
        publish_draft(actor=sari, note="URGENT lebih cepat")
    assert refusal.value.code == "policy_moved_on"
    draft = rebase_draft(actor=sari)
    assert draft.base_version == 2
    made = publish_draft(actor=sari, note="URGENT lebih cepat")
    within = {row["code"]: row["within"]["hours"] for row in made.body["targets"][:2]}
    assert within == {"first-urgent": 1, "first-high": 4}


def test_rolling_back_is_a_new_version_with_the_old_rules(sari: Actor) -> None:
    edit_draft(actor=sari, change=hours("first-urgent", 1))
    publish_draft(actor=sari, note="Percobaan")
    back = roll_back(actor=sari, version=1, note="Kembali", seen=2)
    assert back.version == 3
    assert back.body == SlaPolicy.objects.get(version=1).body
    with pytest.raises(WrongState):
        roll_back(actor=sari, version=3, note="Kembali", seen=3)
    with pytest.raises(Conflict):
        roll_back(actor=sari, version=2, note="Kembali", seen=2)
    with pytest.raises(InvalidInput):
        roll_back(actor=sari, version=99, note="Kembali", seen=3)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_four_who_publish_at_once_one_wins(people: dict[str, User]) -> None:
    actors = [of_user(people[name]) for name in ("sari", "hendra", "admin")]
    for number, actor in enumerate(actors, start=3):
        edit_draft(actor=actor, change=hours("first-urgent", number))
    results = at_once(
        [lambda actor=actor: publish_draft(actor=actor, note="Saya dulu") for actor in actors]
    )
    assert [type(result) for result in results].count(SlaPolicy) == 1
    assert sum(isinstance(result, Conflict) for result in results) == len(actors) - 1
    assert SlaPolicy.objects.count() == 2
    assert PolicyDraft.objects.count() == len(actors) - 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_windows_that_begin_a_draft_at_once_make_one(people: dict[str, User]) -> None:
    actor = of_user(people["sari"])
    results = at_once(
        [
            lambda: edit_draft(actor=actor, change=hours("first-urgent", 1), revision=0),
            lambda: edit_draft(actor=actor, change=hours("first-high", 1), revision=0),
        ]
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert PolicyDraft.objects.count() == 1
