"""How far somebody came in the tour. Nothing else is written by it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from desk.keys.own import preferences_of
from desk.practice import FINISHED, RUNNING, SKIPPED, STEPS, TOUR, Tour
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User

LONGEST = 2_000


@transaction.atomic
def begin_tour(*, actor: Actor) -> Tour:
    """From the first step, also for a second time."""
    return _keep(_locked(actor), {"state": RUNNING, "done": []})


@transaction.atomic
def skip_tour(*, actor: Actor) -> Tour:
    """Not now: it is offered no more, and goes on from the account menu where it was left."""
    user = _locked(actor)
    return _keep(user, {**Tour(user).kept, "state": SKIPPED})


@transaction.atomic
def take_step(*, actor: Actor, step: str, words: str = "") -> Tour:
    """Note a step as done, with what was said in it. Twice is once; raises InvalidInput."""
    if step not in STEPS:
        raise InvalidInput(_("This step is not known."), code="unknown_step")
    user = _locked(actor)
    if step in ("reply", "note"):
        words = clean_text(words, field="body", max_length=LONGEST)
        if not words.strip():
            message = _("Write something first.")
            raise InvalidInput(message, code="empty", fields={"body": message})
    tour = Tour(user)
    done = [name for name in STEPS if name in tour.done or name in ("open", step)]
    kept: dict[str, Any] = {**tour.kept, "done": done}
    kept["state"] = FINISHED if len(done) == len(STEPS) else RUNNING
    return _keep(user, kept | ({step: words} if words else {}))


def _locked(actor: Actor) -> User:
    user = actor.user
    if user is None or not (user.works_at_desk or user.may("see_all_tickets")):
        raise NotAllowed(_("Your role does not permit this."))
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _keep(user: User, kept: dict[str, Any]) -> Tour:
    user.preferences = {**preferences_of(user), TOUR: kept}
    user.save(update_fields=["preferences"])
    return Tour(user)
