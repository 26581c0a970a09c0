"""Who decides what: members of the team that is asked, and those of the top team."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Now
from django.http import Http404

from agents_ops.models import ApprovalRequest
from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, TeamMembership
from tickets.models import Ticket
from tickets.selectors import visible_tickets

State = ApprovalRequest.State
RELATED = ("ticket__customer", "team", "asked_by", "decided_by", "run", "rules")


def may_decide(actor: Actor, request: ApprovalRequest) -> bool:
    """Whether the right and the team are the actor's; one's own request is another question."""
    if actor.user is None or not actor.may("decide_approval"):
        return False
    top = Team.objects.filter(code=request.rules.book.top_team).values_list("pk", flat=True)
    return bool(actor.user.team_ids & {request.team_id, *top})


def waiting_for(actor: Actor) -> QuerySet[ApprovalRequest]:
    """What the actor may decide now, the oldest first."""
    user = actor.user
    if user is None or not actor.may("decide_approval"):
        return ApprovalRequest.objects.none()
    # One statement: the menu asks on every page.
    top = KeyTextTransform("top_team", KeyTransform("approval", OuterRef("rules__body")))
    at_top = Exists(TeamMembership.objects.filter(user=user, team__code=top))
    mine = Q(team_id__in=user.team_ids) | Q(at_top)
    rows = ApprovalRequest.objects.filter(mine, state=State.PENDING, expires_at__gt=Now())
    return rows.exclude(asked_by=user).select_related(*RELATED).order_by("asked_at", "id")


def approvals_visible(actor: Actor) -> QuerySet[ApprovalRequest]:
    """Those of tickets that the actor may see; papers of the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    rows = ApprovalRequest.objects.filter(ticket__in=visible_tickets(actor))
    return rows.select_related(*RELATED)


def approvals_of(ticket: Ticket, *, actor: Actor) -> QuerySet[ApprovalRequest]:
    """The latest first; papers of the desk. Raises NotAllowed."""
    if not actor.at_desk:
        raise NotAllowed(_("Your role does not permit this."))
    return ticket.approvals.select_related(*RELATED).order_by("-id")


def approval_for_actor_or_404(actor: Actor, pk: int) -> ApprovalRequest:
    found = approvals_visible(actor).filter(pk=pk).first() if actor.at_desk else None
    if found is None:
        raise Http404("approval")
    return found
