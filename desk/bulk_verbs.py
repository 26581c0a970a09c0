"""What the desk may do to many tickets at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk.bulk_forms import (
    AssignManyForm,
    CloseManyForm,
    EscalateManyForm,
    HoldManyForm,
    ManyForm,
    ReasonManyForm,
    ReplyManyForm,
    TagManyForm,
)
from people.actors import Actor
from tickets.services import bulk_permission


@dataclass(frozen=True)
class ManyVerb:
    name: str
    label: Any
    icon: str
    form: type[ManyForm] = ManyForm
    hint: Any = ""


_ALL = (
    ManyVerb("assign", _("Assign"), "users", AssignManyForm),
    ManyVerb("tag", _("Tag"), "hash", TagManyForm),
    ManyVerb("untag", _("Remove tags"), "x", TagManyForm),
    ManyVerb(
        "reply",
        _("Reply"),
        "send",
        ReplyManyForm,
        _(
            "Each customer gets a message of their own. Where somebody wrote since, nothing is sent."
        ),
    ),
    ManyVerb("escalate", _("Escalate"), "up", EscalateManyForm),
    ManyVerb("close", _("Close the ticket"), "done", CloseManyForm),
    ManyVerb("pull_forward", _("Pull forward"), "bolt", ReasonManyForm),
    ManyVerb("put_back", _("No longer first"), "undo"),
    ManyVerb(
        "hold",
        _("Hold"),
        "pause",
        HoldManyForm,
        _("Only the desk sees the reason; the customer sees until when."),
    ),
    ManyVerb("release", _("Take off hold"), "refresh"),
)
MANY_VERBS: dict[str, ManyVerb] = {verb.name: verb for verb in _ALL}


def many_verbs(actor: Actor) -> list[ManyVerb]:
    """Those that this actor's role does not exclude."""
    return [verb for verb in _ALL if actor.may(bulk_permission(verb.name))]
