"""The pages of saved views: the form, the list of them, and the queue that they show."""

from __future__ import annotations

from typing import Any

import pytest

from desk.models import SavedView
from desk.services import save_view
from people.actors import of_user

pytestmark = pytest.mark.django_db
NEW = "/meja/tampilan/baru/"
FORM = {"name": "Mendesak", "shared": "private", "sort": "priority", "columns": ["number", "order"]}


def test_a_view_is_made_seen_and_counted(desk, officer, file_ticket):
    ticket = file_ticket()
    assert desk.get(NEW).status_code == 200
    sent = FORM | {"priority": ["URGENT"], "assignee": ["nobody"], "due_to": "+1d", "only": []}
    response = desk.post(NEW, sent, follow=True)
    view = SavedView.objects.get()
    assert view.body == {
        "version": 1,
        "filters": {
            "priority": {"in": ["URGENT"]},
            "assignee": {"in": ["nobody"]},
            "due": {"to": "+1d"},
        },
        "sort": "priority",
        "columns": ["number", "order"],
    }
    page = response.content.decode()
    assert ticket.number in page
    assert ticket.order_number in page
    counts = desk.get("/meja/hitungan/").content.decode()
    assert f'id="count-saved-{view.pk}" hx-swap-oob="true" class="count">1<' in counts


def test_the_form_shows_what_is_kept_and_loses_nothing(desk, officer):
    filters = {
        "state": {"in": ["closed"], "not_in": ["received"]},
        "received": {"from": "2026-11-17T09:30:00+07:00"},
        "late": {"is": False},
    }
    view = save_view(actor=of_user(officer), name="Lama", body={"filters": filters})
    page = desk.get(f"/meja/tampilan/{view.pk}/")
    form = page.context["form"]
    sent = {"name": "Lama", "shared": "private"}
    for bound in form:
        value = bound.value()
        if value not in (None, "", []):
            sent[bound.name] = value
    assert desk.post(f"/meja/tampilan/{view.pk}/", sent).status_code == 302
    again = SavedView.objects.get()
    assert again.body == view.body


def test_what_is_wrong_is_said_in_place(desk, officer):
    save_view(actor=of_user(officer), name="Mendesak", body={})
    response = desk.post(NEW, FORM)
    assert response.status_code == 409
    assert "Sudah ada tampilan dengan nama ini" in response.content.decode()
    for odd in ({"name": ""}, {"sort": "x"}, {"state": ["gone"]}, {"shared": "all"}):
        assert desk.post(NEW, FORM | {"name": "Lain"} | odd).status_code == 400
    assert SavedView.objects.count() == 1


def test_another_persons_view_is_as_if_it_never_was(desk, sign_in, supervisor, other_officer):
    view = save_view(actor=of_user(other_officer), name="x", body={})
    for path in ("", "hapus/", "pindah/"):
        assert desk.post(f"/meja/tampilan/{view.pk}/{path}", FORM).status_code == 404
    assert desk.get(f"/meja/tampilan/{view.pk}/").status_code == 404
    assert desk.get("/meja/", {"view": f"saved:{view.pk}"}).status_code == 404
    assert desk.get("/meja/", {"view": "saved:99999999999999999999"}).status_code == 404


def test_a_shared_view_is_used_and_not_changed_by_the_team(desk, supervisor):
    view = save_view(actor=of_user(supervisor), name="Semua", body={}, audience="all")
    assert desk.get("/meja/", {"view": f"saved:{view.pk}"}).status_code == 200
    assert "Semua" in desk.get("/meja/tampilan/").content.decode()
    assert desk.get(f"/meja/tampilan/{view.pk}/").status_code == 403
    assert desk.post(f"/meja/tampilan/{view.pk}/hapus/").status_code == 403


def test_views_are_moved_and_deleted(desk, officer):
    views = [save_view(actor=of_user(officer), name=name, body={}) for name in ("satu", "dua")]
    desk.post(f"/meja/tampilan/{views[1].pk}/pindah/", {"to": "0"})
    page = desk.get("/meja/tampilan/").content.decode()
    assert page.index("dua") < page.index("satu")
    desk.post(f"/meja/tampilan/{views[1].pk}/pindah/", {"to": "-5x"})
    desk.post(f"/meja/tampilan/{views[1].pk}/hapus/")
    assert [view.name for view in SavedView.objects.all()] == ["satu"]


def test_a_narrowed_list_is_where_a_view_begins(desk):
    form = desk.get(NEW, {"view": "mine", "state": "handled", "priority": "x"}).context["form"]
    assert (form["state"].value(), form["priority"].value()) == (["handled"], [])


def test_saved_views_cost_one_statement(
    desk, officer, file_ticket, django_assert_max_num_queries
) -> Any:
    file_ticket()
    for number in range(8):
        save_view(actor=of_user(officer), name=f"Tampilan {number}", body={})
    desk.get("/meja/")
    with django_assert_max_num_queries(8):
        desk.get("/meja/")
