"""A policy is changed in a draft of one's own, and put in force as a new version."""

from __future__ import annotations

from typing import Any

from helpdesk.common.drafting import Change, Drafting
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from sla.models import PolicyDraft, SlaPolicy
from sla.policy_check import check_policy
from sla.policy_parts import merged
from sla.policy_reads import known_codes


def edit_draft(*, actor: Actor, change: Change, revision: int | None = None) -> PolicyDraft:
    """Change the actor's draft, begun from the version in force if new. Raises as `Drafting`."""
    return _POLICY.edit(actor.require_person("edit_rules"), change, revision)


def rebase_draft(*, actor: Actor, revision: int | None = None) -> PolicyDraft:
    """Bring the draft's changes onto the version now in force."""
    return _POLICY.rebase(actor.require_person("edit_rules"), revision)


def discard_draft(*, actor: Actor, revision: int | None = None) -> None:
    _POLICY.discard(actor.require_person("edit_rules"), revision)


def publish_draft(*, actor: Actor, note: str, revision: int | None = None) -> SlaPolicy:
    """Put the draft in force for clocks that start from now on. Raises as `Drafting.publish`."""
    return _POLICY.publish(actor.require_person("edit_rules"), note, revision)


def roll_back(*, actor: Actor, version: int, note: str, seen: int) -> SlaPolicy:
    """Put an older version's rules in force again, as a new version; `seen` is the one in force
    that the actor looked at."""
    return _POLICY.roll_back(actor.require_person("edit_rules"), version, note, seen)


def require_sound(body: dict[str, Any]) -> None:
    """Raises InvalidInput with each problem at its path."""
    if problems := check_policy(body, known_codes()):
        raise InvalidInput(
            _("The policy has problems. Mend them before it is put in force."),
            code="policy_unsound",
            fields={problem.path: problem.message for problem in problems},
        )


_POLICY = Drafting(SlaPolicy, PolicyDraft, require_sound, merged)
