"""Keeping, changing, ordering and dropping views of the queue."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from desk.models import SavedView
from desk.saved_views import may_change, may_share, saved_view_or_404
from desk.view_filters import checked
from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, User
from people.selectors import team_of_code

LONGEST_NAME = 60
MOST_VIEWS = 50
Audience = SavedView.Audience


@transaction.atomic
def save_view(
    *,
    actor: Actor,
    name: str,
    body: Any,
    audience: str = Audience.PRIVATE,
    team_code: str = "",
) -> SavedView:
    """Keep a view under a name; sharing it is for leads. It stands last.

    Raises InvalidInput, NotAllowed, and Conflict `name_taken` for a second one of that name.
    """
    user = _locked(_at_desk(actor))
    now = clock.now()
    team = _team(audience, team_code)
    _require_share(actor, audience, team)
    if SavedView.objects.filter(owner=user).count() >= MOST_VIEWS:
        message = _("At most %(limit)s views are possible; delete one first.")
        raise InvalidInput(message % {"limit": MOST_VIEWS}, code="too_many_views")
    view = SavedView(owner=user, audience=audience, team=team, created_at=now, changed_at=now)
    view.name = _free_name(view, name)
    view.body = checked(body, now)
    view.position = len(_siblings(view))
    view.save()
    return view


@transaction.atomic
def change_view(
    *,
    actor: Actor,
    view_id: int,
    name: str | None = None,
    body: Any = None,
    audience: str | None = None,
    team_code: str = "",
) -> SavedView:
    """Change what is given; the rest stays. A view that changes its audience stands last there."""
    view = _changeable(actor, view_id)
    now = clock.now()
    if audience is not None:
        team = _team(audience, team_code)
        _require_share(actor, audience, team)
        if (view.audience, view.team_id) != (audience, team.pk if team else None):
            view.audience, view.team = audience, team
            view.position = len(_siblings(view))
    if name is not None:
        view.name = _free_name(view, name)
    if body is not None:
        view.body = checked(body, now)
    view.changed_at = now
    view.save()
    return view


@transaction.atomic
def place_view(*, actor: Actor, view_id: int, position: int) -> SavedView:
    """Put it at a place (0 is the first) among those of the same audience."""
    view = _changeable(actor, view_id)
    others = [other for other in _siblings(view) if other.pk != view.pk]
    others.insert(max(0, position), view)
    for place, other in enumerate(others):
        other.position = place
    SavedView.objects.bulk_update(others, ["position"])
    return view


@transaction.atomic
def delete_view(*, actor: Actor, view_id: int) -> None:
    """Drop it; a second time it is as if there were none."""
    _changeable(actor, view_id).delete()


def _at_desk(actor: Actor) -> User:
    user = actor.user
    if user is None or not (user.works_at_desk or user.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    return user


def _locked(user: User) -> User:
    """So that two requests of one person neither pass the limit nor take the same name."""
    User.objects.select_for_update(of=("self",)).only("pk").get(pk=user.pk)
    return user


def _changeable(actor: Actor, view_id: int) -> SavedView:
    _at_desk(actor)
    view = saved_view_or_404(actor, view_id)
    _locked(view.owner)
    view = saved_view_or_404(actor, view_id)
    if not may_change(actor, view):
        raise NotAllowed(_("This view is shared; whoever leads the team changes it."))
    return view


def _require_share(actor: Actor, audience: str, team: Team | None) -> None:
    if not may_share(actor, audience, team):
        raise NotAllowed(_("Sharing a view is for those who lead the team."))


def _team(audience: str, code: str) -> Team | None:
    if audience not in Audience.values:
        message = _("This value is not known.")
        raise InvalidInput(message, code="unknown_audience", fields={"audience": message})
    if audience != Audience.TEAM:
        return None
    team = team_of_code(code[:40])
    if team is None:
        message = _("Choose a team.")
        raise InvalidInput(message, code="unknown_team", fields={"team": message})
    return team


def _free_name(view: SavedView, name: str) -> str:
    name = " ".join(clean_text(name, field="name", max_length=LONGEST_NAME).split())
    if not name:
        message = _("Give the view a name.")
        raise InvalidInput(message, code="empty", fields={"name": message})
    others = SavedView.objects.filter(owner_id=view.owner_id, name__iexact=name)
    if others.exclude(pk=view.pk).exists():
        message = _("There is a view of this name already.")
        raise Conflict(message, code="name_taken", fields={"name": message})
    return name


def _siblings(view: SavedView) -> list[SavedView]:
    """Those among which it has its place: of the same audience, private ones of one person."""
    same = SavedView.objects.filter(audience=view.audience, team=view.team)
    if not view.is_shared:
        same = same.filter(owner_id=view.owner_id)
    return list(same.select_for_update(of=("self",)).order_by("position", "id"))
