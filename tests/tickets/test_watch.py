"""Watching: who may, what one hears of, nothing twice, and its silent end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.queues import view_or_404, views_for
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed, Refusal
from people.actors import Actor
from people.models import User
from sla.services import sweep
from tests.support.stages import Stage, fresh
from tickets.models import Notice, Ticket, Watch
from tickets.services import (
    add_customer_message,
    ask_to_watch,
    assign_ticket,
    reclassify_ticket,
    reply_to_customer,
    unwatch_ticket,
    watch_ticket,
    watching,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(stage: Stage) -> Ticket:
    return stage.handled()


def watch(stage: Stage, ticket: Ticket, by: str = "sari") -> None:
    watch_ticket(actor=stage.actor(by), ticket_id=ticket.pk)


def told(stage: Stage, name: str) -> list[str]:
    notices = Notice.objects.filter(recipient=stage.actor(name).user)
    return list(notices.order_by("event_id").values_list("event__kind", flat=True))


def view(user: User) -> list[Ticket]:
    return list(view_or_404(views_for(user, clock.now()), "watched").tickets)


def test_who_watches_hears_of_it(stage: Stage, ticket: Ticket) -> None:
    watch(stage, ticket)
    watch(stage, ticket)
    assert Watch.objects.count() == 1
    reply_to_customer(actor=stage.actor("dimas"), ticket_id=ticket.pk, body="Kami periksa.")
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="Lalu?")
    Notice.objects.filter(recipient=stage.actor("sari").user, event__kind="alerted").delete()
    assert told(stage, "sari") == ["replied", "customer_wrote"]
    assert told(stage, "dimas").count("customer_wrote") == 1
    stage.send(fresh(ticket))
    # Sari did this herself.
    assert "escalated" not in told(stage, "sari")


def test_nobody_hears_twice(stage: Stage, ticket: Ticket) -> None:
    """The assignee is told that the customer wrote; the leads, that a deadline was missed."""
    watch(stage, ticket, "dimas")
    watch(stage, ticket)
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="Lalu?")
    assert told(stage, "dimas").count("customer_wrote") == 1
    with clock.shifted(timedelta(hours=3)):
        sweep()
    breaches = ticket.events.filter(kind="breached").count()
    assert breaches
    for name in ("dimas", "sari"):
        assert told(stage, name).count("breached") == breaches


def test_the_watched_alone_cost_a_look(
    stage: Stage, ticket: Ticket, django_assert_num_queries
) -> None:
    from tickets.services.watchers import tell_watchers

    event = ticket.events.get(kind="handled")
    event.kind = "replied"
    with django_assert_num_queries(0):
        tell_watchers(ticket, event)


def test_it_ends(stage: Stage, ticket: Ticket) -> None:
    watch(stage, ticket)
    version = fresh(ticket).version
    assert version == ticket.version
    unwatch_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk)
    with pytest.raises(Refusal) as refusal:
        unwatch_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk)
    assert refusal.value.code == "not_watching"
    assert not fresh(ticket).watched
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="Lalu?")
    assert "customer_wrote" not in told(stage, "sari")


def test_out_of_sight_it_ends_silently(stage: Stage, ticket: Ticket) -> None:
    ask_to_watch(actor=stage.actor("sari"), ticket_id=ticket.pk, person=stage.actor("hendra").user)
    watch(stage, ticket, "dimas")
    assert view(stage.actor("dimas").user) == [ticket]
    assign_ticket(actor=stage.actor("sari"), ticket_id=ticket.pk, assignee=stage.actor("sari").user)
    reclassify_ticket(
        actor=stage.actor("sari"),
        ticket_id=ticket.pk,
        category=stage.classified(subject="Paket", description="Paket saya belum sampai.").category,
        priority="LOW",
        queue="general",
        reason="Ternyata paket.",
    )
    Notice.objects.all().delete()
    add_customer_message(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk, body="Lalu?")
    assert told(stage, "dimas") == []
    assert told(stage, "hendra") == ["customer_wrote"]
    assert view(stage.actor("dimas").user) == []
    assert view(stage.actor("hendra").user) == [ticket]


def test_a_colleague_is_asked_once_and_told(stage: Stage, ticket: Ticket) -> None:
    act = {"actor": stage.actor("dimas"), "ticket_id": ticket.pk}
    hendra = stage.actor("hendra").user
    assert hendra is not None
    for _again in range(2):
        ask_to_watch(**act, person=hendra)
    event = ticket.events.get(kind="watched")
    assert event.data["people"] == [hendra.pk]
    assert told(stage, "hendra").count("watched") == 1
    ayu = stage.actor("ayu").user
    assert ayu is not None
    with pytest.raises(InvalidInput) as refusal:
        ask_to_watch(**act, person=ayu)
    assert refusal.value.code == "cannot_see_it"


def test_who_may_not(stage: Stage, ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ayu", "admin", "joko"):
        with pytest.raises(NotAllowed):
            watch(stage, ticket, name)
    with pytest.raises(NotAllowed):
        watch_ticket(actor=Actor(customer=ticket.customer), ticket_id=ticket.pk)
    monkeypatch.setattr(watching, "MOST_WATCHERS", 1)
    watch(stage, ticket)
    with pytest.raises(Refusal) as refusal:
        watch(stage, ticket, "dimas")
    assert refusal.value.code == "too_many_watchers"
