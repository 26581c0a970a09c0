"""Rules are changed in a draft of one's own, and put in force as a new version: one way for all."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy

from helpdesk.common import clock
from helpdesk.common.errors import Conflict, InvalidInput, WrongState
from helpdesk.common.text import clean_text
from helpdesk.common.versioned import VersionedData
from helpdesk.common.wording import gettext as _

Body = dict[str, Any]
Change = Callable[[Body], None]
MAX_NOTE = 200


@dataclass(frozen=True)
class Problem:
    """Why rules are refused: `path` names their part, such as 'triggers.dispute_age.when.category', empty
    for the whole; `message` is a sentence in both languages."""

    path: str
    message: Any


class RuleDraft(models.Model):
    """Abstract: what one person (`author`, unique) is changing, before it is put in force.

    `base_version` is the version that it began from. `revision` counts its changes, so that two
    windows of the same person do not overwrite each other.
    """

    base_version = models.PositiveIntegerField(gettext_lazy("begun from version"))
    body = models.JSONField(gettext_lazy("rules"))
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        abstract = True


V = TypeVar("V", bound=VersionedData)
D = TypeVar("D", bound=RuleDraft)


@dataclass(frozen=True)
class Drafting(Generic[V, D]):
    """The verbs on one kind of rules. Every `person` was asked for their right by the caller.

    `require_sound` raises InvalidInput; `merge(base, mine, theirs)` brings changes onto a version.
    """

    versions: type[V]
    drafts: type[D]
    require_sound: Callable[[Body], None]
    merge: Callable[[Body, Body, Body], Body]

    def edit(self, person: Any, change: Change, revision: int | None = None) -> D:
        """Apply `change` to the body of the person's draft, begun from the version in force if new.

        `revision` is that of the draft which the person looked at; 0 for none yet. Raises Conflict.
        """
        with transaction.atomic():
            draft = self._locked(person)
            _require_revision(draft, revision)
            draft = draft or self._begin(person)
            before = deepcopy(draft.body)
            change(draft.body)
            if draft.pk and draft.body == before:
                return draft
            return _save(draft)

    def rebase(self, person: Any, revision: int | None = None) -> D:
        """Bring the draft's changes onto the version now in force."""
        with transaction.atomic():
            draft = self.required(person, revision)
            latest = self.latest()
            base = self._rows(self.versions).get(version=draft.base_version)
            draft.body = self.merge(base.body, draft.body, latest.body)
            draft.base_version = latest.version
            return _save(draft)

    def discard(self, person: Any, revision: int | None = None) -> None:
        with transaction.atomic():
            draft = self._locked(person)
            _require_revision(draft, revision)
            if draft is not None:
                draft.delete()

    def publish(self, person: Any, note: str, revision: int | None = None) -> V:
        """Put the draft in force.

        Raises InvalidInput (no note, or a problem in the rules), Conflict (another version came
        between), WrongState (no draft, or nothing changed).
        """
        note = required_note(note)
        with transaction.atomic():
            draft = self.required(person, revision)
            latest = self.latest()
            if latest.version != draft.base_version:
                raise Conflict(
                    _(
                        "Version %(version)s was put in force while you worked on your draft. "
                        "Bring your changes onto it, look at the difference, then publish."
                    )
                    % {"version": latest.version},
                    code="policy_moved_on",
                )
            self.require_sound(draft.body)
            made = self._publish(draft.body, note, person, draft.base_version)
            draft.delete()
        return made

    def roll_back(self, person: Any, version: int, note: str, seen: int) -> V:
        """Put an older version's rules in force again, as a new version.

        `seen` is the version in force that the person looked at. Raises as `publish` does.
        """
        note = required_note(note)
        with transaction.atomic():
            older = self._rows(self.versions).filter(version=version).first()
            if older is None:
                raise InvalidInput(_("There is no such version."), code="unknown_version")
            self.require_sound(older.body)
            return self._publish(older.body, note, person, seen)

    def latest(self) -> V:
        return self._rows(self.versions).order_by("-version")[0]

    def required(self, person: Any, revision: int | None = None) -> D:
        """The person's draft, locked. Raises WrongState (`no_draft`), Conflict."""
        draft = self._locked(person)
        if draft is None:
            raise WrongState(_("You have no draft any more."), code="no_draft")
        _require_revision(draft, revision)
        return draft

    def _publish(self, body: Body, note: str, person: Any, base_version: int) -> V:
        made = self.versions.publish(body, note=note, by=person, base_version=base_version)
        if made.version == base_version:
            raise WrongState(
                _("Nothing differs from the version in force."), code="nothing_changed"
            )
        return made

    def _locked(self, person: Any) -> D | None:
        drafts = self._rows(self.drafts).select_for_update()
        return drafts.filter(author=person).first()

    @staticmethod
    def _rows(model: Any) -> Any:
        """Known by an abstract parent alone, which has no rows of its own."""
        return model.objects

    def _begin(self, person: Any) -> D:
        latest = self.latest()
        made: Any = self.drafts
        draft: D = made(
            author=person, base_version=latest.version, body=deepcopy(latest.body), revision=0
        )
        return draft


def required_note(note: str) -> str:
    note = clean_text(note, field="note", max_length=MAX_NOTE)
    if not note:
        message = _("Say in one line what changes and why.")
        raise InvalidInput(message, code="note_needed", fields={"note": message})
    return note


def _require_revision(draft: RuleDraft | None, revision: int | None) -> None:
    if revision is not None and revision != (draft.revision if draft else 0):
        raise Conflict(_("Your draft was changed in another window. Look at it again."))


def _save(draft: D) -> D:
    draft.revision += 1
    draft.updated_at = clock.now()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:  # two windows began a draft at once
        raise Conflict(_("Your draft was changed in another window. Look at it again.")) from error
    return draft
