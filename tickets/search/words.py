"""The table of words: how common each is, what begins so, and which one was meant."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from bahasa.typos import closest, slips_allowed
from tickets.models import SearchWord
from tickets.search.synonyms import synonyms_in_force

SHORTEST_BEGINNING = 3
MOST_ENDINGS = 8
MOST_MEANT = 30
# A word in fewer tickets than this may itself be a slip.
RARE = 3
# What a slip was made of is far commoner than the slips of others.
FAR_COMMONER = 50


def seen(words: Iterable[str]) -> dict[str, int]:
    """In about how many tickets each known word stands; of unknown ones, nothing."""
    rows = SearchWord.objects.filter(word__in=set(words))
    return dict(rows.values_list("word", "seen"))


def endings_of(beginning: str) -> dict[str, int]:
    """The commonest words that begin so."""
    if len(beginning) < SHORTEST_BEGINNING or not beginning.isascii() or not beginning.isalpha():
        return {}
    rows = SearchWord.objects.filter(word__startswith=beginning).order_by("-seen", "word")
    return dict(rows.values_list("word", "seen")[:MOST_ENDINGS])


def meant_by(word: str) -> str | None:
    """The common word that this one is a slip of; None when there is none near enough."""
    vocabulary = synonyms_in_force().vocabulary
    if not slips_allowed(word) or word in vocabulary:
        return None
    with connection.cursor() as cursor:
        # The operator, not the function: only it asks the index of letters.
        cursor.execute(
            "SELECT word, seen FROM tickets_searchword WHERE word %% %s"
            " ORDER BY similarity(word, %s) DESC, seen DESC LIMIT %s",
            [word, word, MOST_MEANT],
        )
        near: list[tuple[str, int]] = cursor.fetchall()
    # What stands in no ticket may still mean what does.
    near += [(other, 0) for other in vocabulary]
    within = [(other, n) for other, n in near if closest(word, [(other, n)])]
    commonest = max((n for _other, n in within), default=0)
    return closest(
        word, [(other, n) for other, n in within if n == 0 or n * FAR_COMMONER >= commonest]
    )
