"""Legal never talks to the customer: it releases what the officer may tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from escalation.models import RelayNote
from escalation.services import release_relay
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed, WrongState
from tests.support.receiving import Receiving
from tests.support.stages import fresh
from tickets.models import Notice
from tickets.services import reply_to_customer
from tickets.story import Story

pytestmark = pytest.mark.django_db
Case = Callable[[], Receiving]
WORDS = "Kami memeriksa keaslian dokumen."


@pytest.fixture
def legal(case: Case) -> Receiving:
    made = case()
    made.accept("legal", "leo")
    return made


def test_the_squad_is_told_and_may_pass_it_on(legal: Receiving) -> None:
    release_relay(actor=legal.actor("leo"), ticket_id=legal.ticket.pk, text=WORDS)
    note = RelayNote.objects.get()
    event = fresh(legal.ticket).events.last()
    assert (event.kind, event.data) == ("relay_released", {"relay": note.pk})
    told = set(Notice.objects.filter(event=event).values_list("recipient_id", flat=True))
    assert {legal.actor("dimas").user.pk, legal.actor("sari").user.pk} <= told
    assert not legal.ticket.messages.filter(kind="reply").exists()
    assert WORDS not in " ".join(line.text for line in Story(fresh(legal.ticket)).lines())
    assert reply_to_customer(actor=legal.actor("dimas"), ticket_id=legal.ticket.pk, body=WORDS)


def test_legal_itself_still_does_not_write(legal: Receiving) -> None:
    with pytest.raises(NotAllowed):
        reply_to_customer(actor=legal.actor("leo"), ticket_id=legal.ticket.pk, body=WORDS)


@pytest.mark.parametrize("name", ["dimas", "sari", "farah", "ratna", "admin"])
def test_only_legal_releases(legal: Receiving, name: str) -> None:
    with pytest.raises(NotAllowed):
        release_relay(actor=legal.actor(name), ticket_id=legal.ticket.pk, text=WORDS)


def test_a_team_with_a_voice_of_its_own_uses_that(case: Case) -> None:
    mine = case()
    mine.accept("fraud", "farah")
    with pytest.raises(WrongState):
        release_relay(actor=mine.actor("farah"), ticket_id=mine.ticket.pk, text=WORDS)


def test_words_are_needed_masked_and_of_the_version_seen(legal: Receiving) -> None:
    leo, pk = legal.actor("leo"), legal.ticket.pk
    with pytest.raises(InvalidInput):
        release_relay(actor=leo, ticket_id=pk, text=" \n")
    with pytest.raises(Conflict):
        release_relay(actor=leo, ticket_id=pk, text=WORDS, expected_version=1)
    assert "482913" not in release_relay(actor=leo, ticket_id=pk, text="OTP: 482913").text
