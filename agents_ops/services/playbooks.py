"""The playbooks are changed in a draft of one's own, and put in force as a new version.

A run keeps the version that it began with; a new version guides the runs that begin from then on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents_ops.models import PlaybookDraft, PlaybookSet
from agents_ops.playbook.merging import merged
from agents_ops.selectors import known_words, problems_of
from agents_ops.states import StepKind
from helpdesk.common.drafting import Change, Drafting
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor

Body = dict[str, Any]


def edit_playbook_draft(
    *, actor: Actor, change: Change, revision: int | None = None
) -> PlaybookDraft:
    """Change the actor's draft, begun from the version in force if new. Raises as `Drafting`."""
    return _PLAYBOOKS.edit(actor.require_person("edit_rules"), change, revision)


def rebase_playbook_draft(*, actor: Actor, revision: int | None = None) -> PlaybookDraft:
    """Bring the draft's changes onto the version now in force."""
    return _PLAYBOOKS.rebase(actor.require_person("edit_rules"), revision)


def discard_playbook_draft(*, actor: Actor, revision: int | None = None) -> None:
    _PLAYBOOKS.discard(actor.require_person("edit_rules"), revision)


def publish_playbook_draft(*, actor: Actor, note: str, revision: int | None = None) -> PlaybookSet:
    """Put the draft in force for the runs that begin from now on. Raises as `Drafting.publish`."""
    return _PLAYBOOKS.publish(actor.require_person("edit_rules"), note, revision)


def restore_playbooks(*, actor: Actor, version: int, note: str, seen: int) -> PlaybookSet:
    """Put an older version in force again, as a new one; `seen` is the one that the actor looked at."""
    return _PLAYBOOKS.roll_back(actor.require_person("edit_rules"), version, note, seen)


def load_playbooks(body: Body) -> PlaybookSet:
    """What the repository ships; its steps may be of kinds that nothing opens yet."""
    known = known_words()
    every = {kind: known.gates.get(kind, ()) for kind in StepKind.values}
    waiting = {(row["code"], kind) for row in body["playbooks"] for kind in every}
    _refuse(problems_of(body, replace(known, waiting=frozenset(waiting))))
    return PlaybookSet.load(body)


def require_sound(body: Body) -> None:
    """Raises InvalidInput with each problem at its path."""
    _refuse(problems_of(body))


def _refuse(problems: list[Any]) -> None:
    if problems:
        raise InvalidInput(
            _("The playbooks have problems. Mend them before they are put in force."),
            code="playbooks_unsound",
            fields={each.path or "playbooks": each.message for each in problems},
        )


_PLAYBOOKS = Drafting(PlaybookSet, PlaybookDraft, require_sound, merged)
