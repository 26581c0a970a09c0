"""The stream from the process that serves it: what is told, to whom, and what is refused."""

from __future__ import annotations

import http.client
import signal
import socket
import threading
import time
import urllib.request
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from people.actors import Actor, of_user
from people.models import TeamMembership, User
from people.services import issue_token, revoke_token
from sla.services import sweep
from tests.support.live import HOST, StreamReader, wait_for
from tickets.models import TicketEvent
from tickets.services import (
    add_customer_message,
    add_internal_note,
    assign_ticket,
    handle_ticket,
    reclassify_ticket,
)

pytestmark = pytest.mark.django_db(transaction=True)


def last_event() -> int:
    return TicketEvent.objects.latest("id").pk


def note(who: Any, ticket: Any, body: str = "catatan") -> int:
    add_internal_note(actor=of_user(who), ticket_id=ticket.pk, body=body)
    return last_event()


def test_a_change_is_told_by_ids_alone(listen, file_ticket, officer):
    ticket = file_ticket()
    stream = listen(officer)
    event = note(officer, ticket, "rahasia yang tidak boleh keluar")
    assert [event, ticket.pk, "noted"] in stream.events(until=event)
    assert {name for message in stream.all for name in message.data} <= {"reset", "events"}


def test_notices_and_what_timers_do_are_told(listen, file_ticket, officer, supervisor):
    ticket = file_ticket(received_at=timezone.now() - timedelta(hours=3))
    handle_ticket(actor=of_user(supervisor), ticket_id=ticket.pk)
    stream = listen(officer)
    assign_ticket(actor=of_user(supervisor), ticket_id=ticket.pk, assignee=officer)
    stream.events(until=last_event())
    assert any(message.data.get("notices") for message in stream.all)
    assert sweep().fired
    kinds = {told[2] for told in stream.events(until=last_event()) if told[1] == ticket.pk}
    assert kinds & {"warned", "breached"}


def test_only_what_the_reader_may_see(listen, file_ticket, people, officer, supervisor):
    ticket = file_ticket()
    bagus = people["bagus"]  # of the payment squad
    stream, all_of_it = listen(bagus), listen(supervisor)
    event = note(officer, ticket)
    assert all_of_it.events(until=event)
    assert stream.silent(1)


def test_a_ticket_that_leaves_my_team_is_a_hint_without_its_id(
    listen, file_ticket, officer, people
):
    ticket = file_ticket()
    away = listen(people["bagus"])
    reclassify_ticket(
        actor=of_user(people["sari"]),
        ticket_id=ticket.pk,
        category="tracking",
        priority="HIGH",
        queue="general",
        reason="salah kelompok",
    )
    assert away.next().data == {"moved": True}
    assert not any("events" in message.data for message in away.all)


def test_leaving_a_team_ends_its_events_at_once(listen, file_ticket, officer):
    ticket = file_ticket()
    stream = listen(officer)
    assert stream.events(until=note(officer, ticket))
    TeamMembership.objects.filter(user=officer).delete()
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="Halo?")
    assert stream.silent(2)
    assert not stream.ended.is_set()


def test_a_stream_ends_with_the_right_to_it(listen, people):
    """Signed out, role removed, locked, other password, token revoked: each closes its stream."""
    _token, key = issue_token(user=people["sari"], name="papan")
    out, demoted, locked, changed, token = (
        listen(people["dimas"]),
        listen(people["ayu"]),
        listen(people["bagus"]),
        listen(people["farah"]),
        listen(Authorization=f"Bearer {key}"),
    )
    stays = listen(people["hendra"])
    Session.objects.filter(session_key=out.session).delete()
    people["ayu"].groups.set(Group.objects.none())
    User.objects.filter(pk=people["bagus"].pk).update(is_active=False)
    people["farah"].set_password("kata-sandi-yang-baru")
    people["farah"].save()
    revoke_token(actor=Actor(system="test"), token_id=_token.pk)
    assert all(stream.ended.wait(10) for stream in (out, demoted, locked, changed, token))
    assert not stays.ended.is_set()


def test_strangers_are_refused_without_a_reason(listen, session, people, events_process):
    own = session(people["dimas"])
    only_cookie = {"Cookie": own["Cookie"]}
    _token, key = issue_token(user=people["dimas"], name="papan")
    for headers, query in (
        (own | {"Origin": "https://jahat.example"}, ""),
        (own | {"Origin": "null"}, ""),
        (own | {"Origin": ""}, ""),
        (own | {"Origin": f"http://{HOST}.jahat.example"}, ""),
        (own | {"Authorization": "Bearer tnt_palsu"}, ""),
        (own | {"Authorization": "Bearer \xff"}, ""),
        (own | {"Cookie": "sessionid=palsu"}, ""),
        (own | {"Cookie": "sessionid=" + "x" * 500}, ""),
        (own | {"Cookie": ";;;=;"}, ""),
        (only_cookie, ""),
        (only_cookie | {"Sec-Fetch-Site": "cross-site"}, ""),
        (only_cookie | {"Referer": "https://jahat.example/"}, ""),
        ({"Origin": own["Origin"]}, f"?token={key}"),
        (session(people["ratna"]), ""),
        (session(people["sistem"]), ""),
        (session(people["wahyu"]), ""),
    ):
        refused = StreamReader(events_process.port, headers, query)
        assert (refused.status, refused.answer.read()) == (403, b"refused\n"), headers
    for proof in ({"Sec-Fetch-Site": "same-origin"}, {"Referer": f"http://{HOST}/meja/"}):
        assert listen(people["dimas"], **only_cookie, **proof, Origin=None).status == 200


