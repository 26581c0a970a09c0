"""The verbs of a receiving team at the desk (a part of `desk.verbs`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desk import receiving_forms as forms
from desk.verb import Data, Verb, on
from escalation.services import (
    Ruling,
    accept_escalation,
    ask_freeze,
    ask_unfreeze,
    decide_freeze,
    decide_mediation,
    finish_follow_up,
    move_follow_up,
    move_target,
    plan_follow_up,
    record_hearing,
    release_relay,
    report_progress,
)
from people.actors import Actor
from tickets.models import Ticket


def _accept(actor: Actor, ticket: Ticket, data: Data) -> Any:
    names = ("plan", "target_at", "target_reason", "assignee", "follow_up_at")
    given = [name for name in names if name in data]  # a clock of the policy leaves no date to name
    return accept_escalation(**on(actor, ticket, data), **_only(data, *given))


def _progress(actor: Actor, ticket: Ticket, data: Data) -> Any:
    words = _only(data, "report", "follow_up_at")
    return report_progress(**on(actor, ticket, data), **words)


def _target(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return move_target(**on(actor, ticket, data), **_only(data, "target_at", "reason"))


def _plan(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return plan_follow_up(**on(actor, ticket, data), **_only(data, "what", "due_at", "owner"))


def _done(actor: Actor, ticket: Ticket, data: Data) -> Any:
    pk = data["follow_up"].pk
    return finish_follow_up(**on(actor, ticket, data), follow_up_id=pk, result=data["result"])


def _move(actor: Actor, ticket: Ticket, data: Data) -> Any:
    words = _only(data, "due_at", "reason")
    return move_follow_up(**on(actor, ticket, data), follow_up_id=data["follow_up"].pk, **words)


def _hearing(actor: Actor, ticket: Ticket, data: Data) -> Any:
    names = ("party", "notes", "silent", "heard_at")
    return record_hearing(**on(actor, ticket, data), **_only(data, *names))


def _decide(actor: Actor, ticket: Ticket, data: Data) -> Any:
    names = ("outcome", "amount_idr", "reasons_buyer", "reasons_seller")
    return decide_mediation(**on(actor, ticket, data), ruling=Ruling(**_only(data, *names)))


def _freeze(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return ask_freeze(**on(actor, ticket, data), **_only(data, "subject", "reference", "reason"))


def _unfreeze(actor: Actor, ticket: Ticket, data: Data) -> Any:
    pk = data["freeze"].pk
    return ask_unfreeze(**on(actor, ticket, data), freeze_id=pk, reason=data["reason"])


def _freeze_decide(actor: Actor, ticket: Ticket, data: Data) -> Any:
    pk = data["freeze"].pk
    words = _only(data, "approved", "reason")
    return decide_freeze(**on(actor, ticket, data), freeze_id=pk, **words)


def _relay(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return release_relay(**on(actor, ticket, data), text=data["text"])


def _only(data: Data, *names: str) -> Data:
    return {name: data[name] for name in names}


RECEIVING = (
    Verb(
        "accept",
        forms.AcceptForm,
        _accept,
        _("Accept and monitor"),
        _("Accepted: the team monitors this ticket"),
        icon="eye",
        key="a",
    ),
    Verb(
        "progress",
        forms.ProgressForm,
        _progress,
        _("Report progress"),
        _("Progress reported"),
        icon="edit",
        key="p",
    ),
    Verb(
        "target",
        forms.TargetForm,
        _target,
        _("Move the target"),
        _("Target of the team moved"),
        icon="clock",
        key="shift+j",
    ),
    Verb(
        "follow_up",
        forms.FollowUpForm,
        _plan,
        _("Plan a follow-up"),
        _("Follow-up planned"),
        icon="clock",
        key="f",
    ),
    Verb(
        "follow_up_done",
        forms.FollowUpDoneForm,
        _done,
        _("Finish a follow-up"),
        _("Follow-up done"),
        icon="done",
        key="shift+k",
    ),
    Verb(
        "follow_up_move",
        forms.FollowUpMoveForm,
        _move,
        _("Move a follow-up"),
        _("Follow-up moved"),
        icon="clock",
        key="shift+m",
    ),
    Verb(
        "hearing",
        forms.HearingForm,
        _hearing,
        _("Record a hearing"),
        _("Hearing recorded"),
        icon="chat",
        key="h",
    ),
    Verb(
        "decide",
        forms.DecideForm,
        _decide,
        _("Decide the mediation"),
        _("Decided: both sides get their letter"),
        icon="scale",
        key="d",
    ),
    Verb(
        "freeze",
        forms.FreezeForm,
        _freeze,
        _("Ask for a freeze"),
        _("Asked for: somebody else decides"),
        icon="ban",
        key="shift+l",
    ),
    Verb(
        "unfreeze",
        forms.UnfreezeForm,
        _unfreeze,
        _("Ask to lift a freeze"),
        _("Asked for: somebody else decides"),
        icon="undo",
        key="shift+u",
    ),
    Verb(
        "freeze_decide",
        forms.FreezeDecideForm,
        _freeze_decide,
        _("Decide a freeze"),
        _("Decision recorded"),
        icon="shield",
        key="shift+z",
    ),
    Verb(
        "relay",
        forms.RelayForm,
        _relay,
        _("Release words for the customer"),
        _("Released: the officer may tell it"),
        icon="send",
        key="shift+s",
    ),
)
