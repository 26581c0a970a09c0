"""The queue's views: which tickets each holds, how many, and a page of them by keyset.

Every view is one indexed filter over open tickets of teams that the reader may see, so no page
scans what is closed. Order: asked-for quick escalation first, then the nearest open promise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from escalation.models import Escalation
from helpdesk.common.durations import WIB
from helpdesk.common.together import read_together
from people.models import Team, User, organisation
from sla.selectors import tickets_at_risk
from tickets.models import Notice, Ticket
from tickets.states import OPEN_STATES, Priority, State

PAGE_SIZE = 40
COUNT_UP_TO = 1000
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class QueueView:
    """`group`: mine, watch, team or hidden. `alarming` counts are shown in red."""

    code: str
    label: str
    icon: str
    group: str
    tickets: QuerySet[Ticket]
    alarming: bool = False
    team_id: int | None = None


def views_for(user: User, now: datetime) -> list[QueueView]:
    """The views that this person has, in the order shown."""
    teams = _teams_of(user)
    team_ids = [team.pk for team in teams]
    held = Ticket.objects.filter(state__in=OPEN_STATES, team_id__in=team_ids)
    views = [*_own(user, held), *_watched(user, held, now)]
    views += [
        QueueView(
            f"team:{team.code}",
            team.name,
            _icon_of(team),
            "team",
            _held_by(team),
            team_id=team.pk,
        )
        for team in teams
    ]
    return views


def view_or_404(views: Iterable[QueueView], code: str) -> QueueView:
    found = next((view for view in views if view.code == code), None)
    if found is None:
        raise Http404("view")
    return found


def _teams_of(user: User) -> list[Team]:
    """One's own teams; all of them for those who may see all tickets."""
    teams = Team.objects.all()
    return list(teams if user.may("see_all_tickets") else teams.filter(pk__in=user.team_ids))


def _held_by(team: Team) -> QuerySet[Ticket]:
    return Ticket.objects.filter(state__in=OPEN_STATES, team_id=team.pk)


def _own(user: User, held: QuerySet[Ticket]) -> list[QueueView]:
    mine = Ticket.objects.filter(state__in=OPEN_STATES, assignee=user)
    sent_on = Ticket.objects.filter(
        state__in=[State.ESCALATED, State.MONITORED], home_team_id__in=user.team_ids
    ).exclude(team_id__in=user.team_ids)
    quick_code = organisation()["quick_code"]
    waiting = mine.filter(waiting_for_customer_since__isnull=False)
    return [
        QueueView("mine", _("My queue"), "user", "mine", mine),
        QueueView("unassigned", _("Unassigned"), "inbox", "mine", held.filter(assignee=None)),
        QueueView("expedited", quick_code, "bolt", "mine", held.filter(expedited=True)),
        QueueView("waiting", _("Waiting for the customer"), "pause", "mine", waiting),
        QueueView("escalated", _("Escalated from my teams"), "up", "mine", sent_on),
    ]


def _watched(user: User, held: QuerySet[Ticket], now: datetime) -> list[QueueView]:
    views = [
        QueueView("held", _("On hold"), "pause", "watch", held.filter(held_until__isnull=False)),
        QueueView("risk", _("At risk"), "t80", "watch", held.filter(at_risk(now))),
        QueueView("late", _("Late"), "late", "watch", held.filter(late(now)), alarming=True),
    ]
    if user.may("verify_escalation"):
        asked = Escalation.objects.filter(state=Escalation.State.REQUESTED).values("ticket_id")
        waiting = held.filter(pk__in=asked)
        views.append(QueueView("verify", _("Waiting for verification"), "shield", "watch", waiting))
    if user.may("see_all_tickets"):
        views.append(QueueView("all", _("All open tickets"), "inbox", "watch", held))
        today = held.filter(escalated_at__gte=start_of_day(now))
        # Reached from the dashboard's figure, not from the list of views.
        views.append(QueueView("today", _("Escalated today"), "up", "hidden", today))
    return views


def start_of_day(now: datetime) -> datetime:
    """Midnight in WIB."""
    return now.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)


def late(now: datetime) -> Q:
    """An open promise is past due."""
    return Q(next_due_at__lt=now)


def at_risk(now: datetime) -> Q:
    """A promise is past its last warning and not yet due."""
    return Q(pk__in=tickets_at_risk(now))


def _icon_of(team: Team) -> str:
    icons = {
        "cs_account": "shield",
        "cs_payment": "card",
        "cs_order": "truck",
        "cs_seller": "store",
        "cs_agent": "phone",
        "cs_general": "chat",
        "fraud": "shield",
        "mediation": "scale",
        "legal": "book",
    }
    return icons.get(team.code, "users")


