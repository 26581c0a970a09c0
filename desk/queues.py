"""The queue's views: which tickets each holds, how many, and a page of them by keyset.

Every view is one indexed filter over open tickets of teams that the reader may see, so no page
scans what is closed. Order: asked-for quick escalation first, then the nearest open promise.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from desk.models import SavedView
from desk.orders import DEADLINE, ORDERS, Order
from desk.queue_counts import Tallies, of_teams, own_tally
from desk.saved_views import saved_views_of, tickets_in
from desk.view_filters import COLUMNS, USUAL_COLUMNS
from escalation.models import Escalation
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.together import read_together
from people.actors import of_user
from people.models import Team, User, organisation
from sla.models import Clock
from sla.selectors import tickets_at_risk
from tickets.models import EventKind, Notice, Ticket, TicketEvent
from tickets.selectors import visible_tickets, watched_by
from tickets.states import OPEN_STATES, Priority, State

HOUR = timedelta(hours=1)
NOBODY = "none"
MakeView = Callable[..., "QueueView"]


@dataclass(frozen=True)
class QueueView:
    """`group`: mine, saved, shared, watch, team or hidden. `alarming` counts are shown in red.

    `holds` are its tickets at an instant. `tally` reads its count from the counters, where they
    know it. `key` says, with the code, all that `holds` depends on; None where that is too much.
    """

    code: str
    label: str
    icon: str
    group: str
    holds: Callable[[datetime], QuerySet[Ticket]]
    now: datetime
    key: Hashable
    alarming: bool = False
    tally: Callable[[Tallies], int] | None = None
    order: Order = DEADLINE
    columns: tuple[str, ...] = USUAL_COLUMNS
    saved: SavedView | None = None

    @cached_property
    def tickets(self) -> QuerySet[Ticket]:
        return self.holds(self.now)

    @property
    def slug(self) -> str:
        """Its code as a part of an element's id."""
        return self.code.replace(":", "-")


def views_for(user: User, now: datetime) -> list[QueueView]:
    """The views that this person has, in the order shown."""
    teams, saved = read_together(_teams_of(user), saved_views_of(user))
    team_ids = [team.pk for team in teams]
    own = partial(QueueView, now=now, key=(user.sight, tuple(team_ids)))
    return [
        *_own(own, user, team_ids),
        *(_of_saved(view, user, now) for view in saved),
        *_watched(own, user, team_ids),
        *(_of_team(own, team) for team in teams),
    ]


def _of_team(own: MakeView, team: Team) -> QueueView:
    return own(
        f"team:{team.code}",
        team.name,
        _icon_of(team),
        "team",
        lambda _now: _held_by([team.pk]),
        tally=of_teams("all", [team.pk]),
    )


def _of_saved(view: SavedView, user: User, now: datetime) -> QueueView:
    # Read with tolerance: what another version of ours wrote must not break the desk.
    columns = tuple(name for name in COLUMNS if name in view.body.get("columns", USUAL_COLUMNS))
    return QueueView(
        f"saved:{view.pk}",
        view.name,
        "users" if view.is_shared else "filter",
        "shared" if view.is_shared else "saved",
        lambda at: tickets_in(view, user, at),
        now=now,
        key=None,
        order=ORDERS.get(view.body.get("sort", ""), DEADLINE),
        columns=columns,
        saved=view,
    )


def view_or_404(views: Iterable[QueueView], code: str) -> QueueView:
    found = next((view for view in views if view.code == code), None)
    if found is None:
        raise Http404("view")
    return found


def _teams_of(user: User) -> QuerySet[Team]:
    """One's own teams; all of them for those who may see all tickets."""
    teams = Team.objects.all()
    return teams if user.may("see_all_tickets") else teams.filter(pk__in=user.team_ids)


def _held_by(teams: list[int]) -> QuerySet[Ticket]:
    return Ticket.objects.filter(state__in=OPEN_STATES, team_id__in=teams)


