"""Changing the escalation matrix: one part at a time, checked whole, published as a new version."""

from __future__ import annotations

from typing import Any

from escalation.matrix_check import Known, check_matrix
from escalation.models import EscalationMatrix, Signal
from helpdesk.common.errors import InvalidInput
from helpdesk.common.text import clean_text
from helpdesk.common.versioned import digest_of
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, Tier
from tickets.catalogue import categories
from tickets.states import Channel, Priority, Reporter

MAX_NOTE = 200
Body = dict[str, Any]


def known_words() -> Known:
    """What a matrix may name today."""
    kinds = dict(Team.objects.values_list("code", "kind"))
    return Known(
        teams=[code for code, kind in kinds.items() if kind != Team.Kind.SQUAD],
        squads=[code for code, kind in kinds.items() if kind == Team.Kind.SQUAD],
        categories=list(categories()),
        words={
            "priority": Priority.values,
            "channel": Channel.values,
            "tier": Tier.values,
            "reporter": Reporter.values,
        },
        signals=Signal.Kind.values,
    )


def with_trigger(body: Body, code: str, row: dict[str, Any] | None) -> Body:
    """`body` with the trigger `code` replaced by `row` or removed (None); without a code, added."""
    rows = [row if each["code"] == code else each for each in body["triggers"]]
    if not code:
        rows.append(row)
    return {**body, "triggers": [each for each in rows if each is not None]}


def with_row(body: Body, category: str, row: dict[str, Any]) -> Body:
    return {**body, "rows": {**body["rows"], category: row}}


def with_form(body: Body, code: str, form: dict[str, str]) -> Body:
    return {**body, "forms": {**body["forms"], code: form}}


def look_at_matrix(*, actor: Actor, body: Body | None = None) -> EscalationMatrix:
    """The version in force, read anew, for whoever may edit it.

    Raises NotAllowed; InvalidInput where `body` may not take its place.
    """
    actor.require("edit_rules")
    if body is not None and (problems := problems_with(body)):
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    return EscalationMatrix.exactly_in_force()


def publish_matrix(
    *, actor: Actor, body: Body, note: str, base_version: int | None, seen: str
) -> EscalationMatrix:
    """Put `body` in force for what is recorded from now on; a note says why.

    Only what somebody looked at: `seen` is the preview's name for this very body. Raises NotAllowed,
    InvalidInput (a field for each problem, `not_looked_at`, or nothing would change), Conflict when
    another version than `base_version` is in force by now.
    """
    actor.require("edit_rules")
    words = clean_text(note, field="note", max_length=MAX_NOTE)
    if problems := problems_with(body, words):
        raise InvalidInput(_("Please mend the marked fields."), fields=problems)
    if seen != digest_of(body):
        message = _("Look at what changes, then publish.")
        raise InvalidInput(message, code="not_looked_at", fields={"seen": message})
    before = EscalationMatrix.objects.order_by("-version").values_list("version", flat=True).first()
    made = EscalationMatrix.publish(body, note=words, by=actor.user, base_version=base_version)
    if made.version == before:
        raise InvalidInput(_("Nothing would change."), code="no_change")
    return made


def problems_with(body: Body, note: str | None = None) -> dict[str, Any]:
    """By field ('triggers.dispute_age.team'), all at once; with a note, also whether it says why."""
    problems = {each.path: each.message for each in check_matrix(body, known_words())}
    if note is not None and not note.strip():
        problems["note"] = _("Write why, for those who read the history.")
    return problems
