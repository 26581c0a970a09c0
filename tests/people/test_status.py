"""Available, away, off shift: what was said, and what the plan says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.common.errors import InvalidInput, NotAllowed, WrongState
from people.actors import TRIAGE, of_user
from people.availability import Facts, standing_at
from people.events import StatusChanged
from people.models import StatusChange, User, standings
from people.selectors import status_history
from people.services import plan_shifts, set_status

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "status", "until"),
    [
        (Facts(), "available", None),
        (Facts("available", None, NOW - HOUR), "available", None),
        (Facts("away", None, NOW - 9 * HOUR), "away", None),
        (Facts("away", NOW + HOUR, NOW - HOUR), "away", NOW + HOUR),
        (Facts("away", NOW, NOW - HOUR), "available", None),
        (Facts("off", None, NOW - HOUR), "off", None),
        # The plan: outside all shifts nobody is there, whatever they said.
        (Facts("available", None, NOW, planned=True, next_begins=NOW + HOUR), "off", NOW + HOUR),
        (Facts(planned=True), "off", None),
        (Facts(planned=True, began=NOW - HOUR, ends=NOW + HOUR), "available", NOW + HOUR),
        (Facts("away", None, NOW, True, NOW - HOUR, NOW + HOUR), "away", None),
        # Gone home early, and back with the next shift.
        (Facts("off", None, NOW, True, NOW - HOUR, NOW + HOUR), "off", None),
        (Facts("off", None, NOW - 9 * HOUR, True, NOW - HOUR, NOW + HOUR), "available", NOW + HOUR),
    ],
)
def test_how_somebody_stands(facts: Facts, status: str, until: datetime | None) -> None:
    found = standing_at(facts, NOW)
    assert (found.status, found.until) == (status, until)
    assert found.available == (status == "available")


def standing(user: User):  # type: ignore[no-untyped-def]
    return standings([user.pk], timezone.now())[user.pk]


@pytest.mark.django_db
def test_away_for_a_while_and_back(officer: User) -> None:
    actor = of_user(officer)
    until = timezone.now() + HOUR
    assert set_status(actor=actor, status="away", until=until).until == until
    set_status(actor=actor, status="away", until=until)  # twice: no second line
    assert standing(officer).status == "away"
    assert User.objects.get(pk=officer.pk).availability.status == "away"
    assert standings([officer.pk], until)[officer.pk].available, "it ends by itself"
    set_status(actor=actor, status="available")
    assert [row.status for row in status_history(officer)] == ["available", "away"]
    assert {row.set_by for row in status_history(officer)} == {officer}


@pytest.mark.django_db
def test_a_supervisor_sets_anothers_an_officer_does_not(
    officer: User, other_officer: User, supervisor: User, customer_user: User
) -> None:
    set_status(actor=of_user(supervisor), user_id=officer.pk, status="off")
    assert status_history(officer)[0].set_by == supervisor
    with pytest.raises(NotAllowed):
        set_status(actor=of_user(other_officer), user_id=officer.pk, status="available")
    for actor in (of_user(customer_user), TRIAGE):
        with pytest.raises(NotAllowed):
            set_status(actor=actor, status="away")
    for nobody in (customer_user.pk, 0, 10**9):
        with pytest.raises(InvalidInput):
            set_status(actor=of_user(supervisor), user_id=nobody, status="away")
    assert StatusChange.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "ahead", "field"),
    [
        ("asleep", None, "status"),
        ("", None, "status"),
        ("available", HOUR, "until"),
        ("off", HOUR, "until"),
        ("away", -HOUR, "until"),
        ("away", timedelta(days=32), "until"),
    ],
)
def test_what_makes_no_sense(officer: User, status: str, ahead: timedelta, field: str) -> None:
    until = timezone.now() + ahead if ahead else None
    with pytest.raises(InvalidInput) as refused:
        set_status(actor=of_user(officer), status=status, until=until)
    assert field in refused.value.fields
    assert not StatusChange.objects.exists()


@pytest.mark.django_db
def test_outside_the_plan_nobody_makes_themselves_available(
    officer: User, supervisor: User
) -> None:
    now = timezone.now()
    spans = [(now + 2 * HOUR, now + 10 * HOUR)]
    plan_shifts(actor=of_user(supervisor), user_id=officer.pk, spans=spans)
    found = standing(officer)
    assert (found.status, found.by_plan, found.until) == ("off", True, spans[0][0])
    with pytest.raises(WrongState) as refused:
        set_status(actor=of_user(officer), status="available")
    assert refused.value.code == "off_shift"
    begun = standings([officer.pk], now + 3 * HOUR)[officer.pk]
    assert (begun.status, begun.until) == ("available", spans[0][1])


@pytest.mark.django_db
def test_news_of_it_is_told_and_the_history_cannot_be_changed(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[StatusChanged] = []
    monkeypatch.setattr("people.services.status.publish", heard.append)
    set_status(actor=of_user(officer), status="away")
    assert [(news.user, news.standing.status) for news in heard] == [(officer, "away")]
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.update(status="available")
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.all().delete()
