"""The page on which assignment is set up, and what the ticket says of a decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.demo.assignment import AWAY, make_assignment
from helpdesk.common import clock
from people.actors import of_user
from people.models import Shift, StatusChange, Team
from people.services import set_status
from sla.services import sweep
from tickets.models import WorkProfile
from tickets.services.profiles import set_team_assignment

pytestmark = pytest.mark.django_db
PAGE = "/regu/penugasan/"


def test_leads_look_supervisors_set(desk, sign_in, supervisor, admin, specialist, client, officer):
    form = {"team": "cs_account", "mode": "skill"}
    one = f"{PAGE}{officer.pk}/"
    assert client.get(PAGE).status_code == 302
    for person in (officer, specialist):
        for address in (PAGE, one):
            assert sign_in(person).get(address).status_code == 403
            assert sign_in(person).post(address, form).status_code == 403
    assert sign_in(admin).get(PAGE).status_code == 200
    assert sign_in(admin).post(PAGE, form).status_code == 403
    assert sign_in(admin).get(one).status_code == 403
    assert Team.objects.get(code="cs_account").assignment == "off"
    assert sign_in(supervisor).post(PAGE, form).status_code == 302
    assert Team.objects.get(code="cs_account").assignment == "skill"
    assert sign_in(supervisor).post(PAGE, form | {"mode": "magic"}).status_code == 400
    assert sign_in(supervisor).get(f"{PAGE}999999/").status_code == 404


def test_capacity_and_skills_of_a_person(sign_in, supervisor, officer):
    client, address = sign_in(supervisor), f"{PAGE}{officer.pk}/?team=cs_account"
    typed = {"revision": "0", "capacity": "7", "languages": ["en"]}
    assert client.post(address, typed)["Location"] == f"{PAGE}?team=cs_account"
    profile = WorkProfile.objects.get(user=officer)
    assert (profile.capacity, profile.languages, profile.changed_by) == (7, ["en"], supervisor)
    page = client.get(f"{PAGE}?team=cs_account").content.decode()
    assert "English" in page
    stale = client.post(address, typed)
    assert stale.status_code == 409
    for wrong in ({"capacity": "0"}, {"capacity": "x"}, {"tiers": ["gilded"]}):
        assert client.post(address, typed | {"revision": "1"} | wrong).status_code == 400
    assert WorkProfile.objects.get().revision == 1


def test_the_ticket_says_who_was_considered(
    desk, officer, supervisor, file_ticket, django_assert_max_num_queries
):
    set_team_assignment(actor=of_user(supervisor), team_code="cs_account", mode="load")
    ticket = file_ticket()
    sweep()
    text = desk.get(f"/meja/{ticket.number}/").content.decode()
    assert f"Ditugaskan otomatis ke {officer.full_name}" in text
    assert "beban paling ringan: 0 dari 20" in text
    set_status(actor=of_user(officer), status="off")
    other = file_ticket()
    sweep()
    with django_assert_max_num_queries(12):
        text = desk.get(f"/meja/{other.number}/").content.decode()
    assert "Belum ada petugas yang bisa menerimanya" in text
    assert "di luar sif" in text


def test_the_demonstration_shows_it(people, file_ticket):
    waiting = file_ticket()
    for _time in range(2):
        make_assignment(people)
    assert Team.objects.get(code="cs_payment").assignment == "load"
    assert StatusChange.objects.get().user == people["ayu"]
    sweep()
    assert waiting.events.filter(data__has_key="auto").exists()


def test_the_demonstration_plays_at_an_hour_at_which_nobody_is_there(people):
    later = clock.now() + timedelta(hours=5)
    for name in AWAY:
        Shift.objects.create(user=people[name], starts_at=later, ends_at=later + timedelta(hours=8))
    make_assignment(people)
    assert not StatusChange.objects.exists()
    assert Team.objects.get(code="cs_payment").assignment == "load"
