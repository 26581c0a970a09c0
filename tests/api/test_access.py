"""Role x route x method, built from the URL conf; and foreign tickets that answer like none."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from desk.services import save_view
from people.actors import Actor, of_user
from people.models import Customer, User
from tests.api.access_agents import AGENTS
from tests.api.access_chat import CHAT, chat_things
from tests.api.access_joining import JOINING
from tests.api.access_quality import QUALITY
from tests.api.access_roles import ROLES
from tests.api.access_rows import MANY
from tests.api.access_rules import RULES
from tests.api.access_suppliers import SUPPLIERS
from tests.api.access_tickets import FORM, TICKETS
from tests.api.access_webhooks import WEBHOOKS
from tests.api.conftest import COMPLAINT, Caller, problem, row_counts
from tests.cast import FileTicket
from tests.support.replies import waiting_reply
from tests.support.webhooks import webhook_of
from tickets.models import Ticket
from tickets.services import (
    MacroDraft,
    Order,
    add_internal_note,
    create_macro,
    open_incident,
    start_bulk_job,
)

MATRIX: dict[tuple[str, str], tuple[dict[str, Any] | None, dict[str, int]]] = {
    **TICKETS,
    **JOINING,
    **RULES,
    **AGENTS,
    **MANY,
    **QUALITY,
    **WEBHOOKS,
    **CHAT,
    **SUPPLIERS,
}


def _routes(resolver: URLResolver, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= _routes(entry, route)
        elif isinstance(entry, URLPattern) and route.startswith("api/v1/"):
            found.add(re.sub(r"<\w+:(\w+)>", r"{\1}", route.removeprefix("api/v1/")))
    return found


def test_every_route_is_in_the_matrix() -> None:
    assert _routes(get_resolver()) - {"schema/"} == {route for _method, route in MATRIX}


@pytest.fixture
def callers(calling: Callable[[User], Caller], people: dict[str, User]) -> dict[str, Caller]:
    names = ("ratna", "joko", "dimas", "ayu", "sari", "farah", "leo", "sistem", "admin")
    users = (people[name] for name in names)
    return {"nobody": Caller()} | {
        role: calling(user) for role, user in zip(ROLES[1:], users, strict=True)
    }


@pytest.fixture
def with_file(file_ticket: FileTicket) -> Ticket:
    evidence = SimpleUploadedFile("bukti.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 32)
    return file_ticket(files=[evidence])


@pytest.fixture
def kept(supervisor: User, officer: User, admin: User, people: dict[str, User]) -> dict[str, Any]:
    """What stands behind `{pk}` or `{key}`, by the word before it."""
    draft = MacroDraft(name="Sapa dahulu", kind="reply", body="Halo", scope="all")
    return chat_things(people) | {
        "incidents": open_incident(actor=of_user(supervisor), title="t", words="w").pk,
        "macros": create_macro(actor=of_user(supervisor), draft=draft).pk,
        "views": save_view(actor=of_user(officer), name="v", body={}).pk,
        "people": officer.pk,
        "webhooks": webhook_of(admin).pk,
        "bulk-jobs": start_bulk_job(
            actor=of_user(officer),
            order=Order("reply", parts={"body": "Halo"}),
            numbers=["TUN-2222-2222"],
        ).pk,
    }


def _path(route: str, ticket: Ticket, kept: dict[str, Any]) -> str:
    file = ticket.attachments.first()
    thing = route.partition("/{pk}")[0].rpartition("/")[2]
    key = kept.get(f"{route.partition('/{key}')[0]}/{{key}}", file.key if file else "x" * 32)
    return route.format(
        number=ticket.number,
        key=key,
        pk=kept.get(thing, 0),
        slug="tak-ada",
        version=1,
        delivery=0,
        holiday=kept.get("holidays", 0),
    )


@pytest.mark.parametrize(("method", "route"), sorted(MATRIX))
def test_a_role_may_do_what_the_matrix_says(
    callers: dict[str, Caller],
    with_file: Ticket,
    kept: dict[str, Any],
    officer: User,
    method: str,
    route: str,
) -> None:
    body, expected = MATRIX[method, route]
    if "outgoing-replies/" in route:
        kept["outgoing-replies"] = waiting_reply(officer, with_file)
    path = _path(route, with_file, kept)
    found, before = {}, row_counts()
    for role, caller in callers.items():
        with transaction.atomic():  # each role meets the same ticket
            answer = caller.get(path) if method == "GET" else caller.request(method, path, body)
            found[role] = answer.status_code
            if answer.status_code >= 400:
                problem(answer, answer.status_code)
                assert row_counts() == before, (role, path)
            transaction.set_rollback(True)
    assert found == expected


@pytest.mark.parametrize(("method", "route"), sorted(MATRIX))
def test_a_method_that_a_route_lacks_is_refused(
    as_supervisor: Caller, ticket: Ticket, method: str, route: str
) -> None:
    path = _path(route, ticket, {})
    known = {verb for verb, place in MATRIX if place == route} | {"HEAD"}
    for other in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - known:
        answer = as_supervisor.request(other, path)
        problem(answer, 405, "method_not_allowed")
        assert answer["Allow"]


def told_by(answer: Any) -> dict[str, str]:
    """The headers, without how many requests the caller has left: that falls with each."""
    return {name: said for name, said in answer.headers.items() if not name.startswith("RateLimit")}


PLACES = sorted(place for place in MATRIX if "{number}" in place[1])


@pytest.mark.parametrize(("method", "route"), PLACES)
def test_a_foreign_ticket_answers_like_one_that_never_was(
    callers: dict[str, Caller],
    foreign_ticket: Ticket,
    kept: dict[str, Any],
    method: str,
    route: str,
) -> None:
    body = MATRIX[method, route][0]
    before = row_counts()
    for role in ("owner", "seller", "officer", "fraud", "integrator"):
        answers = []
        for number in (foreign_ticket.number, "TUN-2222-2222", "TUN-2222-222X", "%00", "nothing"):
            path = route.format(number=number, pk=kept["macros"])
            caller = callers[role]
            answer = caller.get(path) if method == "GET" else caller.request(method, path, body)
            problem(answer, 404, "not_found")
            answers.append((answer.content, told_by(answer)))
        assert all(answer == answers[0] for answer in answers), role
    assert row_counts() == before


def test_a_foreign_attachment_answers_like_one_that_never_was(
    callers: dict[str, Caller], with_file: Ticket, officer: User
) -> None:
    key = with_file.attachments.get().key
    secret = SimpleUploadedFile("catatan.png", b"\x89PNG\r\n\x1a\n" + b"\x01" * 32)
    note = add_internal_note(
        actor=of_user(officer), ticket_id=with_file.pk, body="lihat", files=[secret]
    )
    inner = note.attachments.get().key
    assert callers["officer"].get(f"attachments/{inner}").status_code == 200
    never = callers["seller"].get("attachments/" + "x" * 32)
    problem(never, 404, "not_found")
    for role, wanted in (("seller", key), ("owner", inner), ("integrator", key)):
        answer = callers[role].get(f"attachments/{wanted}")
        assert (answer.status_code, answer.content) == (404, never.content)
        assert told_by(answer) == told_by(never)


def test_a_note_reaches_no_reporter(
    callers: dict[str, Caller], with_file: Ticket, officer: User
) -> None:
    canary = "KENARI-4711"
    actor = of_user(officer)
    add_internal_note(actor=actor, ticket_id=with_file.pk, body=canary)
    path = f"tickets/{with_file.number}"
    callers["officer"].post(f"{path}/classification", {"priority": "HIGH", "reason": canary})
    assert canary in callers["officer"].get(f"{path}/messages").content.decode()
    assert canary in callers["officer"].get(f"{path}/events").content.decode()
    for part in ("", "/messages", "/events", "/clocks", "/actions", "/attachments"):
        assert canary not in callers["owner"].get(path + part).content.decode(), part


def test_the_story_of_a_reporter_names_nobody(as_customer: Caller, taken: Ticket) -> None:
    events = as_customer.get(f"tickets/{taken.number}/events").json()["results"]
    assert [event["kind"] for event in events] == ["received", "classified", "handled"]
    assert all(set(event["actor"]) == {"label"} for event in events)
    assert all("data" not in event and "note" not in event for event in events)


def test_ids_in_the_body_are_checked_too(
    as_supervisor: Caller, as_officer: Caller, ticket: Ticket, customer_user: User, mediator: User
) -> None:
    before = row_counts()
    path = f"tickets/{ticket.number}"
    for person in (customer_user.pk, 2**31, 10**6):
        answer = as_supervisor.post(f"{path}/assign", {"assignee": person})
        problem(answer, 400, "unknown_person")
    problem(as_supervisor.post(f"{path}/assign", {"assignee": mediator.pk}), 403)
    problem(as_officer.post(f"{path}/assign", {"assignee": mediator.pk}), 403)
    form = {"to_team": "nowhere", "reason": "r", **FORM}
    problem(as_officer.post(f"{path}/escalation", form), 400, "unknown_team")
    problem(as_officer.post(f"{path}/classification", {"queue": "nowhere", "reason": "r"}), 400)
    assert row_counts() == before


def test_access_that_is_lost_is_lost_at_once(
    as_officer: Caller, ticket: Ticket, officer: User
) -> None:
    assert as_officer.get(f"tickets/{ticket.number}").status_code == 200
    officer.memberships.all().delete()
    problem(as_officer.get(f"tickets/{ticket.number}"), 404)


def test_somebody_elses_contact_is_not_read_back(
    as_integrator: Caller, customer: Customer, file_ticket: FileTicket
) -> None:
    """Filing for a known address tells nothing of what is on record about its owner."""
    body = {**COMPLAINT, "email": customer.email, "name": "Orang Lain"}
    answer = as_integrator.post("tickets", body)
    assert answer.status_code == 201
    assert customer.name not in answer.content.decode()
    assert str(customer.phone) not in answer.content.decode()
    said = as_integrator.get(f"tickets/{answer.json()['number']}/messages")
    assert said.json()["results"][0]["author"] == {"kind": "customer", "name": ""}
    assert Actor(customer=customer)  # the customer keeps name and contact
    customer.refresh_from_db()
    assert customer.name == "Ratna Dewi"
