"""A ticket's life in the customer's words: from the events, without what is internal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk.common.durations import wib_text
from people.models import Team, User
from people.roles import DESK, REPORTERS
from tickets.models import EventKind, Ticket, TicketEvent
from tickets.states import Channel, Confirmation, Priority

# Of these the customer learns nothing: how we work, what we say among ourselves, who asked for what.
INTERNAL = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.NOBODY_FREE,
        EventKind.REPLY_WAITS,
        EventKind.REPLY_TAKEN_BACK,
        EventKind.REPLY_NOT_SENT,
        EventKind.NOTED,
        EventKind.MENTIONED,
        EventKind.ESCALATION_REQUESTED,
        EventKind.ESCALATION_DECLINED,
        EventKind.SIGNALLED,
        EventKind.TAGGED,
        EventKind.ALERTED,
        EventKind.PROGRESS,
        EventKind.FOLLOW_UP_PLANNED,
        EventKind.FOLLOW_UP_DONE,
        EventKind.FOLLOW_UP_OVERDUE,
        EventKind.TARGET_MOVED,
        EventKind.TARGET_MISSED,
        EventKind.HEARD,
        EventKind.FREEZE_ASKED,
        EventKind.FREEZE_UNDECIDED,
        EventKind.FREEZE_DECIDED,
        EventKind.RELAY_RELEASED,
        EventKind.PULLED_FORWARD,
        EventKind.RECOMPUTED,
        EventKind.WARNED,
        EventKind.BREACHED,
        EventKind.CUSTOMER_SILENT,
        EventKind.TIMER_FIRED,
        EventKind.SEALED,
        EventKind.LINKED,
        EventKind.UNLINKED,
        EventKind.NOT_DUPLICATE,
        EventKind.WATCHED,
        EventKind.INCIDENT_JOINED,
        EventKind.INCIDENT_LEFT,
        EventKind.PLAYBOOK_STARTED,
        EventKind.PLAYBOOK_STEP,
        EventKind.PLAYBOOK_SKIPPED,
        EventKind.PLAYBOOK_LEFT,
        EventKind.PLAYBOOK_ENDED,
        EventKind.AGENT_CHECKED,
        EventKind.AGENT_VERIFIED,
        EventKind.AGENT_UNVERIFIED,
        EventKind.AGENT_LOCKED,
        EventKind.AGENT_UNLOCKED,
        EventKind.APPROVAL_ASKED,
        EventKind.APPROVAL_DECIDED,
        EventKind.APPROVAL_WITHDRAWN,
        EventKind.APPROVAL_EXPIRED,
        EventKind.LOOKED_UP,
        EventKind.SUPPLIER_TOLD,
        EventKind.SUPPLIER_ANSWERED,
        EventKind.STANDARD_NEARS,
        EventKind.STANDARD_MISSED,
        EventKind.ACCOUNT_BLOCKED,
        EventKind.LOG_ISSUED,
        EventKind.LOG_DOWNLOADED,
        EventKind.QUALITY_TOLD,
        EventKind.QUALITY_ANSWERED,
        EventKind.QUALITY_SETTLED,
    }
)


@dataclass(frozen=True)
class Line:
    at: datetime
    kind: str
    text: str


class Story:
    """Reads a ticket's events once, with the first names and team names that they mention."""

    def __init__(self, ticket: Ticket) -> None:
        self.events = list(ticket.events.exclude(kind__in=INTERNAL).order_by("id"))
        self._names = _first_names(self.events)
        self._teams = {team.code: team.name for team in _teams(self.events)}

    def lines(self) -> list[Line]:
        """In order of time; an event without anything to say to the customer has no line."""
        told = ((event, self.sentence(event)) for event in self.events)
        return [Line(event.at, event.kind, text) for event, text in told if text]

    def sentence(self, event: TicketEvent) -> str:
        return SENTENCES[EventKind(event.kind)](self, event)

    def last(self, *kinds: str) -> TicketEvent | None:
        return next((event for event in reversed(self.events) if event.kind in kinds), None)

    def name(self, pk: int | None) -> str:
        """A first name, never more (also: somebody who has left)."""
        return self._names.get(pk or 0, _("Our care team"))

    def team(self, event: TicketEvent, key: str) -> str:
        return self._teams.get(event.data.get(key, ""), _("another team"))


def urgency(priority: str) -> str:
    words = {
        Priority.URGENT: _("very urgent"),
        Priority.HIGH: _("urgent"),
        Priority.MEDIUM: _("of normal urgency"),
        Priority.LOW: _("not urgent"),
    }
    return words.get(Priority(priority), priority)


def _received(story: Story, event: TicketEvent) -> str:
    if event.data.get("proactive"):
        return _("We noticed something on your account and opened this ticket for you.")
    code = event.data.get("channel", "")
    channel = Channel(code).label if code in Channel.values else code
    return _("We received your complaint by %(channel)s.") % {"channel": channel}


def _classified(story: Story, event: TicketEvent) -> str:
    words = urgency(event.data["priority"])
    return _("We checked it and marked it as %(urgency)s.") % {"urgency": words}


def _reclassified(story: Story, event: TicketEvent) -> str:
    before, after = event.data["from"]["priority"], event.data["to"]["priority"]
    if before == after:
        return ""
    return _("We looked at it again and marked it as %(urgency)s.") % {"urgency": urgency(after)}


def _handled(story: Story, event: TicketEvent) -> str:
    return _("%(name)s took on your ticket.") % {"name": story.name(event.data.get("assignee"))}


def _replied(story: Story, event: TicketEvent) -> str:
    return _("%(name)s answered you.") % {"name": story.name(event.actor_id)}


