"""Which macros somebody may use, and how often each was used."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from helpdesk.common import clock
from people.actors import Actor
from tickets.models import Macro

USED_WITHIN = timedelta(days=30)


def macros_for(actor: Actor) -> QuerySet[Macro]:
    """One's own, those of one's teams and everybody's; of all teams for those who see all tickets.

    `used` counts the last 30 days. Those of a person are that person's alone.
    """
    user = actor.user
    live = Macro.objects.filter(archived_at=None)
    if user is None or not actor.may("work_ticket"):
        return live.none()
    shared = Q(owner=None)
    if not actor.may("see_all_tickets"):
        shared &= Q(team=None) | Q(team_id__in=user.team_ids)
    recent = Q(uses__at__gte=clock.for_display() - USED_WITHIN)
    found = live.filter(shared | Q(owner=user)).select_related("team", "owner", "changed_by")
    return found.annotate(used=Count("uses", filter=recent)).order_by("-used", "name", "pk")


def macro_for_actor_or_404(actor: Actor, pk: int) -> Macro:
    macro = macros_for(actor).filter(pk=pk).first()
    if macro is None:
        raise Http404("macro")
    return macro


def may_change(actor: Actor, macro: Macro) -> bool:
    """One's own; a team's for its leads; everybody's for those who edit rules."""
    return may_keep(actor, team_id=macro.team_id, owner_id=macro.owner_id)


def may_keep(actor: Actor, *, team_id: int | None, owner_id: int | None) -> bool:
    if not actor.may("work_ticket") or actor.user is None:
        return False
    if owner_id is not None:
        return owner_id == actor.user.pk
    if team_id is None:
        return actor.may("edit_rules")
    return actor.may("direct_work") and (actor.may("see_all_tickets") or actor.belongs_to(team_id))


def scope_of(macro: Macro) -> str:
    """`own`, `all`, or the code of the team; in the words of `MacroDraft`."""
    if macro.owner_id is not None:
        return "own"
    return macro.team.code if macro.team else "all"
