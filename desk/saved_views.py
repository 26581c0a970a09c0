"""Which saved views somebody has, and which tickets each of them shows to whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.http import Http404

from desk.models import SavedView
from desk.view_filters import condition
from people.actors import Actor, of_user
from people.models import Team, User
from tickets.models import Ticket
from tickets.selectors import visible_tickets

Audience = SavedView.Audience


def saved_views_of(user: User) -> QuerySet[SavedView]:
    """One's own, those of one's teams and those for everybody, in the order shown."""
    mine = Q(owner=user) | Q(audience=Audience.ALL)
    mine |= Q(audience=Audience.TEAM, team_id__in=user.team_ids)
    return SavedView.objects.filter(mine).select_related("owner", "team")


def saved_view_or_404(actor: Actor, view_id: int) -> SavedView:
    """The view if the actor has it; otherwise exactly as if there were none."""
    views = saved_views_of(actor.user) if actor.user else SavedView.objects.none()
    view = views.filter(pk=view_id).first()
    if view is None:
        raise Http404("view")
    return view


def tickets_in(view: SavedView, user: User, now: datetime) -> QuerySet[Ticket]:
    """Of the tickets that this reader may see anyway, those that the view is about."""
    return visible_tickets(of_user(user)).filter(condition(view.body, user, now))


def may_share(actor: Actor, audience: str, team: Team | None) -> bool:
    """Who leads a team shares with it; who directs work shares with any team and with all."""
    if audience == Audience.PRIVATE:
        return actor.user is not None
    leads = actor.user is not None and team is not None and team.code in actor.user.led_team_codes
    return actor.may("direct_work") or (audience == Audience.TEAM and leads)


def may_change(actor: Actor, view: SavedView) -> bool:
    if not view.is_shared:
        return actor.user is not None and view.owner_id == actor.user.pk
    return may_share(actor, view.audience, view.team)