def _passed_on(story: Story, event: TicketEvent) -> str:
    return _("We passed your ticket on to %(team)s.") % {"team": story.team(event, "to_team")}


def _accepted(story: Story, event: TicketEvent) -> str:
    team = story.team(event, "team")
    return _("%(team)s took it on; we watch over it until it is settled.") % {"team": team}


def _returned(story: Story, event: TicketEvent) -> str:
    team = story.team(event, "team")
    return _("%(team)s has finished; our care team goes on with your ticket.") % {"team": team}


def _held(story: Story, event: TicketEvent) -> str:
    until = datetime.fromisoformat(event.data["until"])
    return _(
        "We are waiting for something that your ticket needs. We go on at the latest %(when)s."
    ) % {"when": wib_text(until)}


def _released(story: Story, event: TicketEvent) -> str:
    # Where it moved on, that line says so.
    moved_on = event.data.get("cause") in ("escalation", "closing")
    return "" if moved_on else _("We go on with your ticket.")


def _needed(story: Story, event: TicketEvent) -> str:
    if event.actor_label in DESK:
        return _("We answer your last message after all.")
    return _("You told us that you still need an answer.")


def _closed(story: Story, event: TicketEvent) -> str:
    words = {
        Confirmation.CONFIRMED: _("We closed the ticket after you agreed."),
        Confirmation.NO_ANSWER: _(
            "We closed the ticket, since our question stayed without answer."
        ),
        Confirmation.DISPUTED: _("We closed the ticket; you did not agree with the solution."),
    }
    return words.get(event.data.get("confirmation", ""), _("We closed the ticket."))


def _merged(story: Story, event: TicketEvent) -> str:
    return _("We joined this ticket with your ticket %(number)s about the same problem.") % {
        "number": event.data["number"]
    }


def _absorbed(story: Story, event: TicketEvent) -> str:
    return _("We joined your tickets about the same problem here: %(numbers)s.") % {
        "numbers": ", ".join(event.data["numbers"])
    }


def _separated(story: Story, event: TicketEvent) -> str:
    return _("We go on with %(number)s as a ticket of its own.") % {"number": event.data["number"]}


def _split(story: Story, event: TicketEvent) -> str:
    return _("We opened ticket %(number)s for another problem that you wrote of here.") % {
        "number": event.data["number"]
    }


def _split_off(story: Story, event: TicketEvent) -> str:
    return _("We opened this ticket for a problem that you wrote of in %(number)s.") % {
        "number": event.data["number"]
    }


def _reopened(story: Story, event: TicketEvent) -> str:
    if event.actor_label in REPORTERS:
        return _("You opened the ticket again.")
    return _("We opened the ticket again.")


def _surveyed(story: Story, event: TicketEvent) -> str:
    score = {"score": event.data.get("score", "")}
    if "before" in event.data:
        return _("You changed your answer: %(score)s of 5.") % score
    return _("You gave our help %(score)s of 5.") % score


def _corrected(story: Story, event: TicketEvent) -> str:
    words = {
        "amount_idr": _("the amount"),
        "order_number": _("the order number"),
        "problem_since": _("when it began"),
        "wanted_solution": _("the wanted solution"),
    }
    named = [words[name] for name in event.data.get("changed", []) if name in words]
    return _("We put details of your complaint right: %(details)s.") % {"details": ", ".join(named)}


SENTENCES: dict[EventKind, Callable[[Story, TicketEvent], str]] = {
    EventKind.RECEIVED: _received,
    EventKind.CLASSIFIED: _classified,
    EventKind.RECLASSIFIED: _reclassified,
    EventKind.CORRECTED: _corrected,
    EventKind.HANDLED: _handled,
    EventKind.REPLIED: _replied,
    EventKind.CUSTOMER_WROTE: lambda _story, _event: _("You wrote to us."),
    EventKind.REPLY_NOT_NEEDED: lambda _story, _event: _(
        "We read your last message and took it as not needing an answer."
    ),
    EventKind.REPLY_NEEDED: _needed,
    EventKind.HELD: _held,
    EventKind.RELEASED: _released,
    EventKind.CONFIRMATION_ASKED: lambda _story, _event: _("We asked whether it is solved."),
    EventKind.CONFIRMED: lambda _story, _event: _("You said that it is solved."),
    EventKind.DISPUTED: lambda _story, _event: _("You said that it is not solved yet."),
    EventKind.ESCALATED: _passed_on,
    EventKind.REDIRECTED: _passed_on,
    EventKind.ACCEPTED: _accepted,
    EventKind.RETURNED: _returned,
    EventKind.DECIDED: lambda _story, _event: _(
        "Our mediation team has decided; its message to you gives the reasons."
    ),
    EventKind.MERGED: _merged,
    EventKind.ABSORBED: _absorbed,
    EventKind.UNMERGED: lambda _story, _event: _("We go on with this ticket by itself."),
    EventKind.SEPARATED: _separated,
    EventKind.SPLIT: _split,
    EventKind.SPLIT_OFF: _split_off,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.SURVEYED: _surveyed,
}


def _first_names(events: Iterable[TicketEvent]) -> dict[int, str]:
    wanted = {event.data.get("assignee") for event in events if event.kind == EventKind.HANDLED}
    wanted |= {event.actor_id for event in events if event.kind == EventKind.REPLIED}
    people = User.objects.filter(pk__in=[pk for pk in wanted if pk])
    return {person.pk: person.get_short_name() for person in people}


def _teams(events: Iterable[TicketEvent]) -> list[Team]:
    codes = {event.data.get(key) for event in events for key in ("to_team", "team")}
    return list(Team.objects.filter(code__in=[code for code in codes if code]))
