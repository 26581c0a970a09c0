"""Links and watches made at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from helpdesk.common.errors import Refusal
from tests.support.stages import Stage, fresh
from tickets.models import Ticket, TicketLink, Watch
from tickets.services import link_tickets, split_ticket, watch_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
AtOnce = Callable[..., list[Any]]


def codes(results: list[Any]) -> list[str]:
    return sorted(result.code for result in results if isinstance(result, Refusal))


def test_three_links_at_once_close_no_circle(stage: Stage, at_once: AtOnce) -> None:
    link = partial(link_tickets, actor=stage.actor("dimas"), kind="duplicate")
    for _round in range(3):
        one, two, three = (stage.classified() for _each in range(3))
        results = at_once(
            [
                partial(link, ticket_id=one.pk, number=two.number),
                partial(link, ticket_id=two.pk, number=three.number),
                partial(link, ticket_id=three.pk, number=one.number),
            ]
        )
        assert codes(results) == ["circle"]


def test_the_same_link_split_and_watch_by_many_is_one(stage: Stage, at_once: AtOnce) -> None:
    one, two = stage.handled(), stage.classified()
    dimas = stage.actor("dimas")
    link = partial(link_tickets, actor=dimas, ticket_id=one.pk, number=two.number, kind="related")
    assert codes(at_once([link] * 3)) == ["linked_already"] * 2
    assert TicketLink.objects.count() == 1
    assert codes(at_once([partial(watch_ticket, actor=dimas, ticket_id=one.pk)] * 3)) == []
    assert Watch.objects.count() == 1
    assert fresh(one).watched
    before = Ticket.objects.count()
    said = [one.messages.get().pk]
    split = partial(split_ticket, actor=dimas, ticket_id=one.pk, messages=said)
    assert codes(at_once([split] * 3)) == ["already_split"] * 2
    assert Ticket.objects.count() == before + 1
