"""What the editors of rules share: the draft beside the version in force, what changes, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from helpdesk.common.drafting import RuleDraft
from helpdesk.common.versioned import VersionedData

Body = dict[str, Any]
Version = TypeVar("Version", bound=VersionedData)
Draft = TypeVar("Draft", bound=RuleDraft)


@dataclass(frozen=True)
class Change:
    """`before` is empty for what is new, `after` for what goes; `path` is the part's key."""

    section: str
    before: str
    after: str
    path: tuple[str, ...]

    @property
    def kind(self) -> str:
        if not self.before:
            return "added"
        return "changed" if self.after else "removed"


@dataclass(frozen=True)
class PlacedProblem:
    """A problem with the address of the form that mends it."""

    message: Any
    url: str
    about: str


class Bench(Generic[Version, Draft]):
    """What an editor works on: the person's draft, or the version in force when there is none yet."""

    def __init__(self, in_force: Version, draft: Draft | None) -> None:
        self.in_force = in_force
        self.draft = draft

    @property
    def body(self) -> Body:
        body: Body = self.draft.body if self.draft else self.in_force.body
        return body

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0

    @property
    def moved_on(self) -> bool:
        """Another version was put in force since the draft was begun."""
        return self.draft is not None and self.draft.base_version != self.in_force.version


def lines_of_versions(
    rows: Sequence[Version], difference: Callable[[Body, Body], list[Change]], shown: int
) -> list[dict[str, Any]]:
    """Each of the first `shown` with what it changed against the one before, None where that one is not
    among `rows`."""
    older = {row.version: row for row in rows}
    return [
        {
            "version": row,
            "changes": difference(older[row.version - 1].body, row.body)
            if row.version - 1 in older
            else None,
        }
        for row in rows[:shown]
    ]
