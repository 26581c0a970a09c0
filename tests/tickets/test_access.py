"""Who sees which ticket; whatever is foreign is as if it did not exist."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from people.actors import SWEEP, VISITOR, Actor, of_user
from people.models import Customer, User
from tests.support.stages import Stage
from tickets.models import Ticket
from tickets.selectors import (
    attachment_for_actor_or_404,
    ticket_for_actor_or_404,
    visible_tickets,
)
from tickets.services import Report, add_internal_note, receive_ticket

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def sees(actor: Actor, ticket: Ticket) -> bool:
    listed = visible_tickets(actor).filter(pk=ticket.pk).count()
    assert listed <= 1, "listed twice"
    try:
        ticket_for_actor_or_404(actor, ticket.number)
    except Http404:
        assert not listed
        return False
    assert listed
    return True


# Fraud is alerted of a hacked account when it comes in, so Farah sees it in every state.
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dimas", True),
        ("sari", True),
        ("hendra", True),
        ("admin", True),
        ("farah", True),
        ("ratna", True),
        ("ayu", False),
        ("bagus", False),
        ("leo", False),
        ("maya", False),
        ("joko", False),
        ("wahyu", False),
        ("sistem", False),
    ],
)
def test_each_role_sees_what_is_theirs(stage: Stage, name: str, expected: bool) -> None:
    for ticket in (stage.classified(), stage.closed()):
        assert sees(stage.actor(name), ticket) is expected


def test_a_specialist_sees_what_was_escalated_to_the_team_also_afterwards(stage: Stage) -> None:
    ticket = stage.handled()
    assert not sees(stage.actor("leo"), ticket)
    stage.send(ticket, "legal")
    assert sees(stage.actor("leo"), ticket)
    from escalation.services import return_escalation

    return_escalation(actor=stage.actor("leo"), ticket_id=ticket.pk, reason="Bukan perkara hukum.")
    assert sees(stage.actor("leo"), ticket)
    assert not sees(stage.actor("maya"), ticket)


def test_the_home_squad_keeps_seeing_what_is_escalated(stage: Stage) -> None:
    assert sees(stage.actor("dimas"), stage.escalated(to="legal"))


def test_a_customer_sees_only_their_own(
    stage: Stage, customer: Customer, other_customer: Customer
) -> None:
    ticket = stage.classified()
    assert sees(Actor(customer=customer), ticket)
    assert not sees(Actor(customer=other_customer), ticket)


def test_an_integrator_sees_only_what_it_filed(integrator: User, stage: Stage) -> None:
    system = of_user(integrator)
    report = Report(channel="api", description="Paket belum sampai.", email="tono@example.com")
    own = receive_ticket(actor=system, report=report).ticket
    assert sees(system, own)
    assert not sees(system, stage.classified())


def test_strangers_and_the_dismissed_see_nothing(stage: Stage, officer: User) -> None:
    ticket = stage.classified()
    assert not sees(VISITOR, ticket)
    officer.is_active = False
    officer.save()
    assert not sees(stage.actor("dimas"), ticket)
    assert sees(SWEEP, ticket)


def test_whoever_leaves_the_team_loses_sight_at_once(stage: Stage, officer: User) -> None:
    ticket = stage.classified()
    assert sees(stage.actor("dimas"), ticket)
    officer.memberships.all().delete()
    assert not sees(stage.actor("dimas"), ticket)


def test_a_file_of_a_note_stays_at_the_desk(
    stage: Stage, customer: Customer, settings: object, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)  # type: ignore[attr-defined]
    ticket = stage.handled()
    note = add_internal_note(
        actor=stage.actor("dimas"),
        ticket_id=ticket.pk,
        body="Bukti.",
        files=[SimpleUploadedFile("log.png", PNG)],
    )
    key = note.attachments.get().key
    assert attachment_for_actor_or_404(stage.actor("sari"), key)
    for actor in (Actor(customer=customer), stage.actor("ayu"), stage.actor("admin"), VISITOR):
        with pytest.raises(Http404):
            attachment_for_actor_or_404(actor, key)
