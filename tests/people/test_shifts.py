from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.common.durations import WIB
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from people.actors import of_user
from people.models import Shift, Team
from people.selectors import on_shift, shifts_between
from people.services import copy_week, plan_shifts, remove_shift, start_of_week

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def monday():
    return start_of_week(timezone.now().astimezone(WIB).date())


@pytest.fixture
def plan(supervisor, officer, monday):
    def planned(hours_from_monday=8, length=8, person=None, actor=None):
        start = monday + hours_from_monday * HOUR
        spans = [(start, start + length * HOUR)]
        (shift,) = plan_shifts(
            actor=of_user(actor or supervisor), user_id=(person or officer).pk, spans=spans
        )
        return shift

    return planned


def test_a_week_begins_on_monday_in_wib():
    assert start_of_week(date(2026, 11, 22)) == datetime(2026, 11, 16, tzinfo=WIB)
    assert start_of_week(date(2026, 11, 23)) == datetime(2026, 11, 23, tzinfo=WIB)


def test_on_shift_from_the_first_instant_to_just_before_the_last(plan, officer, supervisor, monday):
    shift = plan(8, 8)
    assert shift.planned_by == supervisor
    begins = monday + 8 * HOUR
    assert on_shift(begins) == {officer.pk}
    assert on_shift(begins + 8 * HOUR - timedelta(microseconds=1)) == {officer.pk}
    assert on_shift(begins + 8 * HOUR) == set()
    assert list(shifts_between(begins + 7 * HOUR, begins + 9 * HOUR)) == [shift]
    assert list(shifts_between(begins + 8 * HOUR, begins + 9 * HOUR)) == []


def test_whoever_left_is_not_on_shift(plan, officer, monday):
    plan(8, 8)
    officer.is_active = False
    officer.save()
    assert on_shift(monday + 9 * HOUR) == set()


def test_shifts_of_one_person_never_overlap(plan, other_officer):
    plan(8, 8)
    for start, length in ((8, 8), (7, 2), (15, 4), (9, 1), (6, 12)):
        with pytest.raises(Conflict):
            plan(start, length)
    plan(16, 4)
    plan(4, 4)
    plan(8, 8, person=other_officer)
    assert Shift.objects.count() == 4


def test_all_days_or_none(supervisor, officer, plan, monday):
    plan(24 + 8)
    spans = [(monday + at * HOUR, monday + (at + 8) * HOUR) for at in (8, 32, 56)]
    with pytest.raises(Conflict):
        plan_shifts(actor=of_user(supervisor), user_id=officer.pk, spans=spans)
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("name", ["officer", "specialist", "admin", "customer_user"])
def test_only_who_assigns_work_plans_it(name, request, plan, officer):
    person = request.getfixturevalue(name)
    with pytest.raises(NotAllowed):
        plan(8, 8, actor=person)
    shift = plan(8, 8)
    with pytest.raises(NotAllowed):
        remove_shift(actor=of_user(person), shift_id=shift.pk)
    with pytest.raises(NotAllowed):
        copy_week(
            actor=of_user(person), team=Team.objects.get(code="cs_account"), monday=timezone.now()
        )
    assert Shift.objects.count() == 1


@pytest.mark.parametrize("length", [0, -1, 17])
def test_senseless_hours(plan, length):
    with pytest.raises(InvalidInput):
        plan(8, length)


def test_a_day_in_another_year(plan):
    with pytest.raises(InvalidInput):
        plan(24 * 365, 8)


def test_customers_and_strangers_have_no_shifts(plan, customer_user):
    with pytest.raises(InvalidInput):
        plan(8, 8, person=customer_user)
    customer_user.pk = 10**9
    with pytest.raises(InvalidInput):
        plan(8, 8, person=customer_user)


def test_removing_twice(plan, supervisor):
    shift = plan(8, 8)
    assert remove_shift(actor=of_user(supervisor), shift_id=shift.pk) == shift
    with pytest.raises(WrongState):
        remove_shift(actor=of_user(supervisor), shift_id=shift.pk)


def test_copying_a_week_twice_plans_it_once(plan, supervisor, officer, other_officer, monday):
    plan(8, 8)
    plan(24 + 22, 9)
    plan(8, 8, person=other_officer)
    team = Team.objects.get(code="cs_account")
    actor = of_user(supervisor)
    assert copy_week(actor=actor, team=team, monday=monday + WEEK) == 2
    assert copy_week(actor=actor, team=team, monday=monday + WEEK) == 0
    copied = Shift.objects.filter(starts_at__gte=monday + WEEK)
    assert {shift.user_id for shift in copied} == {officer.pk}
    assert [s.starts_at - WEEK for s in copied] == [
        s.starts_at for s in Shift.objects.filter(user=officer, starts_at__lt=monday + WEEK)
    ]


def test_the_database_refuses_a_shift_that_ends_before_it_begins(officer, monday):
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(user=officer, starts_at=monday, ends_at=monday)
