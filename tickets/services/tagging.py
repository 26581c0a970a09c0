"""Tagging tickets, and keeping the vocabulary: renaming and merging tags."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from tickets.models import EventKind, Tag, Ticket
from tickets.services.bulk_orders import BulkVerb, Order, bulk_verb
from tickets.services.changes import (
    lock_ticket,
    record,
    require_unmerged,
    require_work_on,
    save_change,
)
from tickets.tag_reads import LONGEST, slug_of, tags_of_ids

MOST = 20
# A vocabulary, no free text: beyond it tags are merged before new ones are made.
MOST_KNOWN = 2_000
# Renaming and merging read what stands for what, and write it: one after the other.
_VOCABULARY = "change the vocabulary of tags"


@transaction.atomic
def tag_ticket(
    *,
    actor: Actor,
    ticket_id: int,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    only: Sequence[str] | None = None,
    expected_version: int | None = None,
) -> Ticket:
    """Add and remove tags, or let the ticket have `only` these; labels or slugs. New words are made.

    What is so already changes nothing. Also on a closed ticket, unless it was merged. Raises
    InvalidInput (too_many_tags, bad_tag, vocabulary_full), NotAllowed, WrongState, Conflict.
    """
    actor.require("work_ticket")
    wanted = _labels(add if only is None else only)
    unwanted = _meant_by({slug_of(text) for text in remove})
    ticket = lock_ticket(ticket_id, expected_version=expected_version)
    require_work_on(ticket, actor)
    require_unmerged(ticket)
    before = {tag.slug: tag for tag in tags_of_ids(ticket.tags)}
    kept = before if only is None else {}
    known = _known(wanted, actor)
    after = {slug: tag for slug, tag in {**kept, **known}.items() if slug not in unwanted}
    if len(after) > MOST:
        message = _("A ticket has at most %(number)s tags.") % {"number": MOST}
        raise InvalidInput(message, code="too_many_tags", fields={"tags": message})
    if after.keys() == before.keys():
        return ticket
    ticket.tags = sorted(tag.pk for tag in after.values())
    save_change(ticket, "tags")
    data = {
        "added": sorted(after[slug].pk for slug in after.keys() - before.keys()),
        "removed": sorted(before[slug].pk for slug in before.keys() - after.keys()),
    }
    record(ticket, actor=actor, kind=EventKind.TAGGED, data=data)
    return ticket


@transaction.atomic
def rename_tag(*, actor: Actor, slug: str, label: str) -> Tag:
    """Another label, and with it another slug; tickets and views keep meaning it by the old one too.

    One that was merged away is none any more. Raises InvalidInput (unknown_tag) and Conflict
    (name_taken: merge instead).
    """
    actor.require("direct_work")
    one_at_a_time(_VOCABULARY)
    tag = _one(slug)
    if tag.merged_into_id is not None:
        raise _unknown()
    ((new_slug, new_label),) = _labels([label]).items()
    before, tag.slug, tag.label = tag.slug, new_slug, new_label
    if before == new_slug:
        tag.save(update_fields=["label"])
        return tag
    former = Tag.objects.select_for_update().filter(slug=new_slug).first()
    if former is not None and former.merged_into_id != tag.pk:
        raise _taken()
    now = clock.now()
    old = former or Tag(merged_into=tag, made_by=actor.user, made_at=now)
    try:
        with transaction.atomic():
            if former is not None:
                # Its name comes free before it is taken.
                Tag.objects.filter(pk=former.pk).update(slug=f"={former.pk}")
            tag.save(update_fields=["slug", "label"])
            # The old word goes on as one that was merged, so that no view forgets what it meant.
            old.slug = old.label = before
            old.save()
    except IntegrityError as error:
        raise _taken() from error
    return tag


@transaction.atomic
def merge_tags(*, actor: Actor, slug: str, into: str) -> Tag:
    """From now on `slug` stands for `into`, on every ticket and in every view. Twice changes nothing."""
    actor.require("direct_work")
    one_at_a_time(_VOCABULARY)
    tag, target = _one(slug), _one(into)
    target = target.merged_into or target
    if (tag.merged_into or tag) == target:
        if tag == target:
            message = _("A tag cannot be merged into itself.")
            raise InvalidInput(message, code="same_tag", fields={"into": message})
        return target
    root = tag.merged_into or tag
    Tag.objects.filter(merged_into=root).update(merged_into=target)
    Tag.objects.filter(pk=root.pk).update(merged_into=target)
    return target


def _labels(typed: Sequence[str]) -> dict[str, str]:
    """Slug -> label as it is made if it is new."""
    found: dict[str, str] = {}
    for text in typed:
        label = " ".join(clean_text(text, field="tags", max_length=LONGEST).split())
        slug = slug_of(label)
        if not slug:
            message = _("A tag is a word of letters or digits.")
            raise InvalidInput(message, code="bad_tag", fields={"tags": message})
        found.setdefault(slug, label)
    return found


def _known(wanted: dict[str, str], actor: Actor) -> dict[str, Tag]:
    """What these words stand for, by slug; unknown ones are made, in one order for all."""
    there = set(Tag.objects.filter(slug__in=wanted).values_list("slug", flat=True))
    fresh = sorted(wanted.keys() - there)
    if fresh and Tag.objects.count() + len(fresh) > MOST_KNOWN:
        message = _("There are too many tags already. A supervisor can merge some.")
        raise InvalidInput(message, code="vocabulary_full", fields={"tags": message})
    now = clock.now()
    rows = [Tag(slug=slug, label=wanted[slug], made_by=actor.user, made_at=now) for slug in fresh]
    Tag.objects.bulk_create(rows, ignore_conflicts=True)
    ids = list(Tag.objects.filter(slug__in=wanted).values_list("pk", flat=True))
    return {tag.slug: tag for tag in tags_of_ids(ids)}


def tags_called(labels: Sequence[str], *, actor: Actor) -> list[int]:
    """The ids that stand for these words; new ones are made. Raises InvalidInput."""
    return sorted(tag.pk for tag in _known(_labels(labels), actor).values())


def _meant_by(slugs: set[str]) -> set[str]:
    """The slugs of the tags that these stand for."""
    ids = list(Tag.objects.filter(slug__in=slugs).values_list("pk", flat=True))
    return {tag.slug for tag in tags_of_ids(ids)}


def _one(slug: str) -> Tag:
    tag = Tag.objects.select_for_update(of=("self",)).filter(slug=slug_of(slug)).first()
    if tag is None:
        raise _unknown()
    return tag


def _unknown() -> InvalidInput:
    message = _("There is no such tag.")
    return InvalidInput(message, code="unknown_tag", fields={"tag": message})


def _taken() -> Conflict:
    message = _("There is a tag of this name already: merge them instead.")
    return Conflict(message, code="name_taken", fields={"label": message})


def _typed(order: Order) -> list[str]:
    return [str(text) for text in order.parts.get("tags") or ()]


def _check(_actor: Actor, order: Order) -> None:
    labels = _labels(_typed(order))
    if not labels:
        message = _("Give at least one tag.")
        raise InvalidInput(message, code="no_tag", fields={"tags": message})
    if len(labels) > MOST:
        message = _("A ticket has at most %(number)s tags.") % {"number": MOST}
        raise InvalidInput(message, code="too_many_tags", fields={"tags": message})


bulk_verb(
    "tag",
    BulkVerb(
        "work_ticket",
        lambda a, pk, o: tag_ticket(actor=a, ticket_id=pk, add=_typed(o)),
        _check,
    ),
)
bulk_verb(
    "untag",
    BulkVerb(
        "work_ticket",
        lambda a, pk, o: tag_ticket(actor=a, ticket_id=pk, remove=_typed(o)),
        _check,
    ),
)
