"""Chosen fields, expansions at a fixed cost, filters, conditional requests, and what changed since."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.common import clock
from people.actors import of_user
from people.models import User
from people.services import issue_token
from tests.api.conftest import COMPLAINT, Caller, problem
from tests.cast import FileTicket
from tests.support.stages import Stage
from tickets.api import changes
from tickets.api.listing import MOMENTS, WORDS
from tickets.api.shapes import DESK_ONLY, TicketSerializer
from tickets.changes_feed import MARGIN
from tickets.models import Ticket, TicketChange
from tickets.services import add_internal_note, merge_into

pytestmark = pytest.mark.django_db
ALL = "customer,messages,events,attachments,clocks,escalations"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of other databases may be in a transaction just now: they are waited for."""
    monkeypatch.setattr(changes, "PATIENCE", 60.0)


def rows(caller: Caller, query: str = "") -> list[dict[str, Any]]:
    answer = caller.get(f"tickets{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_only_the_fields_that_were_asked_for(as_officer: Caller, ticket: Ticket) -> None:
    (row,) = rows(as_officer, "?fields=number,state,team")
    assert set(row) == {"number", "state", "team"}
    one = as_officer.get(f"tickets/{ticket.number}?fields=number,description").json()
    assert one == {"number": ticket.number, "description": ticket.description}
    told = problem(as_officer.get("tickets?fields=number,password"), 400, "unknown_value")
    assert told["errors"][0]["field"] == "fields"
    # Of the list's own fields alone.
    problem(as_officer.get("tickets?fields=description"), 400)


def test_a_reporter_gets_none_of_the_desks_fields(as_customer: Caller, ticket: Ticket) -> None:
    (row,) = rows(as_customer, "?fields=number,assignee,tier")
    assert row == {"number": ticket.number}
    for name in ("customer", "escalations"):
        problem(as_customer.get(f"tickets?expand={name}"), 403, "not_allowed")
    (row,) = rows(as_customer, "?fields=number&expand=messages,events,clocks")
    assert {each["kind"] for each in row["events"]}.isdisjoint({"alerted", "noted"})
    assert {each["metric"] for each in row["clocks"]} <= {"first_response", "resolution"}


def test_an_expansion_is_what_its_own_address_tells(
    as_officer: Caller, stage: Stage, officer: User
) -> None:
    ticket = stage.handled()
    add_internal_note(actor=of_user(officer), ticket_id=ticket.pk, body="Catatan")
    (row,) = rows(as_officer, f"?number={ticket.number}&expand={ALL}")
    detail = as_officer.get(f"tickets/{ticket.number}?expand={ALL}").json()
    for name in ("messages", "events", "escalations"):
        own = as_officer.get(f"tickets/{ticket.number}/{name}").json()["results"]
        assert row[name] == own == detail[name], name
        assert name == "escalations" or own
    assert row["customer"] == detail["customer"]
    clocks = as_officer.get(f"tickets/{ticket.number}/clocks").json()["results"]
    assert [c["due_at"] for c in row["clocks"]] == [c["due_at"] for c in clocks]
    problem(as_officer.get("tickets?expand=secrets"), 400, "unknown_value")


def test_what_was_merged_belongs_to_the_conversation(
    as_supervisor: Caller, file_ticket: FileTicket, supervisor: User
) -> None:
    main, part = file_ticket(), file_ticket(description="Akun saya dibobol juga")
    merge_into(actor=of_user(supervisor), ticket_id=part.pk, number=main.number)
    found = {row["number"]: row for row in rows(as_supervisor, "?expand=messages")}
    own = as_supervisor.get(f"tickets/{main.number}/messages").json()["results"]
    assert found[main.number]["messages"] == own
    assert len(own) >= 2


def test_ten_cost_as_many_statements_as_one(as_officer: Caller, file_ticket: FileTicket) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            rows(as_officer, f"?expand={ALL}")
        return len(seen)

    file_ticket()
    rows(as_officer, f"?expand={ALL}")
    one = cost()
    for _number in range(9):
        file_ticket()
    assert cost() == one
    assert one <= 16


def test_every_listed_field_can_be_filtered_by(as_officer: Caller, ticket: Ticket) -> None:
    unfiltered = {"version", "category_name", "links"}  # counts, names and addresses of the rest
    named = {"amount_idr": "amount_idr_min=1", "reopen_count": "reopened=false", "tags": "tag=x"}
    values = {"number": ticket.number, "assignee": "none", "expedited": "false"}
    row = Ticket.objects.select_related("team", "home_team").get(pk=ticket.pk)
    for field in TicketSerializer.known_names() - unfiltered:
        if field in MOMENTS:
            query = f"{field}_from=2020-01-01T00:00:00Z&{field}_until=2120-01-01T00:00:00Z"
            known = getattr(row, field) is not None
            assert len(rows(as_officer, f"?{query}")) == known, field
            assert len(rows(as_officer, f"?{field}_known=true")) == known, field
        elif field in named:
            rows(as_officer, f"?{named[field]}")
        else:
            value = values.get(field) or getattr(row, field)
            value = getattr(value, "code", value)
            assert len(rows(as_officer, f"?{field}={value}")) == 1, field
    assert set(WORDS) <= TicketSerializer.known_names()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=classified,handled&priority=URGENT", 1),
        ("state=closed", 0),
        ("category=account_takeover,refund_late", None),
        ("tier=silver,gold,platinum,diamond", 1),
        ("tier=regular&channel=phone", 0),
        ("amount_idr_min=5&amount_idr_max=10", 0),
        ("subject=DIBOBOL", 1),
        ("tag=tak-ada", 0),
        ("assignee=999999", 0),
        ("number=x", None),
        ("state=open", None),
        ("assignee=me", None),
        ("received_at_from=kemarin", None),
        ("next_due_at_until=esok", None),
        ("expedited=1", None),
    ],
)
def test_filters(as_officer: Caller, ticket: Ticket, query: str, found: int | None) -> None:
    if found is None:
        problem(as_officer.get(f"tickets?{query}"), 400)
    else:
        assert len(rows(as_officer, f"?{query}")) == found


