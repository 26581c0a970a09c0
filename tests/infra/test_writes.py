"""Gathered writes end up exactly as written one by one; reads for many as for one."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock, reads, writes
from people.models import Customer, Team, User
from sla.models import Clock, SlaPolicy, Timer
from tests.support.stages import Stage, stage
from tickets.models import (
    EventNote,
    Notice,
    Ticket,
    TicketEvent,
    WebhookDelivery,
    WebhookEndpoint,
)
from tickets.services import notify_team, record

__all__ = ["stage"]
pytestmark = pytest.mark.django_db


def timer(subject: int, **fields: object) -> Timer:
    now = clock.now()
    parts = {"kind": "test", "subject_type": "test", "due_at": now, "armed_at": now, **fields}
    return Timer(subject_id=subject, **parts)


def test_outside_a_gathering_it_is_written_at_once() -> None:
    row = timer(1)
    writes.insert(row)
    row.urgency = 0
    writes.update(row, "urgency")
    assert Timer.objects.get(pk=row.pk).urgency == 0
    several = [timer(number) for number in (2, 3)]
    writes.insert(*several)
    writes.insert()
    assert Timer.objects.filter(pk__in=[row.pk for row in several]).count() == 2


def test_a_gathered_row_has_its_key_at_once_and_is_written_at_the_end() -> None:
    with transaction.atomic(), writes.gathered():
        rows = [timer(number) for number in range(120)]
        for row in rows:
            writes.insert(row)
        assert len({row.pk for row in rows}) == 120
        assert not Timer.objects.exists()
        assert writes.waiting(Timer) == rows
    assert Timer.objects.count() == 120
    # The sequence stands behind what was given out.
    assert Timer.objects.create(**fields_of(timer(500))).pk > rows[-1].pk


def fields_of(row: Timer) -> dict[str, object]:
    names = ("kind", "subject_type", "subject_id", "due_at", "armed_at")
    return {name: getattr(row, name) for name in names}


def test_a_row_changed_before_it_is_written_is_written_once() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as seen, writes.gathered():
        row = timer(1)
        writes.insert(row)
        row.urgency = 1
        writes.update(row, "urgency")
        twin = Timer(pk=row.pk, last_error="twin")
        writes.update(twin, "last_error")
    assert not any("UPDATE" in query["sql"] for query in seen.captured_queries)
    kept = Timer.objects.get(pk=row.pk)
    assert (kept.urgency, kept.last_error) == (1, "twin")


def test_changes_are_merged_and_rows_of_the_same_fields_change_together() -> None:
    rows = [Timer.objects.create(**fields_of(timer(number))) for number in range(6)]
    moment = clock.now() + timedelta(hours=1)
    with transaction.atomic(), CaptureQueriesContext(connection) as seen, writes.gathered():
        for number, row in enumerate(rows):
            row.urgency = number % 4
            writes.update(row, "urgency")
            if number % 2:
                row.fired_at, row.last_error = moment, "it's 100 % “odd”"
                writes.update(row, "fired_at", "last_error")
    assert sum("UPDATE" in query["sql"] for query in seen.captured_queries) == 2
    kept = Timer.objects.order_by("pk").values_list("urgency", "fired_at", "last_error")
    odd = [(number % 4, moment, "it's 100 % “odd”") for number in (1, 3, 5)]
    assert list(kept)[1::2] == odd
    assert list(kept)[::2] == [(number, None, "") for number in (0, 2, 0)]


def test_two_instances_of_one_row_each_give_what_they_changed() -> None:
    row = Timer.objects.create(**fields_of(timer(1)))
    one, two = Timer.objects.get(pk=row.pk), Timer.objects.get(pk=row.pk)
    with transaction.atomic(), writes.gathered():
        one.urgency, two.last_error = 1, "two"
        writes.update(one, "urgency")
        writes.update(two, "last_error")
    row.refresh_from_db()
    assert (row.urgency, row.last_error) == (1, "two")


def test_a_text_that_is_too_long_is_refused_not_cut() -> None:
    row = Timer.objects.create(**fields_of(timer(1)))
    row.last_error = "x" * 301
    with pytest.raises(DataError), transaction.atomic(), writes.gathered():
        writes.update(row, "last_error")


def test_a_row_that_is_gone_is_noticed() -> None:
    row = Timer.objects.create(**fields_of(timer(1)))
    Timer.objects.all().delete()
    with pytest.raises(RuntimeError, match="gone"), transaction.atomic(), writes.gathered():
        writes.update(row, "urgency")


def test_what_raises_writes_nothing() -> None:
    def fails_half_way() -> None:
        with transaction.atomic(), writes.gathered():
            writes.insert(timer(1))
            raise KeyError

    with pytest.raises(KeyError):
        fails_half_way()
    assert not Timer.objects.exists()
    writes.insert(timer(2))
    assert Timer.objects.count() == 1


def test_it_is_refused_outside_a_transaction_and_inside_another_gathering(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        pytest.raises(RuntimeError, match="already"),
        transaction.atomic(),
        writes.gathered(),
        writes.gathered(),
    ):
        pass
    monkeypatch.setattr(writes, "connection", SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError, match="transaction"), writes.gathered():
        pass


def test_constraints_hold_for_gathered_rows() -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), writes.gathered():
        writes.insert(timer(1), timer(1))


def test_items_for_the_end_come_together_and_before_the_inserts() -> None:
    calls: list[list[int]] = []

    def act(items: list[int]) -> None:
        calls.append(items)
        assert not Timer.objects.exists()

    with transaction.atomic(), writes.gathered():
        writes.insert(timer(1))
        writes.at_end(act, 1)
        writes.at_end(act, 2)
    Timer.objects.all().delete()
    writes.at_end(act, 3)
    assert calls == [[1, 2], [3]]


@pytest.mark.parametrize("gathered", [True, False])
def test_a_tickets_history_is_the_same_either_way(
    stage: Stage, people: dict[str, User], gathered: bool
) -> None:
    ticket = stage.classified()
    fraud, legal = Team.objects.get(code="fraud"), Team.objects.get(code="legal")
    for times in range(2):
        with transaction.atomic():
            if gathered:
                with writes.gathered(), reads.shared([ticket]):
                    tell(ticket, fraud, legal)
            else:
                tell(ticket, fraud, legal)
        noted = TicketEvent.objects.filter(ticket=ticket, kind="noted")
        assert EventNote.objects.filter(event__in=noted, text="Kata.").count() == times + 1
        assert [row.data for row in noted] == [{"n": 1}] * (times + 1)
        assert set(ticket.involved_teams.all()) >= {fraud, legal}
        assert Notice.objects.filter(event__in=noted).count() == times + 1
        assert ticket.outgoing_mails.filter(event__in=noted).count() == times + 1


def tell(ticket: Ticket, *teams: Team) -> None:
    from people.actors import SWEEP

    event = record(ticket, actor=SWEEP, kind="noted", data={"n": 1}, note="Kata.")
    writes.link(ticket, "involved_teams", *teams, teams[0])
    for _twice in range(2):
        notify_team(ticket, event, teams[0], mail="notice")


def test_reads_are_shared_by_a_batch_only() -> None:
    asked: list[list[int]] = []

    def load(teams: list[Team]) -> dict[int, list[str]]:
        asked.append([team.pk for team in teams])
        return {team.pk: [team.code] for team in teams}

    def name(code: str) -> str:
        asked.append([])
        return code.upper()

    teams = list(Team.objects.all()[:3])
    with reads.shared(teams):
        answers = [reads.of_each(load, team) for team in teams]
        assert answers == [[team.code] for team in teams]
        answers[0].append("more")
        assert reads.of_each(load, teams[0]) is answers[0]
        assert [reads.once(name, "a"), reads.once(name, "a"), reads.once(name, "b")] == list("AAB")
        # Another instance of the row, or none of the batch, is asked for alone.
        assert reads.of_each(load, Team.objects.get(pk=teams[0].pk)) == [teams[0].code]
    keys = [team.pk for team in teams]
    assert asked == [keys, [], [], keys[:1]]
    reads.once(name, "a")
    reads.once(name, "a")
    assert len(asked) == 6


def test_many_rows_are_copied_with_every_kind_of_value(people: dict[str, User]) -> None:
    """Tabs, line ends, backslashes and what COPY takes for nothing; keys, instants, spans, lists."""
    words = ["a\tb", "line\nline\r", "back\\slash \\N", "\\.", "", "kutip \" ' {x}", "Ω 😀"]
    ticket = Ticket.objects.create(
        number="TUN-2222-2222",
        customer=Customer.objects.get(user=people["ratna"]),
        channel="api",
        subject="s",
        description="d",
        received_at=clock.now(),
    )
    policy = SlaPolicy.in_force()
    at = clock.now()
    with transaction.atomic(), CaptureQueriesContext(connection) as seen, writes.gathered():
        for place in range(70):
            word = words[place % len(words)]
            event = TicketEvent(ticket=ticket, at=at, kind="noted", data={"w": word, "n": [place]})
            clock_row = Clock(
                ticket=ticket,
                metric="resolution",
                state=Clock.State.MET,
                started_at=at,
                due_at=at,
                met_at=at,
                policy=policy,
                running_since=at,
                used=timedelta(days=-place, seconds=1, microseconds=5),
                target={"a": word},
            )
            writes.insert(event, clock_row)
            writes.insert(EventNote(event=event, text=word))
    assert not [query for query in seen.captured_queries if "INSERT" in query["sql"]]
    notes = list(EventNote.objects.order_by("event_id"))
    for place, note in enumerate(notes):
        assert note.text == words[place % len(words)]
        assert note.event.data == {"w": note.text, "n": [place]}
        assert note.event.at == at
    assert len(notes) == 70
    spans = list(Clock.objects.order_by("id").values_list("used", flat=True))
    assert spans[3] == timedelta(days=-3, seconds=1, microseconds=5)


def test_lists_are_copied_and_keys_of_what_was_not_written_yet() -> None:
    user = User.objects.create(email="hook@example.com", full_name="Hook")
    events = ["a,b", 'c"d', "e\\f", ""]
    owed = []
    with transaction.atomic(), writes.gathered():
        for _place in range(60):
            endpoint = WebhookEndpoint(
                owner=user, url="u", events=events, created_at=clock.now(), from_event=0, salt="s"
            )
            delivery = WebhookDelivery(
                endpoint=endpoint, created_at=clock.now(), next_try_at=clock.now()
            )
            writes.insert(endpoint)
            writes.insert(delivery)
            owed.append(delivery)
    assert {tuple(row.events) for row in WebhookEndpoint.objects.all()} == {tuple(events)}
    kept = WebhookDelivery.objects.in_bulk()
    assert [kept[row.pk].endpoint_id for row in owed] == [row.endpoint_id for row in owed]
    assert [kept[row.pk].uuid for row in owed] == [row.uuid for row in owed]
