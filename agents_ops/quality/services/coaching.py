"""Coaching notes: words to an officer about their work."""

from __future__ import annotations

from django.db import transaction

from agents_ops.models import CoachingNote
from agents_ops.quality.scope import leads_officer
from agents_ops.quality.selectors import officer_for_actor_or_404, review_for_actor_or_404
from helpdesk.common import clock
from helpdesk.common.errors import InvalidInput, NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.services import clean_words

MOST_WORDS = 4000


@transaction.atomic
def write_coaching_note(
    *, actor: Actor, officer_id: int, text: str, review_id: int | None = None
) -> CoachingNote:
    """To an officer whom the actor leads, perhaps about a review of theirs that was told.

    Raises Http404 for whom the actor may not see, NotAllowed (oneself, no lead), InvalidInput.
    """
    officer = officer_for_actor_or_404(actor, officer_id)
    person = actor.require_person("review_quality")
    if not leads_officer(actor, officer):
        raise NotAllowed(_("Notes are written by those who lead the officer."))
    words = clean_words(text, field="text", max_length=MOST_WORDS)
    if not words:
        message = _("Write a few words.")
        raise InvalidInput(message, code="words_needed", fields={"text": message})
    review = None if review_id is None else review_for_actor_or_404(actor, review_id)
    if review is not None and (review.officer_id != officer.pk or review.told_at is None):
        message = _("This is no review of theirs that they know of.")
        raise InvalidInput(message, code="another_review", fields={"review": message})
    return CoachingNote.objects.create(
        officer=officer, author=person, review=review, text=words, at=clock.now()
    )


@transaction.atomic
def read_coaching_notes(*, actor: Actor) -> int:
    """The officer has their notes before them; how many were new."""
    unread = CoachingNote.objects.filter(officer=actor.user, read_at=None)
    return unread.update(read_at=clock.now())
