"""@names in internal notes: who is told, and who is no name at all."""

from __future__ import annotations

import pytest

from people.actors import of_user
from people.models import User
from people.roles import DESK
from tests.support.stages import Stage
from tickets.models import EventKind, Notice
from tickets.selectors import people_who_see, sees
from tickets.services import add_internal_note, assign_ticket
from tickets.services.mentions import mentioned_in

pytestmark = pytest.mark.django_db


def named(first: str, full: str, pk: int) -> User:
    return User(pk=pk, full_name=full, email=f"{first}@demo.tuntas.id")


DIMAS, DIMAS_TWO, AYU = (
    named("dimas", "Dimas Pratama", 1),
    named("dimas2", "Dimas Saputra", 2),
    named("ayu", "Ayu Lestari", 3),
)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@Dimas Pratama tolong cek", [DIMAS]),
        ("tolong @dimas saputra, dan @AYU!", [DIMAS_TWO, AYU]),
        ("@Ayu @ayu lestari", [AYU]),
        ("@dimas", [DIMAS]),  # of two with this first name the one whose address it is
        ("@dimas2", [DIMAS_TWO]),
        ("surel ayu@demo.tuntas.id, @ayunda, @Budi, @", []),
        ("(@Ayu)", [AYU]),
    ],
)
def test_names_are_read_as_people_write_them(text: str, people: list[User]) -> None:
    assert mentioned_in(text, [DIMAS, DIMAS_TWO, AYU]) == people


def test_a_first_name_of_two_people_is_nobodys() -> None:
    other = named("pratama", "Dimas Pratama", 1)
    assert mentioned_in("@dimas", [other, DIMAS_TWO]) == []


def test_the_one_named_is_told_once_and_the_record_holds_no_words(stage: Stage) -> None:
    ticket = stage.handled()
    sari = stage.actor("sari").user
    body = f"@{sari.full_name} mohon dilihat, @{sari.full_name}"
    note = add_internal_note(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body=body, submission_key="k1"
    )
    again = add_internal_note(
        actor=stage.actor("dimas"), ticket_id=ticket.pk, body=body, submission_key="k1"
    )
    assert again == note
    event = ticket.events.get(kind=EventKind.MENTIONED)
    assert event.data == {"note": note.pk, "people": [sari.pk]}
    notice = Notice.objects.get(event=event)
    assert (notice.recipient, notice.mention, notice.read_at) == (sari, True, None)


def test_whoever_may_not_see_the_ticket_or_wrote_it_is_not_told(stage: Stage) -> None:
    ticket = stage.handled()
    ayu, dimas = stage.actor("ayu").user, stage.actor("dimas").user
    body = f"@{ayu.full_name} @{dimas.full_name}"
    add_internal_note(actor=stage.actor("dimas"), ticket_id=ticket.pk, body=body)
    assert not ticket.events.filter(kind=EventKind.MENTIONED).exists()
    assert not Notice.objects.filter(mention=True).exists()


def test_an_ordinary_notice_is_no_mention(stage: Stage) -> None:
    ticket = stage.handled()
    putra = stage.actor("sari").user
    assign_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=putra)
    assert not Notice.objects.filter(mention=True).exists()


def test_who_sees_a_ticket_is_the_funnel_from_its_other_end(stage: Stage) -> None:
    roles = [role.value for role in DESK]
    for ticket in (stage.handled(), stage.escalated(to="fraud")):
        people = User.objects.filter(groups__name__in=roles).distinct()
        expected = {person.pk for person in people if sees(of_user(person), ticket)}
        assert {person.pk for person in people_who_see(ticket)} == expected
        assert expected
