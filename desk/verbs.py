"""The desk's verbs: which form each reads and which service it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from desk import forms
from escalation.models import Escalation
from escalation.services import (
    accept_escalation,
    decline_escalation,
    report_progress,
    return_escalation,
    verify_escalation,
)
from helpdesk.common.errors import WrongState
from people.actors import Actor
from tickets.models import Ticket
from tickets.services import (
    add_internal_note,
    ask_confirmation,
    assign_ticket,
    close_ticket,
    handle_ticket,
    reclassify_ticket,
    reopen_ticket,
    reply_to_customer,
)

Data = dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """`icon`, `label` and `key` are what its button shows; `done` is said afterwards."""

    name: str
    form: type[forms.TicketForm]
    run: Callable[[Actor, Ticket, Data], Any]
    label: Any
    done: Any
    icon: str = "edit"
    key: str = ""
    asks: bool = True  # opens a dialog; else one press does it

    def make_form(self, ticket: Ticket, actor: Actor, *data: Any) -> forms.TicketForm:
        return self.form(*data, ticket=ticket, actor=actor, prefix_id=self.name)


def _on(actor: Actor, ticket: Ticket, data: Data) -> Data:
    return {"actor": actor, "ticket_id": ticket.pk, "expected_version": data.get("version")}


def _reply(actor: Actor, ticket: Ticket, data: Data) -> Any:
    # Two answers that cross would contradict each other: the second writer looks first.
    return reply_to_customer(
        **_on(actor, ticket, data),
        body=data["body"],
        files=data["files"],
        wait_for_customer=data["waiting"],
        submission_key=_key(actor, data),
    )


def _note(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return add_internal_note(
        actor=actor,
        ticket_id=ticket.pk,
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


def _decline(actor: Actor, ticket: Ticket, data: Data) -> Any:
    return decline_escalation(
        actor=actor,
        escalation_id=_requested(ticket),
        reason=data["reason"],
        expected_version=data.get("version"),
    )


def _accept(actor: Actor, ticket: Ticket, data: Data) -> Any:
    follow_up = data["follow_up_at"]
    return accept_escalation(**_on(actor, ticket, data), plan=data["plan"], follow_up_at=follow_up)


def _progress(actor: Actor, ticket: Ticket, data: Data) -> Any:
    follow_up = data["follow_up_at"]
    return report_progress(
        **_on(actor, ticket, data), report=data["report"], follow_up_at=follow_up
    )


def _reclassify(actor: Actor, ticket: Ticket, data: Data) -> Any:
    words = {name: data[name] for name in ("category", "priority", "queue", "reason")}
    return reclassify_ticket(**_on(actor, ticket, data), **words)


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
    Verb("reply", forms.ReplyForm, _reply, _("Reply"), _("Reply sent"), icon="send"),
    Verb("note", forms.ReplyForm, _note, _("Internal note"), _("Note saved"), icon="lock"),
    Verb(
        "reclassify",
        forms.ReclassifyForm,
        _reclassify,
        _("Change classification"),
        _("Classification changed"),
        icon="filter",
    ),
    Verb(
        "verify",
        forms.VerifyForm,
        _verify,
        _("Verify and send"),
        _("Verified: the ticket is with the team"),
        icon="done",
    ),
    Verb(
        "decline",
        forms.ReasonForm,
        _decline,
        _("Decline the escalation"),
        _("Escalation declined"),
        icon="x",
    ),
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
    ),
    Verb(
        "return",
        forms.ReasonForm,
        lambda a, t, d: return_escalation(**_on(a, t, d), reason=d["reason"]),
        _("Return to CS"),
        _("Returned to CS"),
        icon="undo",
    ),
    Verb(
        "confirm",
        forms.ConfirmForm,
        lambda a, t, d: ask_confirmation(**_on(a, t, d), **_closing_form(d)),
        _("Ask the customer to confirm"),
        _("The customer was asked to confirm"),
        icon="pause",
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
    ),
)
VERBS: dict[str, Verb] = {verb.name: verb for verb in _ALL}