def narrowed(tickets: QuerySet[Ticket], wanted: dict[str, str]) -> QuerySet[Ticket]:
    """The view's tickets of one state, priority, team or assignee, or whose nearest deadline falls
    within an hour; unknown words narrow nothing."""
    if wanted.get("state") in State.values:
        tickets = tickets.filter(state=wanted["state"])
    if wanted.get("priority") in Priority.values:
        tickets = tickets.filter(priority=wanted["priority"])
    if team := wanted.get("team"):
        tickets = tickets.filter(team__code=team)
    officer = wanted.get("officer", "")
    if officer.isdecimal() and len(officer) < 10:
        tickets = tickets.filter(assignee_id=int(officer))
    if hour := _hour_of(wanted.get("due", "")):
        tickets = tickets.filter(next_due_at__gte=hour, next_due_at__lt=hour + HOUR)
    return tickets


def _hour_of(text: str) -> datetime | None:
    """`202611220615`, in UTC: the hour that begins then; None for anything else."""
    if len(text) != 12 or not text.isascii():
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None


# Teams differ in nothing but their id, and making SQL of a queryset for each of them costs more
# than counting.
_OF_TEAMS = """(SELECT json_object_agg(team.id, (
  SELECT count(*) FROM (SELECT 1 FROM tickets_ticket t
                        WHERE t.team_id = team.id AND t.state IN %s LIMIT %s) AS rows
)) FROM unnest(%s::bigint[]) AS team (id))"""


def counts_of(views: list[QueueView]) -> dict[str, int]:
    """How many tickets each view holds, up to COUNT_UP_TO each, in one statement."""
    of_teams = {view.team_id: view.code for view in views if view.team_id is not None}
    parts: list[str] = [_OF_TEAMS]
    params: list[Any] = [tuple(map(str, OPEN_STATES)), COUNT_UP_TO, list(of_teams)]
    others = [view for view in views if view.team_id is None]
    for view in others:
        limited = view.tickets.order_by().values("pk")[:COUNT_UP_TO]
        try:
            sql, values = limited.query.sql_with_params()
        except EmptyResultSet:  # a filter that nothing can meet, as 'of no team'
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) AS rows)")  # noqa: S608 - our own querysets
        params += values
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), params)
        teams, *row = cursor.fetchone()
    counts = {view.code: count for view, count in zip(others, row, strict=True)}
    return counts | {of_teams[int(pk)]: count for pk, count in (teams or {}).items()}


@dataclass(frozen=True)
class Place:
    """The last row of a page: the next page begins after it."""

    expedited: bool
    due_at: datetime | None
    pk: int

    def __str__(self) -> str:
        return f"{int(self.expedited)}_{self.due_at.isoformat() if self.due_at else ''}_{self.pk}"

    @classmethod
    def of(cls, ticket: Ticket) -> Place:
        return cls(ticket.expedited, ticket.next_due_at, ticket.pk)

    @classmethod
    def read(cls, text: str) -> Place | None:
        """None for the first page and for anything that is no place."""
        try:
            expedited, due, pk = text.split("_")
            due_at = datetime.fromisoformat(due) if due else None
            if due_at is not None and due_at.tzinfo is None:
                return None
            return cls(expedited == "1", due_at, int(pk))
        except (ValueError, OverflowError):
            return None


def page_of(
    tickets: QuerySet[Ticket], user: User, after: Place | None, size: int = PAGE_SIZE
) -> tuple[list[Ticket], Place | None]:
    """`size` tickets after `after`, and where the next page begins (None at the end).

    Two subselects instead of one sort by two columns: each follows an index however many are open.
    """
    firsts = [True, False] if after is None or after.expedited else [False]
    parts = []
    for expedited in firsts:
        part = tickets.filter(expedited=expedited)
        if after is not None and after.expedited == expedited:
            part = part.filter(_behind(after))
        parts.append(_shown(part, user)[: size + 1])
    rows: list[Ticket] = list(chain.from_iterable(read_together(*parts)))
    more = Place.of(rows[size - 1]) if len(rows) > size else None
    return rows[:size], more


def _behind(place: Place) -> Q:
    same_due = Q(next_due_at=place.due_at) if place.due_at else Q(next_due_at__isnull=True)
    behind = same_due & Q(pk__gt=place.pk)
    if place.due_at:
        behind |= Q(next_due_at__gt=place.due_at) | Q(next_due_at__isnull=True)
    return behind


SHOWN = (
    *("number", "version", "state", "priority", "category", "expedited", "subject", "channel"),
    *("tier", "order_number", "received_at", "waiting_for_customer_since", "held_until"),
    *("next_due_at", "next_due_kind", "next_due_from"),
    *("customer__name", "assignee__full_name", "assignee__email"),
    *("team__code", "team__name_id", "team__name_en"),
)


def _shown(tickets: QuerySet[Ticket], user: User) -> QuerySet[Ticket]:
    """In order, with what a row shows and whether there is news for the reader."""
    news = Notice.objects.filter(ticket=OuterRef("pk"), recipient=user, read_at__isnull=True)
    return (
        tickets.select_related("customer", "assignee", "team")
        .only(*SHOWN)
        .annotate(unread=Exists(news))
        .order_by(F("next_due_at").asc(nulls_last=True), "pk")
    )


def rows_by_id(ids: Iterable[int], user: User) -> list[Ticket]:
    """Rows for tickets already known to be visible, e.g. those of a page shown before."""
    return list(_shown(Ticket.objects.filter(pk__in=list(ids)), user))
