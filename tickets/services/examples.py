"""An officer's correction of the machine becomes a labelled example; a supervisor accepts it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction

from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, WrongState
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.anonymous import without_personal_data
from tickets.models import Classification, EventKind, Ticket, TicketEvent, TriageExample

State = TriageExample.State
SAID = ("category", "priority", "queue")


def keep_example(
    ticket: Ticket, event: TicketEvent, said: dict[str, str], reason: str
) -> TriageExample | None:
    """Keep what a person said against the machine (inside the correction's transaction).

    Nothing where a rule of time acted or no machine had judged. Whoever comes back to what the
    machine said takes the ticket's earlier example out.
    """
    judged = ticket.classifications.filter(rules_version__isnull=False).order_by("-id").first()
    if event.actor is None or judged is None or judged.rules_version is None:
        return None
    ticket.triage_examples.exclude(state=State.REPLACED).update(state=State.REPLACED)
    machine = {name: getattr(judged, name) for name in SAID}
    if machine == said:
        return None
    since = ticket.problem_since
    return TriageExample.objects.create(
        ticket=ticket,
        event=event,
        channel=ticket.channel,
        reporter=ticket.reporter,
        tier=ticket.tier,
        amount_idr=ticket.amount_idr,
        days_open=None if since is None else max(0, (judged.at - since).days),
        subject=ticket.subject,
        body=ticket.description,
        decided_at=judged.at,
        rules_version=judged.rules_version,
        rule=_rule_of(judged),
        confidence=_confidence_of(judged),
        **{f"machine_{name}": value for name, value in machine.items()},
        **said,
        reason=reason,
        said_by=event.actor,
        said_at=event.at,
    )


@transaction.atomic
def review_example(*, actor: Actor, example_id: int, accepted: bool) -> TriageExample:
    """Accept an example for training or reject it; the mind may be changed.

    Raises NotAllowed, InvalidInput (no such example), WrongState (a later correction replaced it).
    """
    person = actor.require_person("edit_rules")
    example = TriageExample.objects.select_for_update().filter(pk=example_id).first()
    if example is None:
        raise InvalidInput(_("This example is not there."), code="no_such_example")
    if example.state == State.REPLACED:
        message = _("A later correction of the same ticket replaced this one.")
        raise WrongState(message, code="replaced")
    example.state = State.ACCEPTED if accepted else State.REJECTED
    example.reviewed_by, example.reviewed_at = person, clock.now()
    example.save(update_fields=["state", "reviewed_by", "reviewed_at"])
    return example


def corpus_lines(examples: Iterable[TriageExample]) -> Iterator[str]:
    """The examples as lines of the corpus, without personal data."""
    for example in examples:
        known = (example.ticket.customer.name, *_agent_of(example.ticket))
        line = {
            "id": f"L{example.pk:05}",
            "channel": example.channel,
            "reporter": example.reporter,
            "tier": example.tier,
            "amount_idr": example.amount_idr,
            "days_open": _whole(example.days_open),
            "subject": without_personal_data(example.subject, known),
            "body": without_personal_data(example.body, known),
            "expected": {name: getattr(example, name) for name in SAID},
            "why": without_personal_data(example.reason, known),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def _agent_of(ticket: Ticket) -> tuple[str, ...]:
    return (ticket.agent.name,) if ticket.agent else ()


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def _rule_of(judged: Classification) -> str:
    """The reason that set the category; the first one is the leading one."""
    for reason in judged.reasons:
        if (reason.get("effect") or {}).get("category") == judged.category:
            return str(reason.get("rule", ""))[:60]
    return ""


def _confidence_of(judged: Classification) -> float | None:
    """As recorded at receipt; of a decision after a corrected fact none was."""
    event: Any = judged.event
    return event.data.get("confidence") if event.kind == EventKind.CLASSIFIED else None
