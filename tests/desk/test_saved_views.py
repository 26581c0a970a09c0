"""Saved views: kept, changed, ordered, deleted; who may; and what each shows to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import Http404
from django.utils import timezone

from desk.models import SavedView
from desk.queue_rows import page_of
from desk.queues import view_or_404, views_for
from desk.saved_views import saved_views_of, tickets_in
from desk.services import change_view, delete_view, place_view, save_view
from desk.view_fields import FIELDS, OPERATORS, moment_of
from desk.view_filters import checked, condition
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from people.actors import of_user
from people.models import Team, User
from tickets.models import Tag, Ticket
from tickets.services import assign_ticket, handle_ticket

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def body(**filters: Any) -> dict[str, Any]:
    return {"version": 1, "filters": filters}


def keep(user: Any, name: str = "Mendesak", filters: Any = None, **options: Any) -> SavedView:
    return save_view(actor=of_user(user), name=name, body=body(**(filters or {})), **options)


def names(user: Any) -> list[str]:
    return [view.name for view in saved_views_of(user)]


# --- What may be kept ----------------------------------------------------------------------------


def test_a_view_is_kept_in_its_one_form(officer):
    view = keep(officer, "  Mendesak   hari ini ", {"priority": {"in": ["URGENT", "URGENT"]}})
    assert view.name == "Mendesak hari ini"
    assert view.body == {
        "version": 1,
        "filters": {"priority": {"in": ["URGENT"]}},
        "sort": "deadline",
        "columns": ["channel", "customer", "tier", "number", "state", "assignee"],
    }
    assert (view.audience, view.team, view.position) == ("private", None, 0)


WRONG: list[tuple[Any, str, str]] = [
    ([], "", "not_an_object"),
    ({"filter": {}}, "filter", "unknown_part"),
    ({"version": 2}, "version", "invalid_value"),
    ({"version": True}, "version", "invalid_value"),
    ({"filters": []}, "filters", "invalid_value"),
    ({"sort": "number"}, "sort", "unknown_sort"),
    ({"sort": ["deadline"]}, "sort", "unknown_sort"),
    ({"columns": ["password"]}, "columns.password", "unknown_column"),
    ({"columns": "number"}, "columns", "invalid_value"),
    (body(password={"is": "x"}), "filters.password", "unknown_field"),
    (body(assignee__password={"in": ["x"]}), "filters.assignee__password", "unknown_field"),
    (body(state={"startswith": "h"}), "filters.state.startswith", "unknown_operator"),
    (body(state={"in": "handled"}), "filters.state.in", "invalid_value"),
    (body(state={"in": ["gone"]}), "filters.state.in", "invalid_value"),
    (body(state={"in": []}), "filters.state.in", "invalid_value"),
    (body(state={"in": [["handled"]]}), "filters.state.in", "invalid_value"),
    (body(state=["handled"]), "filters.state", "invalid_value"),
    (body(late={"is": 1}), "filters.late.is", "invalid_value"),
    (body(due={"to": "soon"}), "filters.due.to", "invalid_value"),
    (body(due={"to": "2026-11-17T09:30:00"}), "filters.due.to", "invalid_value"),
    (body(due={"to": "+99999999d"}), "filters.due.to", "invalid_value"),
    (body(amount={"from": -1}), "filters.amount.from", "invalid_value"),
    (body(amount={"from": True}), "filters.amount.from", "invalid_value"),
    (body(assignee={"in": [10**9]}), "filters.assignee.in", "invalid_value"),
    (body(assignee={"in": [True]}), "filters.assignee.in", "invalid_value"),
    (body(team={"in": ["nowhere"]}), "filters.team.in", "invalid_value"),
    (body(category={"in": ["nothing"]}), "filters.category.in", "invalid_value"),
    (body(text={"contains": "a\x00b"}), "filters.text.contains", "invalid_value"),
    (body(text={"contains": "x" * 500}), "filters.text.contains", "invalid_value"),
    (body(order_number={"is": {}}), "filters.order_number.is", "invalid_value"),
]


@pytest.mark.parametrize(("given", "part", "code"), WRONG)
def test_what_is_not_on_the_list_is_refused_by_name(given, part, code):
    with pytest.raises(InvalidInput) as refused:
        checked(given, NOW)
    assert refused.value.code == code
    assert [part] == list(refused.value.fields) or not part


def test_several_mistakes_are_all_named():
    with pytest.raises(InvalidInput) as refused:
        checked({"sort": "x", **body(nothing={"is": 1})}, NOW)
    assert refused.value.code == "invalid_filters"
    assert set(refused.value.fields) == {"sort", "filters.nothing"}


SAMPLES: dict[str, Any] = {
    "state": ["handled"], "priority": ["URGENT"], "category": ["tracking"], "team": ["fraud"],
    "assignee": ["me", "nobody"], "channel": ["web"], "tier": ["gold"], "reporter": ["buyer"],
    "wanted_solution": ["refund"], "order_number": "INV/1", "text": "akun", "amount": 5,
    "tags": ["vip"],
}  # fmt: skip
OF_KIND = {"moment": "-7d", "flag": True}


@pytest.mark.parametrize(
    ("name", "operator"),
    [(name, operator) for name, field in FIELDS.items() for operator in OPERATORS[field.kind]],
)
def test_every_field_and_operator_can_be_kept_and_asked(officer, file_ticket, name, operator):
    file_ticket()
    Tag.objects.create(slug="vip", label="VIP", made_at=NOW)
    value = SAMPLES.get(name, OF_KIND.get(FIELDS[name].kind))
    kept = checked(body(**{name: {operator: value}}), NOW)
    assert kept["filters"] == {name: {operator: value}}
    assert Ticket.objects.filter(condition(kept, officer, NOW)).count() in (0, 1)


def test_moments_are_relative_or_exact():
    assert moment_of("-7d", NOW) == NOW - timedelta(days=7)
    assert moment_of("+4h", NOW) == NOW + timedelta(hours=4)
    assert moment_of("today", NOW).hour == 0
    assert moment_of("2026-11-17T09:30:00+07:00", NOW).isoformat() == "2026-11-17T09:30:00+07:00"
    for odd in ("", "7d", "-7y", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+00:00"):
        assert moment_of(odd, NOW) is None


def test_what_a_later_version_wrote_is_passed_over(officer, file_ticket):
    ticket = file_ticket()
    view = keep(officer)
    odd = {"version": 9, "filters": {"mood": {"is": "bad"}, "state": {"like": "x"}}, "sort": "mood"}
    SavedView.objects.filter(pk=view.pk).update(body=odd)
    queue = view_or_404(views_for(officer, NOW), f"saved:{view.pk}")
    assert [row.pk for row in page_of(queue.tickets, officer, None, order=queue.order)[0]] == [
        ticket.pk
    ]


# --- What it shows, and to whom ------------------------------------------------------------------


def shown(view: SavedView, user: Any) -> set[int]:
    return set(tickets_in(view, user, timezone.now()).values_list("pk", flat=True))


def test_filters_narrow_together_and_closed_tickets_are_asked_for(officer, ticket_in):
    handled, waiting, closed = ticket_in("handled"), ticket_in("classified"), ticket_in("closed")
    assert shown(keep(officer, "semua"), officer) == {handled.pk, waiting.pk}
    mine = {"assignee": {"in": ["me"]}, "state": {"in": ["handled", "closed"]}}
    assert shown(keep(officer, "milik", mine), officer) == {handled.pk, closed.pk}
    nobody = {"assignee": {"in": ["nobody"]}}
    assert shown(keep(officer, "bebas", nobody), officer) == {waiting.pk}
    others = {"assignee": {"not_in": ["nobody"]}, "priority": {"not_in": ["LOW"]}}
    assert shown(keep(officer, "dipegang", others), officer) == {handled.pk}


def test_ranges_flags_and_words(officer, file_ticket):
    now = timezone.now()
    fresh = file_ticket(subject="Akun dibobol")
    late = file_ticket(received_at=now - timedelta(hours=5), subject="Akun dibobol 100%")
    assert shown(keep(officer, "a", {"received": {"from": "-1h"}}), officer) == {fresh.pk}
    assert shown(keep(officer, "b", {"received": {"to": "-1h"}}), officer) == {late.pk}
    assert shown(keep(officer, "c", {"late": {"is": True}}), officer) == {late.pk}
    assert shown(keep(officer, "d", {"late": {"is": False}}), officer) == {fresh.pk}
    assert shown(keep(officer, "e", {"text": {"contains": "0%"}}), officer) == {late.pk}
    number = {"order_number": {"is": fresh.order_number.lower()}}
    assert shown(keep(officer, "f", number), officer) == {fresh.pk}


def test_a_shared_view_shows_nobody_more_than_he_may_see(
    officer, other_officer, supervisor, file_ticket
):
    ticket = file_ticket()
    view = keep(supervisor, audience="all")
    assert shown(view, officer) == {ticket.pk}
    assert shown(view, supervisor) == {ticket.pk}
    assert shown(view, other_officer) == set()


def test_me_is_whoever_looks(officer, supervisor, file_ticket):
    ticket = file_ticket()
    handle_ticket(actor=of_user(officer), ticket_id=ticket.pk)
    view = keep(supervisor, "milik", {"assignee": {"in": ["me"]}}, audience="all")
    assert shown(view, officer) == {ticket.pk}
    assert shown(view, supervisor) == set()
    assign_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, assignee=supervisor)
    assert shown(view, supervisor) == {ticket.pk}


@pytest.mark.parametrize("sort", ["deadline", "newest", "oldest", "priority"])
def test_pages_of_every_order_show_each_ticket_once(officer, file_ticket, sort):
    now = timezone.now()
    tickets = [file_ticket(received_at=now - timedelta(minutes=n)) for n in range(5)]
    Ticket.objects.filter(pk=tickets[3].pk).update(expedited=True, priority="LOW")
    Ticket.objects.filter(pk=tickets[4].pk).update(next_due_at=None)
    view = save_view(actor=of_user(officer), name="x", body={"sort": sort, "filters": {}})
    queue = view_or_404(views_for(officer, now), f"saved:{view.pk}")
    whole, _more = page_of(queue.tickets, officer, None, order=queue.order)
    seen, place = page_of(queue.tickets, officer, None, 2, queue.order)
    while place is not None:
        rows, place = page_of(queue.tickets, officer, type(place).read(str(place)), 2, queue.order)
        seen += rows
    assert [row.pk for row in seen] == [row.pk for row in whole]
    assert {row.pk for row in seen} == {ticket.pk for ticket in tickets}
    first = {"deadline": 3, "newest": 0, "oldest": 4, "priority": 2}[sort]
    assert seen[0].pk == tickets[first].pk


# --- Whose it is ---------------------------------------------------------------------------------


def test_ones_own_view_is_nobody_elses(officer, supervisor):
    view = keep(officer)
    assert names(supervisor) == []
    for act in (change_view, delete_view):
        with pytest.raises(Http404):
            act(actor=of_user(supervisor), view_id=view.pk)
    with pytest.raises(Http404):
        place_view(actor=of_user(supervisor), view_id=view.pk, position=0)


def test_an_officer_shares_with_nobody(officer):
    for options in ({"audience": "all"}, {"audience": "team", "team_code": "cs_account"}):
        with pytest.raises(NotAllowed):
            keep(officer, **options)
    view = keep(officer)
    with pytest.raises(NotAllowed):
        change_view(actor=of_user(officer), view_id=view.pk, audience="all")
    assert SavedView.objects.get().audience == "private"


def test_whoever_leads_the_team_shares_with_it(officer):
    officer.memberships.filter(team__code="cs_account").update(leads=True)
    view = keep(officer, audience="team", team_code="cs_account")
    assert view.team == Team.objects.get(code="cs_account")
    with pytest.raises(NotAllowed):
        keep(officer, "lain", audience="team", team_code="fraud")


def test_a_teams_view_is_for_the_team_and_changed_by_its_leads(
    officer, other_officer, supervisor, manager
):
    view = keep(supervisor, audience="team", team_code="cs_account")
    assert names(officer) == ["Mendesak"]
    assert names(other_officer) == []
    with pytest.raises(Http404):
        change_view(actor=of_user(other_officer), view_id=view.pk, name="x")
    with pytest.raises(NotAllowed):
        change_view(actor=of_user(officer), view_id=view.pk, name="x")
    with pytest.raises(NotAllowed):
        delete_view(actor=of_user(officer), view_id=view.pk)
    assert change_view(actor=of_user(supervisor), view_id=view.pk, name="Baru").name == "Baru"


def test_whoever_no_longer_leads_keeps_the_view_and_changes_it_no_more(supervisor):
    view = keep(supervisor, audience="all")
    supervisor.groups.set([Group.objects.get(name="officer")])
    demoted = User.objects.get(pk=supervisor.pk)
    assert names(demoted) == ["Mendesak"]
    with pytest.raises(NotAllowed):
        change_view(actor=of_user(demoted), view_id=view.pk, name="x")


def test_nobody_outside_the_desk_keeps_views(customer_user, integrator, admin):
    for person in (customer_user, integrator):
        with pytest.raises(NotAllowed):
            keep(person)
    assert keep(admin).owner == admin


def test_unknown_teams_and_audiences_are_refused(supervisor):
    with pytest.raises(InvalidInput) as refused:
        keep(supervisor, audience="team", team_code="nowhere")
    assert refused.value.code == "unknown_team"
    with pytest.raises(InvalidInput) as refused:
        keep(supervisor, audience="everybody")
    assert refused.value.code == "unknown_audience"


# --- Changed, ordered, deleted -------------------------------------------------------------------


def test_a_name_is_taken_once_by_each_whatever_its_case(officer, supervisor):
    keep(officer)
    with pytest.raises(Conflict) as refused:
        keep(officer, "mendesak")
    assert refused.value.code == "name_taken"
    assert keep(supervisor).pk
    other = keep(officer, "lain")
    with pytest.raises(Conflict):
        change_view(actor=of_user(officer), view_id=other.pk, name="MENDESAK")
    assert change_view(actor=of_user(officer), view_id=other.pk, name="LAIN").name == "LAIN"


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "x" * 61, "a\x00"])
def test_a_name_is_a_name(officer, name):
    with pytest.raises(InvalidInput):
        keep(officer, name)


def test_there_is_an_end_to_it(officer):
    for number in range(50):
        keep(officer, f"Tampilan {number}")
    with pytest.raises(InvalidInput) as refused:
        keep(officer, "satu lagi")
    assert refused.value.code == "too_many_views"


def test_changing_what_is_given_leaves_the_rest(officer):
    view = keep(officer, filters={"late": {"is": True}})
    again = change_view(actor=of_user(officer), view_id=view.pk, name="Lewat")
    assert (again.name, again.body) == ("Lewat", view.body)
    again = change_view(actor=of_user(officer), view_id=view.pk, body={"sort": "newest"})
    assert (again.name, again.body["sort"], again.body["filters"]) == ("Lewat", "newest", {})
    with pytest.raises(InvalidInput):
        change_view(actor=of_user(officer), view_id=view.pk, body={"sort": "x"})
    assert SavedView.objects.get(pk=view.pk).body["sort"] == "newest"


def test_sharing_and_taking_back(officer, supervisor):
    view = keep(supervisor)
    change_view(actor=of_user(supervisor), view_id=view.pk, audience="all")
    assert names(officer) == ["Mendesak"]
    change_view(actor=of_user(supervisor), view_id=view.pk, audience="team", team_code="cs_account")
    assert names(officer) == ["Mendesak"]
    change_view(actor=of_user(supervisor), view_id=view.pk, audience="private")
    assert names(officer) == []


def test_views_are_put_in_order(officer):
    first, _second, third = (keep(officer, name) for name in ("satu", "dua", "tiga"))
    place_view(actor=of_user(officer), view_id=third.pk, position=0)
    assert names(officer) == ["tiga", "satu", "dua"]
    place_view(actor=of_user(officer), view_id=third.pk, position=0)
    assert names(officer) == ["tiga", "satu", "dua"]
    place_view(actor=of_user(officer), view_id=first.pk, position=99)
    assert names(officer) == ["tiga", "dua", "satu"]


def test_what_is_deleted_is_gone_and_a_second_time_as_if_it_never_was(officer):
    view = keep(officer)
    delete_view(actor=of_user(officer), view_id=view.pk)
    assert names(officer) == []
    with pytest.raises(Http404):
        delete_view(actor=of_user(officer), view_id=view.pk)
