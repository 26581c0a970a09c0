"""The engine's page: what it shows, who sees it, and the two repairs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.engine_page import kind_words
from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, WrongState
from people.actors import SWEEP
from sla.models import Repair, Timer
from sla.services import retry_failed_mail, retry_timer, sweep
from sla.timers import known_kinds
from tickets.models import OutgoingMail

pytestmark = pytest.mark.django_db
PAGE = "/dasbor/mesin/"


@pytest.fixture
def parked(file_ticket):
    """The timer of the first response, given up by the sweep."""
    ticket = file_ticket()
    timer = Timer.objects.get(subject_id=ticket.pk, kind="sla.first_response")
    Timer.objects.filter(pk=timer.pk).update(
        state="parked", attempts=5, last_error="ValueError: <b>pecah</b>", due_at=clock.now()
    )
    timer.refresh_from_db()
    return timer


@pytest.fixture
def given_up(file_ticket):
    mail = OutgoingMail.objects.filter(ticket=file_ticket()).latest("id")
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state="failed", attempts=80, last_error="SMTPDataError: 550 kotak penuh"
    )
    mail.refresh_from_db()
    return mail


def test_who_watches_the_deadlines_sees_it(desk, sign_in, supervisor, manager, admin, specialist):
    for user in (supervisor, manager, admin):
        assert sign_in(user).get(PAGE).status_code == 200
    for client in (desk, sign_in(specialist)):
        for path in (PAGE, f"{PAGE}langsung/"):
            assert client.get(path).status_code == 403


def test_silence_is_said_in_red(sign_in, supervisor):
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert "Mesin tidak bersuara" in page
    sweep()
    assert "Mesin tidak bersuara" not in sign_in(supervisor).get(PAGE).content.decode()


def test_what_was_given_up_stands_there_with_its_reason(sign_in, supervisor, parked, given_up):
    page = sign_in(supervisor).get(PAGE).content.decode()
    assert "program menemui kesalahan, 5 percobaan" in page
    assert "ValueError: &lt;b&gt;pecah&lt;/b&gt;" in page
    assert "550 kotak penuh" in page
    assert given_up.ticket.number in page


def test_a_parked_timer_is_tried_again_and_fires(sign_in, supervisor, parked):
    client = sign_in(supervisor)
    answer = client.post(f"{PAGE}pewaktu/{parked.pk}/", follow=True)
    assert "Sekarang dicoba lagi" in answer.content.decode()
    parked.refresh_from_db()
    assert (parked.state, parked.attempts, parked.leased_until) == ("armed", 0, None)
    repair = Repair.objects.get()
    assert (repair.timer, repair.by, repair.attempts) == (parked, supervisor, 5)
    assert "pecah" in repair.error
    assert supervisor.full_name in client.get(PAGE).content.decode()
    with clock.shifted(timedelta(seconds=1)):
        assert sweep().fired == 1


def test_twice_is_refused(sign_in, supervisor, parked):
    client = sign_in(supervisor)
    client.post(f"{PAGE}pewaktu/{parked.pk}/")
    answer = client.post(f"{PAGE}pewaktu/{parked.pk}/", follow=True)
    assert "sudah tidak diparkir" in answer.content.decode()
    assert Repair.objects.count() == 1


def test_a_promise_that_has_a_newer_timer_is_left_alone(as_actor, supervisor, parked):
    Timer.objects.create(
        kind=parked.kind, subject_type=parked.subject_type, subject_id=parked.subject_id,
        due_at=clock.now(), armed_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(WrongState):
        retry_timer(actor=as_actor(supervisor), timer_id=parked.pk)
    parked.refresh_from_db()
    assert parked.state == "parked"


def test_who_may_not_look_may_not_repair(desk, officer, as_actor, parked, given_up):
    assert desk.post(f"{PAGE}pewaktu/{parked.pk}/").status_code == 403
    assert desk.post(f"{PAGE}surel/{given_up.pk}/").status_code == 403
    with pytest.raises(NotAllowed):
        retry_timer(actor=as_actor(officer), timer_id=parked.pk)
    with pytest.raises(NotAllowed):
        retry_failed_mail(actor=as_actor(officer), mail_id=given_up.pk)
    # Nobody signs for what the engine itself would do.
    with pytest.raises(NotAllowed):
        retry_timer(actor=SWEEP, timer_id=parked.pk)
    with pytest.raises(NotAllowed):
        retry_failed_mail(actor=SWEEP, mail_id=given_up.pk)
    assert not Repair.objects.exists()


@pytest.mark.parametrize("place", ["pewaktu", "surel"])
def test_a_repair_of_nothing_is_refused(sign_in, supervisor, place):
    client = sign_in(supervisor)
    assert client.get(f"{PAGE}{place}/1/").status_code == 405
    assert client.post(f"{PAGE}{place}/999999999/", follow=True).status_code == 200
    assert not Repair.objects.exists()


def test_a_mail_is_tried_again(sign_in, supervisor, given_up):
    sign_in(supervisor).post(f"{PAGE}surel/{given_up.pk}/")
    given_up.refresh_from_db()
    assert (given_up.state, given_up.attempts) == ("pending", 0)
    repair = Repair.objects.get()
    assert (repair.mail, repair.by, repair.attempts) == (given_up, supervisor, 80)


def test_few_queries(sign_in, supervisor, parked, given_up, django_assert_max_num_queries):
    client = sign_in(supervisor)
    client.get(PAGE)
    with django_assert_max_num_queries(26):
        client.get(f"{PAGE}langsung/")


def test_what_fired_late_is_named_and_what_did_not_is_not(sign_in, supervisor, file_ticket):
    late, timely = file_ticket(), file_ticket()
    now = timezone.now()
    for ticket, seconds in ((late, 2.5), (timely, 1.5)):
        timers = Timer.objects.filter(subject_type="ticket", subject_id=ticket.pk)
        due = now - timedelta(seconds=60)
        timers.update(
            state="fired", armed_at=due, due_at=due, fired_at=due + timedelta(seconds=seconds)
        )
    page = sign_in(supervisor).get(PAGE)
    assert {line.ticket for line in page.context["late"]} == {late}
    assert {line.late for line in page.context["late"]} == {2.5}
    assert page.context["engine"].lateness.is_late


def test_every_kind_of_timer_has_words():
    assert [kind for kind in known_kinds() if kind_words(kind) == kind] == []
