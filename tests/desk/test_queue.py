"""The queue: whose tickets, in which order, page by page, and what changed since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.template.loaders.cached import Loader
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from desk.orders import Place
from desk.queue_rows import page_of
from desk.queues import view_or_404, views_for
from people.actors import of_user
from people.models import OrganisationProfile, organisation
from sla.services import sweep
from tickets.models import Ticket
from tickets.services import assign_ticket, handle_ticket, reply_to_customer

pytestmark = pytest.mark.django_db
QUEUE = "/meja/"


def codes(rows: list[Ticket]) -> list[int]:
    return [row.pk for row in rows]


def page(user: Any, code: str, after: Place | None = None, size: int = 40) -> Any:
    view = view_or_404(views_for(user, timezone.now()), code)
    return page_of(view.tickets, user, after, size)


def test_a_stranger_is_sent_to_sign_in(client):
    response = client.get(QUEUE)
    assert response.status_code == 302
    assert response["Location"] == "/masuk/?next=/meja/"


def test_a_customer_has_no_desk(client, customer_user):
    client.force_login(customer_user)
    assert client.get(QUEUE).status_code == 403


def test_my_queue_holds_what_is_assigned_to_me(desk, officer, file_ticket):
    mine, other = file_ticket(), file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=mine.pk)
    assert codes(page(officer, "mine")[0]) == [mine.pk]
    shown = desk.get(QUEUE).content.decode()
    assert mine.number in shown
    assert other.number not in shown


def test_a_team_that_is_not_mine_is_no_view_of_mine(desk, file_ticket):
    assert desk.get(QUEUE, {"view": "team:fraud"}).status_code == 404
    assert desk.get(QUEUE, {"view": "all"}).status_code == 404


def test_quick_escalation_stands_first_then_the_nearest_deadline(officer, file_ticket):
    now = timezone.now()
    later = file_ticket(received_at=now - timedelta(minutes=1))
    sooner = file_ticket(received_at=now - timedelta(minutes=50))
    asked = file_ticket(received_at=now)
    Ticket.objects.filter(pk=asked.pk).update(expedited=True)
    assert codes(page(officer, "team:cs_account")[0]) == [asked.pk, sooner.pk, later.pk]


def test_pages_by_key_show_every_ticket_once(officer, file_ticket):
    now = timezone.now()
    tickets = [file_ticket(received_at=now - timedelta(minutes=n)) for n in range(7)]
    Ticket.objects.filter(pk__in=codes(tickets[:3])).update(expedited=True)
    Ticket.objects.filter(pk__in=codes(tickets[5:])).update(next_due_at=None)
    seen: list[int] = []
    place: Place | None = None
    for _round in range(10):
        rows, place = page(officer, "team:cs_account", place, size=2)
        seen += codes(rows)
        if place is None:
            break
        place = Place.read(str(place))
    whole, _more = page(officer, "team:cs_account")
    assert seen == codes(whole)
    assert sorted(seen) == sorted(codes(tickets))


@pytest.mark.parametrize(
    "text", ["", "x", "1_2_3", "1_2026-01-01T00:00:00_1", "0__99999999999999999999x"]
)
def test_a_broken_place_is_the_first_page(text):
    assert Place.read(text) is None


def test_late_and_at_risk_are_told_apart(officer, file_ticket):
    now = timezone.now()
    fresh = file_ticket(received_at=now)
    risky = file_ticket(received_at=now - timedelta(minutes=100))
    sweep()  # warns, and from then on it is at risk
    late = file_ticket(received_at=now - timedelta(hours=3))
    assert codes(page(officer, "risk")[0]) == [risky.pk]
    assert codes(page(officer, "late")[0]) == [late.pk]
    assert fresh.pk in codes(page(officer, "team:cs_account")[0])


def test_a_supervisor_sees_all_teams_and_can_narrow(supervisor, sign_in, file_ticket):
    ticket = file_ticket()
    client = sign_in(supervisor)
    shown = client.get(QUEUE, {"view": "all", "priority": "URGENT", "state": "classified"})
    assert ticket.number in shown.content.decode()
    shown = client.get(QUEUE, {"view": "all", "priority": "LOW"})
    assert ticket.number not in shown.content.decode()


def test_search_finds_by_number_as_dictated_and_hides_what_is_not_mine(
    desk, other_officer, sign_in, file_ticket
):
    ticket = file_ticket()
    typed = ticket.number.replace("-", " ").lower()
    assert desk.get(QUEUE, {"q": typed})["Location"] == f"/meja/{ticket.number}/"
    stranger = sign_in(other_officer)
    found = stranger.get(QUEUE, {"q": ticket.number}).content.decode()
    assert reverse("desk:ticket", args=[ticket.number]) not in found


@pytest.mark.parametrize("odd", ["\x00", "%", "'; --", "a" * 5000, "\u202e", "😀"])
def test_odd_searches_answer(desk, odd):
    assert desk.get(QUEUE, {"q": odd}).status_code == 200
    assert desk.get(QUEUE, {"view": "mine", "after": odd, "team": odd}).status_code == 200
    assert desk.get("/meja/kabar/", {"shown": odd}).status_code in (200, 204)


def test_news_count_what_came_and_redraw_what_changed(desk, officer, file_ticket):
    ticket = file_ticket()
    ask = {"view": "team:cs_account", "shown": f"{ticket.pk}:{ticket.version}"}
    assert desk.get("/meja/kabar/", ask).status_code == 204
    assign_ticket(actor=of_user(officer), ticket_id=ticket.pk, assignee=officer)
    shown = desk.get("/meja/kabar/", ask).content.decode()
    assert f'id="row-{ticket.pk}" class="pickable" hx-swap-oob="morph"' in shown
    file_ticket()
    ticket.refresh_from_db(fields=["version"])
    ask["shown"] = f"{ticket.pk}:{ticket.version}"
    shown = desk.get("/meja/kabar/", ask).content.decode()
    assert "data-refresh-rows" in shown
    assert "<li" not in shown


def test_news_need_a_session(client):
    response = client.get(
        "/meja/kabar/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/meja/"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/masuk/?next=/meja/"


def test_the_queue_page_stays_within_its_queries(
    desk, officer, file_ticket, django_assert_max_num_queries
):
    for _number in range(6):
        ticket = file_ticket()
        handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
        reply_to_customer(actor=of_user(officer), ticket_id=ticket.pk, body="Halo")
    desk.get(QUEUE)
    with django_assert_max_num_queries(7):
        desk.get(QUEUE)
    with django_assert_max_num_queries(5):
        desk.get("/meja/baris/", {"view": "mine"})


def test_the_supervisors_queue_costs_no_more_for_every_team(
    sign_in, supervisor, file_ticket, django_assert_max_num_queries
):
    file_ticket()
    client = sign_in(supervisor)
    client.get(QUEUE, {"view": "all"})
    with django_assert_max_num_queries(9):  # one of them the menu's count of approvals
        client.get(QUEUE, {"view": "all"})


def test_templates_are_read_once_in_a_process():
    (loader,) = engines["django"].engine.template_loaders
    assert isinstance(loader, Loader)


def test_reading_writes_nothing(desk, officer, file_ticket):
    ticket = file_ticket()
    with CaptureQueriesContext(connection) as seen:
        for path in (QUEUE, f"/meja/{ticket.number}/", "/eskalasi/", "/pemberitahuan/"):
            assert desk.get(path).status_code == 200
    assert not [
        q for q in seen if q["sql"].lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]


def test_the_quick_code_is_the_organisation_s_own(desk, file_ticket):
    OrganisationProfile.publish({**organisation(), "quick_code": "SEGERA-XYZ"})
    ticket = file_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(expedited=True)
    for address in (QUEUE, reverse("desk:ticket", args=[ticket.number])):
        shown = desk.get(address).content.decode()
        assert "SEGERA-XYZ" in shown
        assert "PRIORITY-ESC" not in shown


@pytest.mark.parametrize("view", ["", "mine", "unassigned", "late", "escalated"])
def test_an_officer_without_teams_has_an_empty_desk(sign_in, officer, file_ticket, view):
    ticket = file_ticket()
    officer.memberships.all().delete()
    client = sign_in(officer)
    assert client.get(QUEUE, {"view": view} if view else {}).status_code == 200
    assert client.get(f"/meja/{ticket.number}/").status_code == 404
    assert client.get("/eskalasi/").status_code == 200


def test_an_officer_without_teams_reads_what_he_was_given(
    sign_in, officer, supervisor, file_ticket
):
    ticket = file_ticket()
    assign_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, assignee=officer)
    officer.memberships.all().delete()
    response = sign_in(officer).get(f"/meja/{ticket.number}/")
    assert response.status_code == 200


def test_an_administrator_without_teams_sees_the_desk(sign_in, admin, file_ticket):
    ticket = file_ticket()
    assert admin.team_ids == frozenset()
    client = sign_in(admin)
    for view in views_for(admin, timezone.now()):
        assert client.get(QUEUE, {"view": view.code}).status_code == 200
    for path in (QUEUE, f"/meja/{ticket.number}/", "/eskalasi/", "/dasbor/", "/pemberitahuan/"):
        assert client.get(path).status_code == 200
