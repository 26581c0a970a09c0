"""The desk's verbs: which form each reads and which service it calls."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from desk import forms
from desk.facts_forms import CorrectForm, RedirectForm
from desk.joining_verbs import JOINING
from desk.receiving_verbs import RECEIVING
from desk.tag_forms import TagForm
from desk.verb import Data, Verb
from desk.verb import on as _on
from escalation.models import Escalation
from escalation.services import (
    decline_escalation,
    return_escalation,
    verify_escalation,
)
from helpdesk.common.errors import WrongState
from people.actors import Actor
from tickets.models import Ticket
from tickets.services import (
    Correction,
    Written,
    ask_confirmation,
    assign_ticket,
    close_ticket,
    correct_ticket,
    handle_ticket,
    hold_ticket,
    mark_no_reply_needed,
    mark_reply_needed,
    pull_forward,
    put_back,
    reclassify_ticket,
    release_ticket,
    reopen_ticket,
    send_note,
    send_reply,
    tag_ticket,
)


def _reply(actor: Actor, ticket: Ticket, data: Data) -> Any:
    """The box says whether it may be taken back; a page of before, or a plain form, sends at once."""
    written = Written(
        body=data["body"],
        files=data["files"],
        kept=data["kept"],
        waiting=data["waiting"],
        macro_id=data["macro"],
        submission_key=_key(actor, data),
        seen=data["seen"],
    )
    given = _on(actor, ticket, data)
    if written.seen is not None:
        # Two answers that cross would contradict each other: the second writer looks first. What
        # else changed meanwhile, a deadline say, is no reason to stop.
        given["expected_version"] = None
    undo = None if data["undo"] else 0
    return send_reply(written, **given, undo_seconds=undo, ends_draft=True)


def _note(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return send_note(
        actor=actor,
        ticket_id=ticket.pk,
        macro_id=data["macro"],
        body=data["body"],
        files=data["files"],
        submission_key=_key(actor, data),
    )


def _key(actor: Actor, data: Data) -> str:
    """Keys are scoped to the person, so that nobody can answer with another's message."""
    key = data.get("submission_key") or ""
    return f"{actor.user.pk if actor.user else 0}:{key}"[:64] if key else ""


def _requested(ticket: Ticket) -> int:
    found = ticket.escalations.filter(state=Escalation.State.REQUESTED).first()
    if found is None:
        raise WrongState(_("No escalation of this ticket is waiting for a supervisor."))
    return found.pk


