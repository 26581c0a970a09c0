"""A policy is changed in a draft of one's own, and put in force as a new version."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import IntegrityError, transaction

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import User
from sla.models import PolicyDraft, SlaPolicy
from sla.policy_check import check_policy
from sla.policy_parts import merged
from sla.policy_reads import known_codes

Change = Callable[[dict[str, Any]], None]
MAX_NOTE = 200


def edit_draft(*, actor: Actor, change: Change, revision: int | None = None) -> PolicyDraft:
    """Apply `change` to the body of the actor's draft, begun from the version in force if new.

    `revision` is that of the draft which the actor looked at; 0 for none yet. Raises Conflict.
    """
    person = actor.require_person("edit_rules")
    with transaction.atomic():
        draft = _locked(person)
        _require_revision(draft, revision)
        draft = draft or _begin(person)
        before = deepcopy(draft.body)
        change(draft.body)
        if draft.pk and draft.body == before:
            return draft
        return _save(draft)


def rebase_draft(*, actor: Actor, revision: int | None = None) -> PolicyDraft:
    """Bring the draft's changes onto the version now in force."""
    person = actor.require_person("edit_rules")
    with transaction.atomic():
        draft = _required(person, revision)
        latest = _latest()
        base = SlaPolicy.objects.get(version=draft.base_version)
        draft.body = merged(base.body, draft.body, latest.body)
        draft.base_version = latest.version
        return _save(draft)


def discard_draft(*, actor: Actor, revision: int | None = None) -> None:
    person = actor.require_person("edit_rules")
    with transaction.atomic():
        draft = _locked(person)
        _require_revision(draft, revision)
        if draft is not None:
            draft.delete()


def publish_draft(*, actor: Actor, note: str, revision: int | None = None) -> SlaPolicy:
    """Put the draft in force for clocks that start from now on.

    Raises InvalidInput (no note, or a problem in the policy), Conflict (another version came
    between), WrongState (no draft, or nothing changed).
    """
    person = actor.require_person("edit_rules")
    note = _required_note(note)
    with transaction.atomic():
        draft = _required(person, revision)
        latest = _latest()
        if latest.version != draft.base_version:
            raise Conflict(
                _(
                    "Version %(version)s was put in force while you worked on your draft. "
                    "Bring your changes onto it, look at the difference, then publish."
                )
                % {"version": latest.version},
                code="policy_moved_on",
            )
        require_sound(draft.body)
        made = _publish(draft.body, note=note, by=person, base_version=draft.base_version)
        draft.delete()
    return made


def roll_back(*, actor: Actor, version: int, note: str, seen: int) -> SlaPolicy:
    """Put an older version's rules in force again, as a new version.

    `seen` is the version in force that the actor looked at. Raises as `publish_draft` does.
    """
    person = actor.require_person("edit_rules")
    note = _required_note(note)
    with transaction.atomic():
        older = SlaPolicy.objects.filter(version=version).first()
        if older is None:
            raise InvalidInput(_("There is no such version."), code="unknown_version")
        require_sound(older.body)
        return _publish(older.body, note=note, by=person, base_version=seen)


def require_sound(body: dict[str, Any]) -> None:
    """Raises InvalidInput with each problem at its path."""
    if problems := check_policy(body, known_codes()):
        raise InvalidInput(
            _("The policy has problems. Mend them before it is put in force."),
            code="policy_unsound",
            fields={problem.path: problem.message for problem in problems},
        )


def _publish(body: dict[str, Any], *, note: str, by: User, base_version: int) -> SlaPolicy:
    made = SlaPolicy.publish(body, note=note, by=by, base_version=base_version)
    if made.version == base_version:
        raise WrongState(_("Nothing differs from the version in force."), code="nothing_changed")
    return made


def _latest() -> SlaPolicy:
    return SlaPolicy.objects.order_by("-version")[0]


def _locked(person: User) -> PolicyDraft | None:
    return PolicyDraft.objects.select_for_update().filter(author=person).first()


def _begin(person: User) -> PolicyDraft:
    latest = _latest()
    return PolicyDraft(
        author=person, base_version=latest.version, body=deepcopy(latest.body), revision=0
    )


def _required(person: User, revision: int | None) -> PolicyDraft:
    draft = _locked(person)
    if draft is None:
        raise WrongState(_("You have no draft any more."), code="no_draft")
    _require_revision(draft, revision)
    return draft


def _require_revision(draft: PolicyDraft | None, revision: int | None) -> None:
    if revision is not None and revision != (draft.revision if draft else 0):
        raise Conflict(_("Your draft was changed in another window. Look at it again."))


def _save(draft: PolicyDraft) -> PolicyDraft:
    draft.revision += 1
    draft.updated_at = clock.now()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:  # two windows began a draft at once
        raise Conflict(_("Your draft was changed in another window. Look at it again.")) from error
    return draft


def _required_note(note: str) -> str:
    note = clean_text(note, field="note", max_length=MAX_NOTE)
    if not note:
        message = _("Say in one line what changes and why.")
        raise InvalidInput(message, code="note_needed", fields={"note": message})
    return note