@pytest.mark.parametrize("field", sorted(DESK_ONLY - {"customer", "tags"}))
def test_nobody_sorts_by_what_they_do_not_see(as_customer: Caller, field: str) -> None:
    asked = f"{field}_known=true" if field in MOMENTS else f"{field}=false"
    told = problem(as_customer.get(f"tickets?{asked}"), 400)
    assert told["errors"][0]["code"] == "not_yours_to_filter"


def test_what_one_has_already_is_not_sent_again(as_officer: Caller, ticket: Ticket) -> None:
    for path in ("tickets", f"tickets/{ticket.number}", "teams", "macros", "me"):
        first = as_officer.get(path)
        again = as_officer.get(path, If_None_Match=first["ETag"])
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == first["ETag"]
        assert again["RateLimit-Limit"]
    seen = as_officer.get(f"tickets/{ticket.number}")["ETag"]
    # No version is counted, and yet it looks different.
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=clock.now())
    fresh = as_officer.get(f"tickets/{ticket.number}", If_None_Match=seen)
    assert fresh.status_code == 200
    assert fresh["ETag"].partition("-")[0] == seen.partition("-")[0]
    done = as_officer.post(f"tickets/{ticket.number}/handle", If_Match=fresh["ETag"])
    assert done.status_code == 200
    problem(as_officer.post(f"tickets/{ticket.number}/assign", If_Match=seen), 412)


def test_a_change_of_what_looks_different_by_now_is_refused(
    as_supervisor: Caller, officer: User
) -> None:
    path = f"people/{officer.pk}/work"
    seen = as_supervisor.get(path)["ETag"]
    assert as_supervisor.request("PUT", path, {"capacity": 5}, If_Match=seen).status_code == 200
    problem(as_supervisor.request("PUT", path, {"capacity": 6}, If_Match=seen), 412)
    problem(as_supervisor.request("PUT", path, {"capacity": 6}, If_Match='"x"'), 412)
    fresh = as_supervisor.get(path)
    assert fresh.json()["capacity"] == 5
    again = as_supervisor.request("PUT", path, {"capacity": 6}, If_Match=fresh["ETag"])
    assert again.status_code == 200
    assert as_supervisor.request("PUT", path, {"capacity": 7}, If_Match="*").status_code == 200


def changed(caller: Caller, query: str = "") -> dict[str, Any]:
    answer = caller.get(f"tickets/changes{query}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def numbers(page: dict[str, Any]) -> list[str]:
    return [row["number"] for row in page["results"]]


def test_a_copy_is_kept_by_going_on_from_the_cursor(
    as_integrator: Caller, as_customer: Caller
) -> None:
    made = [
        as_integrator.post("tickets", COMPLAINT | {"order_number": str(n)}).json()["number"]
        for n in range(3)
    ]
    first = changed(as_integrator, "?page_size=2&fields=number")
    assert (numbers(first), first["more"]) == (made[:2], True)
    assert first["results"][0] == {"number": made[0]}
    # Whoever changes while the pages are read comes again, and shifts nobody.
    Ticket.objects.filter(number=made[0]).update(subject="lain")
    rest = changed(as_integrator, f"?after={first['cursor']}")
    assert (numbers(rest), rest["more"]) == ([made[2], made[0]], False)
    end = changed(as_integrator, f"?after={rest['cursor']}")
    assert (numbers(end), end["cursor"]) == ([], rest["cursor"])
    assert numbers(changed(as_customer)) == []


def test_an_instant_begins_with_a_margin(as_integrator: Caller) -> None:
    old, new = (
        as_integrator.post("tickets", COMPLAINT | {"order_number": n}).json()["number"]
        for n in ("1", "2")
    )
    long_ago = clock.now() - MARGIN - timedelta(hours=1)
    TicketChange.objects.filter(ticket__number=old).update(at=long_ago)
    recently = (clock.now() - timedelta(minutes=1)).isoformat().replace("+", "%2B")
    assert numbers(changed(as_integrator, f"?updated_since={recently}")) == [new]
    problem(as_integrator.get(f"tickets/changes?updated_since={recently}&after=1"), 400)


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "updated_since=x", "page_size=101", "x=1"]
)
def test_what_is_no_beginning_is_refused(as_integrator: Caller, query: str) -> None:
    problem(as_integrator.get(f"tickets/changes?{query}"), 400)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_passed_over(
    integrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place is lower than one that is there already: nothing is told until it is decided."""
    _token, key = issue_token(user=integrator, name="t")
    caller = Caller(key)
    early, late = (
        caller.post("tickets", COMPLAINT | {"order_number": n}).json()["number"] for n in ("1", "2")
    )
    begin = changed(caller)["cursor"]
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Ticket.objects.filter(number=late).update(subject="lambat")
                begun.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert begun.wait(20)
        Ticket.objects.filter(number=early).update(subject="cepat")
        monkeypatch.setattr(changes, "PATIENCE", 0.0)
        held = changed(caller, f"?after={begin}")
        assert (numbers(held), held["cursor"]) == ([], begin)
    finally:
        may_end.set()
        thread.join()
    monkeypatch.setattr(changes, "PATIENCE", 60.0)
    told = changed(caller, f"?after={held['cursor']}")
    assert numbers(told) == [late, early]
    assert [row["subject"] for row in told["results"]] == ["lambat", "cepat"]
