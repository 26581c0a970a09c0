"""The engine in words: what runs, what is overdue, what was given up and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.actors import Actor
from sla.engine import COUNT_UP_TO, engine_report, failed_mails, latest_repairs
from sla.models import Metric, Repair, Timer
from tickets.models import Ticket
from tickets.selectors import tickets_by_id

KINDS: dict[str, Any] = {
    "sla.confirmation": gettext_lazy("closing when a confirmation stays unanswered"),
    "sla.customer_silent": gettext_lazy("the customer's silence"),
    "sla.reopen_window": gettext_lazy("end of the reopen window"),
    "sla.hold_ends": gettext_lazy("end of a hold"),
    "sla.reply_leaves": gettext_lazy("a reply that may be taken back leaves"),
    "sla.assignment": gettext_lazy("automatic assignment"),
    "sla.canary": gettext_lazy("test timer"),
    "escalation.age": gettext_lazy("trigger of time"),
    "escalation.seller_silent": gettext_lazy("the seller's silence"),
    "escalation.dispute_age": gettext_lazy("age of the dispute"),
    "escalation.follow_up": gettext_lazy("follow-up of the team"),
    "escalation.follow_up_overdue": gettext_lazy("overdue follow-up"),
    "escalation.target_nears": gettext_lazy("target of the team nears"),
    "escalation.target_missed": gettext_lazy("missed target of the team"),
    "escalation.freeze_undecided": gettext_lazy("undecided freeze"),
    "agents_ops.supplier_due": gettext_lazy("complaint to a supplier"),
    "agents_ops.supplier_hard": gettext_lazy("hard complaint to a supplier"),
    "agents_ops.supplier_follow_up": gettext_lazy("asking a supplier again"),
    "agents_ops.step_nears": gettext_lazy("promise of a playbook's step nears"),
    "agents_ops.step_due": gettext_lazy("missed promise of a playbook's step"),
    "agents_ops.approval_expires": gettext_lazy("expiry of a request for approval"),
    "seller_chat.reply_warning": gettext_lazy("warning of a shop's 24 hours"),
    "seller_chat.reply_due": gettext_lazy("end of a shop's 24 hours"),
    "seller_chat.shop_silent": gettext_lazy("a shop's silence"),
    "seller_chat.points_expire": gettext_lazy("expiry of a shop's points"),
    "seller_chat.action_ends": gettext_lazy("end of a shop's restriction"),
    "seller_chat.appeal_due": gettext_lazy("deadline of an appeal"),
    "quality.answer_over": gettext_lazy("end of the time to answer a review"),
}
# What the engine itself writes when it gives up, as people say it.
REASONS: dict[str, Any] = {
    "the worker died at each attempt": gettext_lazy("the worker died at each attempt"),
}


@dataclass(frozen=True)
class TimerLine:
    """A timer in words; `ticket` is None where it is about something else."""

    timer: Timer
    kind: str
    ticket: Ticket | None
    reason: str
    error: str

    @property
    def late(self) -> float:
        """Seconds from due and known to fired."""
        return self.timer.engine_late(self.timer.fired_at) if self.timer.fired_at else 0.0


def engine_context(actor: Actor) -> dict[str, Any]:
    """The context of `desk/engine/live.html`. Raises NotAllowed."""
    state = engine_report(actor=actor)
    return {
        "engine": state,
        "count_up_to": COUNT_UP_TO,
        "parked": lines_of(state.parked),
        "late": lines_of(state.late),
        "failed_mails": failed_mails(actor=actor),
        "repairs": [(repair, capfirst(repaired(repair))) for repair in latest_repairs(actor=actor)],
    }


def lines_of(timers: Iterable[Timer]) -> list[TimerLine]:
    timers = list(timers)
    tickets = tickets_by_id(timer.subject_id for timer in timers if timer.subject_type == "ticket")
    return [
        TimerLine(
            timer=timer,
            kind=capfirst(kind_words(timer.kind)),
            ticket=tickets.get(timer.subject_id) if timer.subject_type == "ticket" else None,
            reason=_reason(timer.last_error),
            error="" if timer.last_error in REASONS else timer.last_error,
        )
        for timer in timers
    ]


def kind_words(kind: str) -> str:
    """A timer's kind for people; the code itself when it is none of ours."""
    metric = kind.removeprefix("sla.")
    if metric in Metric.values:
        return str(Metric(metric).label)
    return str(KINDS.get(kind, kind))


def repaired(repair: Repair) -> str:
    """What was set going again."""
    if repair.timer is not None:
        return kind_words(repair.timer.kind)
    return _("mail about %(number)s") % {"number": repair.mail.ticket.number if repair.mail else ""}


def _reason(error: str) -> str:
    return str(REASONS.get(error) or _("the program met an error"))
