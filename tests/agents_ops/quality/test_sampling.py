"""Samples: fair among officers, the same for the same seed, and never twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents_ops.models import QaReview
from agents_ops.quality.sampling import Draw, drawn
from agents_ops.quality.scope import scope_of
from agents_ops.quality.services import draw_sample, pick_ticket
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import Actor, of_user
from people.models import Team, TeamMembership, User
from tests.agents_ops.quality.conftest import Cases
from tickets.services import reopen_ticket

pytestmark = pytest.mark.django_db


def a_draw(seed: int = 7, per_officer: int = 2) -> Draw:
    now = clock.now()
    return Draw(now - timedelta(days=7), now + timedelta(days=1), per_officer, seed)


@pytest.fixture
def second(people: dict[str, User]) -> Actor:
    """Bagus works for the agents' squad, too."""
    person = User.objects.get(pk=people["bagus"].pk)
    TeamMembership.objects.create(team=Team.objects.get(code="cs_agent"), user=person)
    return of_user(person)


@pytest.fixture
def closed(cases: Cases, second: Actor) -> list[int]:
    """Six of Rizal's, one of Bagus's."""
    mine = [cases.closed().pk for _n in range(6)]
    other = cases.open()
    return [*mine, cases.close(other, actor=second).pk]


def chosen(seed: int, lead: Actor) -> dict[str, list[int]]:
    assert lead.user
    found = drawn(a_draw(seed), scope_of(lead), without=lead.user.pk)
    return {
        each.officer.get_short_name(): [row.ticket_id for row in each.closings] for each in found
    }


def test_each_officer_gives_as_many_and_a_seed_repeats(closed: list[int], lead: Actor) -> None:
    first = chosen(1, lead)
    assert {name: len(rows) for name, rows in first.items()} == {"Rizal": 2, "Bagus": 1}
    assert chosen(1, lead) == first
    assert len({tuple(chosen(seed, lead)["Rizal"]) for seed in range(8)}) > 1


def test_what_is_previewed_is_drawn(closed: list[int], lead: Actor) -> None:
    seen = chosen(7, lead)
    sample = draw_sample(actor=lead, draw=a_draw(7), team="cs_agent")
    reviews = QaReview.objects.filter(sample=sample)
    assert {row.ticket_id for row in reviews} == {pk for rows in seen.values() for pk in rows}
    assert {row.state for row in reviews} == {"open"}


def test_nothing_is_drawn_twice(closed: list[int], lead: Actor) -> None:
    pick_ticket(actor=lead, ticket_id=closed[0])
    for _n in range(3):
        draw_sample(actor=lead, draw=a_draw(7))
    with pytest.raises(WrongState) as refused:
        draw_sample(actor=lead, draw=a_draw(7))
    assert refused.value.code == "nothing_to_draw"
    assert sorted(QaReview.objects.values_list("ticket_id", flat=True)) == sorted(closed)


def test_open_tickets_and_ones_own_are_not_drawn(cases: Cases, lead: Actor) -> None:
    again = cases.closed()
    reopen_ticket(actor=lead, ticket_id=again.pk, reason="Belum beres")
    own = cases.open()
    cases.close(own, actor=lead)
    with pytest.raises(WrongState):
        draw_sample(actor=lead, draw=a_draw())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"per_officer": 0}, "per_officer"),
        ({"per_officer": 10**9}, "per_officer"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**80}, "seed"),
    ],
)
def test_nonsense_is_refused(change: dict[str, int], field: str, lead: Actor) -> None:
    with pytest.raises(InvalidInput) as refused:
        draw_sample(actor=lead, draw=a_draw(**change))
    assert set(refused.value.fields) == {field}


def test_only_leads_draw_and_only_among_theirs(
    closed: list[int], supervisor: User, officer: User, admin: User
) -> None:
    for person in (officer, admin):
        with pytest.raises(NotAllowed):
            draw_sample(actor=of_user(person), draw=a_draw())
    for team in ("cs_agent", "moon"):
        with pytest.raises(InvalidInput):
            draw_sample(actor=of_user(supervisor), draw=a_draw(), team=team)
    with pytest.raises(WrongState):
        draw_sample(actor=of_user(supervisor), draw=a_draw())