def test_odd_requests_get_a_plain_answer(events_process, session, people):
    own = session(people["dimas"])
    for since in ("-1", "abc", "9" * 18, "9" * 40, "%00", "1e3"):
        stream = StreamReader(events_process.port, own, f"?since={since}")
        assert stream.next().data == {"reset": True}, since
        stream.close()
    for method, path, host, status in (
        ("POST", "/events/", HOST, 405),
        ("GET", "/events/", "jahat.example", 400),
        ("GET", "/meja/", HOST, 404),
    ):
        line = http.client.HTTPConnection(HOST, events_process.port, timeout=5)
        line.request(method, path, headers={**own, "Host": host})
        assert line.getresponse().status == status
    for garbage in (b"\x00\xff\r\n\r\n", b"GET /events/ HTTP/1.1\r\nX: " + b"a" * 200_000):
        with socket.create_connection((HOST, events_process.port), timeout=5) as line:
            line.sendall(garbage)
    wait_for(events_process.port)


def test_resuming_misses_nothing_even_what_was_committed_out_of_order(
    listen, events_process, session, file_ticket, officer
):
    first, second = file_ticket(), file_ticket()
    stream = listen(officer)
    with transaction.atomic():
        late = note(officer, first)  # a lower id, committed after the higher one below
        higher = _note_elsewhere(second, officer)
        assert higher > late
        told = stream.events(until=higher)
        resume = max(message.id for message in stream.all)
        stream.close()
    again = StreamReader(events_process.port, session(officer), f"?since={resume}")
    assert resume < late
    assert late in [event[0] for event in again.events(until=late)]
    assert late not in [event[0] for event in told]
    again.close()


def _note_elsewhere(ticket: Any, who: Any) -> int:
    """By a connection of its own, which commits while ours is still open."""
    made: list[int] = []

    def write() -> None:
        add_internal_note(actor=of_user(who), ticket_id=ticket.pk, body="dari sambungan lain")
        made.append(TicketEvent.objects.filter(ticket=ticket).latest("id").pk)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    return made[0]


def test_a_killed_process_loses_nothing_and_a_stopped_one_lets_go(
    listen, events_process, session, file_ticket, officer
):
    ticket = file_ticket()
    stream = listen(officer)
    stream.events(until=note(officer, ticket))
    resume = max(message.id for message in stream.all)
    events_process.kill()
    missed = [note(officer, ticket) for _time in range(3)]
    events_process.start()
    headers = session(officer) | {"Last-Event-ID": str(resume)}
    again = StreamReader(events_process.port, headers)
    assert set(missed) <= {event[0] for event in again.events(until=missed[-1])}
    assert events_process.stop() in (0, -signal.SIGTERM)
    assert again.ended.wait(5)


def test_a_cut_database_session_is_mended(listen, file_ticket, officer):
    ticket = file_ticket()
    stream = listen(officer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query LIKE 'LISTEN%'"
        )
    event = note(officer, ticket)
    assert event in [told[0] for told in stream.events(until=event)]


def test_pages_answer_while_twenty_streams_are_open(
    listen, live_server, file_ticket, people, officer
):
    ticket = file_ticket()
    names = ("dimas", "sari", "hendra", "admin", "ayu")
    streams = [listen(people[name]) for name in names for _time in range(4)]
    assert [stream.status for stream in streams] == [200] * 20
    for _time in range(10):
        with urllib.request.urlopen(f"{live_server.url}/masuk/", timeout=20) as page:
            assert page.status == 200
    event = note(officer, ticket)
    for stream in streams[:16]:
        assert event in [told[0] for told in stream.events(until=event)]
    assert all(stream.silent(0.2) for stream in streams[16:])


def test_one_person_has_a_bounded_number_of_streams(listen, officer, supervisor):
    streams = [listen(officer) for _time in range(8)]
    assert all(stream.status == 200 for stream in streams)
    refused = listen(officer)
    assert (refused.status, refused.answer.headers["Retry-After"]) == (429, "60")
    assert listen(supervisor).status == 200
    streams[0].close()
    stop = time.monotonic() + 20
    while (again := listen(officer)).status == 429 and time.monotonic() < stop:
        time.sleep(0.2)
    assert again.status == 200
