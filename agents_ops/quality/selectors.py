"""The funnel to reviews and coaching notes: what is not for the reader is as if it never was."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from agents_ops.models import CoachingNote, QaMark, QaReview, QaSample
from agents_ops.quality.scope import leads_officer, led_teams, scope_of
from agents_ops.quality.states import ReviewState
from people.actors import Actor
from people.models import User
from people.selectors import desk_person


def reviews_for(actor: Actor) -> QuerySet[QaReview]:
    """One's own once they are told; besides, for who leads or manages, those of others."""
    rows = QaReview.objects.select_related(
        "ticket", "officer", "team", "rules", "reviewer", "settled_by", "closing"
    )
    user = actor.user
    if user is None or not user.is_active:
        return rows.none()
    own = Q(officer=user) & ~Q(state=ReviewState.OPEN)
    if not actor.at_desk:
        own = Q(pk__in=[])
    if not (actor.may("review_quality") or actor.may("see_all_quality")):
        return rows.filter(own)
    return rows.filter(own | (scope_of(actor).where("officer", "team") & ~Q(officer=user)))


def review_for_actor_or_404(actor: Actor, pk: int) -> QaReview:
    found = reviews_for(actor).filter(pk=pk).first()
    if found is None:
        raise Http404("review")
    return found


def may_review(actor: Actor, review: QaReview) -> bool:
    """Whether the actor may fill and settle it: never one's own."""
    user = actor.user
    if user is None or user.pk == review.officer_id or not actor.may("review_quality"):
        return False
    return actor.may("see_all_quality") or review.team_id in led_teams(user)


def marks_of(review: QaReview) -> dict[int, list[QaMark]]:
    """By round, the first one first."""
    found: dict[int, list[QaMark]] = {}
    rows = review.marks.select_related("message__author", "event").order_by("round", "id")
    for mark in rows:
        found.setdefault(mark.round, []).append(mark)
    return found


def samples_for(actor: Actor) -> QuerySet[QaSample]:
    """Draws in which the actor may see a review."""
    return QaSample.objects.filter(reviews__in=reviews_for(actor)).distinct()


def officer_for_actor_or_404(actor: Actor, pk: int) -> User:
    """Somebody whose quality the actor may look at: oneself, or of whom one leads."""
    officer = desk_person(pk)
    if officer is None:
        raise Http404("person")
    if actor.user is not None and actor.user.pk == pk:
        return officer
    if actor.may("see_all_quality") or leads_officer(actor, officer):
        return officer
    raise Http404("person")


def notes_for(actor: Actor) -> QuerySet[CoachingNote]:
    """Those to oneself and by oneself, and those to whom one leads."""
    rows = CoachingNote.objects.select_related("officer", "author", "review__ticket")
    user = actor.user
    if user is None or not user.is_active:
        return rows.none()
    if actor.may("see_all_quality"):
        return rows
    mine = Q(officer=user) | Q(author=user)
    if actor.may("review_quality"):
        mine |= Q(officer__memberships__team__in=led_teams(user)) & ~Q(officer=user)
    return rows.filter(mine).distinct()


def waiting_for(actor: Actor) -> int:
    """How many reviews may be answered and notes are unread; a number for the menu."""
    user = actor.user
    if user is None or not actor.at_desk:
        return 0
    told = QaReview.objects.filter(officer=user, state=ReviewState.TOLD).count()
    return told + CoachingNote.objects.filter(officer=user, read_at=None).count()
