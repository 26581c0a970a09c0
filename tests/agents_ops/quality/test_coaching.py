"""Coaching notes: for two people and management."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from agents_ops.models import CoachingNote
from agents_ops.quality.selectors import notes_for, waiting_for
from agents_ops.quality.services import (
    fill_review,
    pick_ticket,
    read_coaching_notes,
    write_coaching_note,
)
from helpdesk.common.errors import InvalidInput, NotAllowed
from people.actors import Actor, of_user
from people.models import User
from tests.agents_ops.quality.conftest import Cases
from tests.agents_ops.quality.test_reviews import marks

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(cases: Cases, lead: Actor) -> CoachingNote:
    assert cases.officer.user
    return write_coaching_note(
        actor=lead, officer_id=cases.officer.user.pk, text="Sapa agen lebih dulu"
    )


def test_a_note_is_new_until_it_was_read(note: CoachingNote, cases: Cases) -> None:
    assert waiting_for(cases.officer) == 1
    assert (read_coaching_notes(actor=cases.officer), read_coaching_notes(actor=cases.officer)) == (
        1,
        0,
    )
    assert waiting_for(cases.officer) == 0


def test_who_sees_a_note(note: CoachingNote, people: dict[str, User]) -> None:
    for name, person in people.items():
        seen = notes_for(of_user(User.objects.get(pk=person.pk))).exists()
        assert seen == (name in {"rizal", "teguh", "hendra", "admin"}), name


def test_about_a_review_that_was_told(cases: Cases, lead: Actor, officer: User) -> None:
    assert cases.officer.user
    review = pick_ticket(actor=lead, ticket_id=cases.closed().pk)
    call: dict[str, Any] = {"actor": lead, "officer_id": cases.officer.user.pk, "text": "Lihat ini"}
    with pytest.raises(InvalidInput) as refused:
        write_coaching_note(**call, review_id=review.pk)
    assert refused.value.code == "another_review"
    fill_review(actor=lead, review_id=review.pk, marks=marks(review.ticket))
    assert write_coaching_note(**call, review_id=review.pk).review == review
    with pytest.raises(InvalidInput):
        write_coaching_note(**{**call, "officer_id": officer.pk}, review_id=review.pk)


def test_only_leads_write_and_to_theirs_alone(
    cases: Cases, lead: Actor, supervisor: User, officer: User, admin: User
) -> None:
    assert cases.officer.user
    assert lead.user
    for person in (supervisor, officer):
        with pytest.raises(Http404):
            write_coaching_note(
                actor=of_user(person), officer_id=cases.officer.user.pk, text="Halo"
            )
    with pytest.raises(NotAllowed):
        write_coaching_note(actor=of_user(admin), officer_id=cases.officer.user.pk, text="Halo")
    with pytest.raises(NotAllowed):
        write_coaching_note(actor=lead, officer_id=lead.user.pk, text="Halo")
    with pytest.raises(InvalidInput):
        write_coaching_note(actor=lead, officer_id=cases.officer.user.pk, text="  ")
    for pk in (0, 2**62, 2**70):
        with pytest.raises(Http404):
            write_coaching_note(actor=lead, officer_id=pk, text="Halo")


def test_the_database_refuses_a_note_to_oneself(note: CoachingNote) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CoachingNote.objects.filter(pk=note.pk).update(author=note.officer)