def _own(view: MakeView, user: User, teams: list[int]) -> list[QueueView]:
    return [
        view("mine", _("My queue"), "user", "mine", lambda _now: _of(user), tally=own_tally),
        view("mentioned", _("Mentioned"), "at", "mine", lambda _now: _asking_for(user)),
        view(
            "watched",
            _("Watched"),
            "eye",
            "mine",
            lambda _now: watched_by(user).filter(state__in=OPEN_STATES),
        ),
        view(
            "unassigned",
            _("Unassigned"),
            "inbox",
            "mine",
            lambda _now: _held_by(teams).filter(assignee=None),
            tally=of_teams("nobodys", teams),
        ),
        view(
            "expedited",
            organisation()["quick_code"],
            "bolt",
            "mine",
            lambda _now: _held_by(teams).filter(expedited=True),
        ),
        view(
            "waiting",
            _("Waiting for the customer"),
            "pause",
            "mine",
            lambda _now: _of(user).filter(waiting_for_customer_since__isnull=False),
        ),
        view(
            "escalated",
            _("Escalated from my teams"),
            "up",
            "mine",
            lambda _now: _sent_on_by(user),
        ),
    ]


def _of(user: User) -> QuerySet[Ticket]:
    return Ticket.objects.filter(state__in=OPEN_STATES, assignee=user)


def _asking_for(user: User) -> QuerySet[Ticket]:
    asked_for = Notice.objects.filter(recipient=user, mention=True).values("ticket_id")
    return visible_tickets(of_user(user)).filter(state__in=OPEN_STATES, pk__in=asked_for)


def _sent_on_by(user: User) -> QuerySet[Ticket]:
    return Ticket.objects.filter(
        state__in=[State.ESCALATED, State.MONITORED], home_team_id__in=user.team_ids
    ).exclude(team_id__in=user.team_ids)


def _watched(view: MakeView, user: User, teams: list[int]) -> list[QueueView]:
    views = [
        view(
            "held",
            _("On hold"),
            "pause",
            "watch",
            lambda _now: _held_by(teams).filter(held_until__isnull=False),
        ),
        view(
            "risk",
            _("At risk"),
            "t80",
            "watch",
            lambda now: _held_by(teams).filter(at_risk(now)),
            tally=of_teams("risk", teams),
        ),
        view(
            "late",
            _("Late"),
            "late",
            "watch",
            lambda now: _held_by(teams).filter(late(now)),
            alarming=True,
        ),
    ]
    if user.may("verify_escalation"):
        asked = Escalation.objects.filter(state=Escalation.State.REQUESTED).values("ticket_id")
        views.append(
            view(
                "verify",
                _("Waiting for verification"),
                "shield",
                "watch",
                lambda _now: _held_by(teams).filter(pk__in=asked),
            )
        )
    if user.may("see_all_tickets"):
        views.append(
            view(
                "all",
                _("All open tickets"),
                "inbox",
                "watch",
                lambda _now: _held_by(teams),
                tally=of_teams("all", teams),
            )
        )
        # Reached from the dashboard's figure, not from the list of views.
        views.append(view("today", _("Escalated today"), "up", "hidden", _escalated_on_the_day))
    return views


def _escalated_on_the_day(now: datetime) -> QuerySet[Ticket]:
    return Ticket.objects.filter(pk__in=escalations_of_the_day(now).values("ticket_id"))


def start_of_day(now: datetime) -> datetime:
    """Midnight in WIB."""
    return now.astimezone(WIB).replace(hour=0, minute=0, second=0, microsecond=0)


def escalations_of_the_day(now: datetime) -> QuerySet[TicketEvent]:
    """Each time that a ticket was sent to another team since midnight in WIB."""
    kinds = [EventKind.ESCALATED, EventKind.REDIRECTED]
    return TicketEvent.objects.filter(kind__in=kinds, at__gte=start_of_day(now))


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
    if officer == NOBODY:
        tickets = tickets.filter(assignee=None)
    elif officer.isdecimal() and len(officer) < 10:
        tickets = tickets.filter(assignee_id=int(officer))
    if hour := _hour_of(wanted.get("due", "")):
        tickets = tickets.filter(due_within(hour, clock.for_display()))
    return tickets


def due_within(hour: datetime, now: datetime) -> Q:
    """Their nearest deadline ahead falls in the hour that begins then, as the forecast counts it."""
    start, end = max(hour, now), hour + HOUR
    ahead = Clock.objects.filter(
        ticket=OuterRef("pk"), state=Clock.State.RUNNING, due_at__gte=now, due_at__lt=end
    )
    missed_one = Q(next_due_at__lt=now) & Exists(ahead) & ~Exists(ahead.filter(due_at__lt=start))
    return Q(next_due_at__gte=start, next_due_at__lt=end) | missed_one


def _hour_of(text: str) -> datetime | None:
    """`202611220615`, in UTC: the hour that begins then; None for anything else."""
    if len(text) != 12 or not text.isascii():
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