def _verify(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return verify_escalation(
        actor=actor,
        escalation_id=_requested(ticket),
        reason=data["reason"],
        expected_version=data.get("version"),
    )


def _redirect(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return verify_escalation(
        actor=actor,
        escalation_id=_requested(ticket),
        to_team=data["to_team"],
        reason=data["reason"],
        expected_version=data.get("version"),
    )


def _decline(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return decline_escalation(
        actor=actor,
        escalation_id=_requested(ticket),
        reason=data["reason"],
        expected_version=data.get("version"),
    )


def _reclassify(actor: Actor, ticket: Ticket, data: Data) -> Any:
    words = {name: data[name] for name in ("category", "priority", "queue", "reason")}
    return reclassify_ticket(**_on(actor, ticket, data), **words)


def _correct(actor: Actor, ticket: Ticket, data: Data) -> Any:
    names = ("amount_idr", "order_number", "problem_since", "wanted_solution")
    facts = Correction(**{name: data[name] for name in names})
    return correct_ticket(**_on(actor, ticket, data), facts=facts, reason=data["reason"])


def _closing_form(data: Data) -> Data:
    return {"root_cause": data["root_cause"], "solution": data["solution"]}


_ALL = (
    Verb(
        "handle",
        forms.TicketForm,
        lambda a, t, d: handle_ticket(**_on(a, t, d)),
        _("Take and handle"),
        _("The ticket is yours"),
        icon="user",
        key="a",
        asks=False,
    ),
    Verb(
        "take",
        forms.TicketForm,
        lambda a, t, d: assign_ticket(**_on(a, t, d), assignee=a.user),  # type: ignore[arg-type]
        _("Take over"),
        _("The ticket is yours"),
        icon="user",
        key="a",
        asks=False,
    ),
    Verb(
        "assign",
        forms.AssignForm,
        lambda a, t, d: assign_ticket(**_on(a, t, d), assignee=d["assignee"]),
        _("Assign"),
        _("Assigned"),
        icon="users",
        key="t",
    ),
    Verb("reply", forms.ReplyForm, _reply, _("Reply"), _("Reply sent"), key="r", icon="send"),
    Verb("note", forms.ReplyForm, _note, _("Internal note"), _("Note saved"), key="n", icon="lock"),
    Verb(
        "reclassify",
        forms.ReclassifyForm,
        _reclassify,
        _("Change classification"),
        _("Classification changed"),
        icon="filter",
        key="i",
    ),
    Verb(
        "no_reply",
        forms.TicketForm,
        lambda a, t, d: mark_no_reply_needed(**_on(a, t, d)),
        _("No reply needed"),
        _("Noted: the customer's last words need no reply"),
        icon="done",
        key="shift+r",
        asks=False,
    ),
    Verb(
        "need_reply",
        forms.TicketForm,
        lambda a, t, d: mark_reply_needed(**_on(a, t, d)),
        _("A reply is needed after all"),
        _("Noted: the customer gets a reply"),
        icon="chat",
        key="shift+y",
        asks=False,
    ),
    Verb(
        "forward",
        forms.ReasonForm,
        lambda a, t, d: pull_forward(**_on(a, t, d), reason=d["reason"]),
        _("Pull forward"),
        _("Pulled to the head of its queue"),
        icon="bolt",
        key="shift+f",
    ),
    Verb(
        "put_back",
        forms.TicketForm,
        lambda a, t, d: put_back(**_on(a, t, d)),
        _("No longer first"),
        _("Back at its place in the queue"),
        icon="undo",
        key="shift+f",
        asks=False,
    ),
    Verb(
        "hold",
        forms.HoldForm,
        lambda a, t, d: hold_ticket(**_on(a, t, d), reason=d["reason"], until=d["until"]),
        _("Hold"),
        _("On hold"),
        icon="pause",
        key="shift+h",
    ),
    Verb(
        "release",
        forms.TicketForm,
        lambda a, t, d: release_ticket(**_on(a, t, d)),
        _("Take off hold"),
        _("Taken off hold"),
        icon="refresh",
        key="shift+h",
        asks=False,
    ),
    Verb(
        "correct",
        CorrectForm,
        _correct,
        _("Put facts right"),
        _("The facts are put right"),
        icon="edit",
        key="shift+i",
    ),
    Verb(
        "tag",
        TagForm,
        lambda a, t, d: tag_ticket(**_on(a, t, d), only=d["tags"]),
        _("Tags"),
        _("The tags are kept"),
        icon="hash",
        key="q",
    ),
    Verb(
        "verify",
        forms.VerifyForm,
        _verify,
        _("Verify and send"),
        _("Verified: the ticket is with the team"),
        icon="done",
        key="v",
    ),
    Verb(
        "redirect",
        RedirectForm,
        _redirect,
        _("Send to another team"),
        _("Verified: the ticket is with the other team"),
        icon="split",
        key="shift+v",
    ),
    Verb(
        "decline",
        forms.ReasonForm,
        _decline,
        _("Send back with advice"),
        _("Sent back with your advice"),
        icon="undo",
        key="shift+d",
    ),
    *RECEIVING,
    Verb(
        "return",
        forms.ReasonForm,
        lambda a, t, d: return_escalation(**_on(a, t, d), reason=d["reason"]),
        _("Return to CS"),
        _("Returned to CS"),
        icon="undo",
        key="shift+b",
    ),
    *JOINING,
    Verb(
        "confirm",
        forms.ConfirmForm,
        lambda a, t, d: ask_confirmation(**_on(a, t, d), **_closing_form(d)),
        _("Ask the customer to confirm"),
        _("The customer was asked to confirm"),
        icon="pause",
        key="shift+c",
    ),
    Verb(
        "close",
        forms.CloseForm,
        lambda a, t, d: close_ticket(
            **_on(a, t, d), **_closing_form(d), confirmation=d["confirmation"]
        ),
        _("Close the ticket"),
        _("Ticket closed"),
        icon="done",
        key="c",
    ),
    Verb(
        "reopen",
        forms.ReasonForm,
        lambda a, t, d: reopen_ticket(**_on(a, t, d), reason=d["reason"]),
        _("Reopen"),
        _("Ticket reopened"),
        icon="refresh",
        key="shift+o",
    ),
)
VERBS: dict[str, Verb] = {verb.name: verb for verb in _ALL}
