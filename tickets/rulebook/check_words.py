"""Whether the words of concepts can be read, and by which rules they are needed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bahasa.phrases import PatternError, PhraseBook
from helpdesk.common.drafting import Problem
from helpdesk.common.wording import gettext as _
from tickets.rulebook.known import Body

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_PATTERNS, LONGEST_PATTERN = 400, 2_000


def check_concepts(body: Body) -> Iterator[Problem]:
    """Each pattern at `concepts.NAME.PLACE`, the place counted from 0."""
    lists = body.get("lists", {})
    for name, patterns in body["concepts"].items():
        path = f"concepts.{name}"
        if not NAME.fullmatch(name):
            words = _("A name has small letters, digits and underscores, at most 40.")
            yield Problem(path, words)
        if not patterns:
            yield Problem(path, _("Write at least one pattern."))
        if len(patterns) > MOST_PATTERNS:
            yield Problem(path, _("At most %(most)s patterns.") % {"most": MOST_PATTERNS})
            continue
        if not _readable(patterns, lists) or len(set(patterns)) < len(patterns):
            yield from _each(path, patterns, lists)
        elif any(len(pattern) > LONGEST_PATTERN for pattern in patterns):
            words = _("At most %(most)s characters in a pattern.") % {"most": LONGEST_PATTERN}
            yield Problem(path, words)


def _each(path: str, patterns: list[str], lists: Body) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for place, pattern in enumerate(patterns):
        named = {"line": place + 1, "pattern": pattern}
        if pattern in seen:
            words = _("Line %(line)s repeats line %(first)s: %(pattern)s")
            yield Problem(f"{path}.{place}", words % {**named, "first": seen[pattern]})
            continue
        seen[pattern] = place + 1
        if not _readable([pattern], lists):
            words = _(
                "Line %(line)s cannot be read: %(pattern)s. A pattern begins and ends with a word;"
                " see the signs beside the field."
            )
            yield Problem(f"{path}.{place}", words % named)


def _readable(patterns: list[str], lists: Body) -> bool:
    try:
        PhraseBook({"words": patterns}, lists)
    except PatternError:
        return False
    return True
