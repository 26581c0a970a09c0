"""Reads of tags: what was typed as slugs, ids as labels, what a filter means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from people.actors import Actor
from tickets.models import Tag

LONGEST = 40
SUGGESTED = 200


def slug_of(text: str) -> str:
    """`Refund terlambat!` -> `refund-terlambat`; '' for what holds no letter and no digit."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^\w]+|_+", "-", plain).strip("-")[:LONGEST].strip("-")


def parts_of(typed: str) -> list[str]:
    """What stands between commas or line ends."""
    return [part.strip() for part in re.split(r"[,;\n]", typed) if part.strip()]


def tags_in_use(actor: Actor, beginning: str = "") -> QuerySet[Tag]:
    """The vocabulary without what was merged away; those that hold `beginning`. For the desk."""
    if not (actor.may("work_ticket") or actor.may("see_all_tickets")):
        return Tag.objects.none()
    tags = Tag.objects.filter(merged_into=None)
    slug = slug_of(beginning)
    return tags.filter(slug__contains=slug) if slug else tags


def tags_of_ids(ids: Sequence[int]) -> list[Tag]:
    """The tags that these ids stand for, each once, by slug; one query, none for none."""
    tags = {tag.pk: tag for tag in _meant(ids).values()}
    return sorted(tags.values(), key=lambda tag: tag.slug)


def labels_of_ids(ids: Iterable[int]) -> dict[int, str]:
    """What each id is called now."""
    return {pk: tag.label for pk, tag in _meant(ids).items()}


def slugs_of_ids(ids: Iterable[int]) -> dict[int, str]:
    return {pk: tag.slug for pk, tag in _meant(ids).items()}


def _meant(ids: Iterable[int]) -> dict[int, Tag]:
    """What each id stands for; one query, none for none."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = Tag.objects.filter(pk__in=wanted).select_related("merged_into")
    return {tag.pk: tag.merged_into or tag for tag in found}


def ids_of_slugs(slugs: Iterable[str]) -> list[int]:
    """Every id that stands for one of these: the tags and what was merged into them."""
    wanted = list(slugs)
    meant = Tag.objects.filter(slug__in=wanted).values_list("pk", "merged_into")
    roots = {merged or pk for pk, merged in meant}
    found = Tag.objects.filter(Q(pk__in=roots) | Q(merged_into__in=roots))
    return list(found.values_list("pk", flat=True))


def known_slugs() -> frozenset[str]:
    return frozenset(Tag.objects.values_list("slug", flat=True))
