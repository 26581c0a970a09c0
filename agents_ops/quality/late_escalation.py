"""Late escalation, as the record shows it: a mark to propose, where it is seen, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents_ops.models import QaReview, StepRecord
from escalation.models import Escalation
from helpdesk.common.durations import duration, wib_text
from helpdesk.common.wording import gettext as _
from sla.models import Metric
from tickets.models import EventKind, TicketEvent


@dataclass(frozen=True)
class Proposal:
    """`reason` in words, for the reviewer; nothing is marked before somebody takes it."""

    criterion: str
    mark: str
    event_id: int | None
    reason: str


def proposal_for(review: QaReview) -> Proposal | None:
    """The weightiest: a deadline that had to escalate by itself, else a step past its standard."""
    rule = review.rules.late_escalation
    found = _by_itself(review, rule) or _late_steps(review, rule)
    return next(iter(found), None)


def _by_itself(review: QaReview, rule: dict[str, Any]) -> list[Proposal]:
    """The ledger's lines of a missed deadline: nobody had escalated before."""
    lines = Escalation.objects.filter(
        ticket=review.ticket_id,
        origin=Escalation.Origin.BREACH,
        from_team=review.team_id,
        requested_at__lte=review.closing.at,
    )
    return [
        Proposal(rule["criterion"], rule["mark_automatic"], line.event_id, _passed(line))
        for line in lines.select_related("to_team").order_by("pk")
    ]


def _passed(line: Escalation) -> str:
    words = {
        "promise": Metric(line.metric).label if line.metric in Metric.values else "–",
        "at": wib_text(line.due_at or line.requested_at),
        "team": line.to_team.name,
        "number": line.reference,
    }
    return (
        _(
            "Nobody had escalated when '%(promise)s' was due at %(at)s: it went to %(team)s by itself "
            "(%(number)s)."
        )
        % words
    )


def _late_steps(review: QaReview, rule: dict[str, Any]) -> list[Proposal]:
    """Steps of the officer that escalate or complain, done later than the playbook allows."""
    records = StepRecord.objects.filter(
        run__ticket=review.ticket_id, by=review.officer_id, at__lte=review.closing.at
    )
    late = [
        (record, step, took)
        for record in records.select_related("run").order_by("pk")
        if record.is_late
        and (step := record.run.script.by_code[record.step]).kind in rule["step_kinds"]
        # The hard complaint leaves by its timer, whatever the officer does.
        and not step.options.get("hard")
        and (took := _acted_after(record)) > (record.standard or 0)
    ]
    seen = dict(
        TicketEvent.objects.filter(
            ticket=review.ticket_id,
            kind=EventKind.PLAYBOOK_STEP,
            data__record__in=[record.pk for record, _step, _took in late],
        ).values_list("data__record", "pk")
    )
    words = _("'%(step)s' was done after %(time)s; the SOP allows %(standard)s.")
    return [
        Proposal(
            rule["criterion"],
            rule["mark"],
            seen.get(record.pk),
            words
            % {
                "step": step.title,
                "time": duration(took),
                "standard": duration(record.standard or 0),
            },
        )
        for record, step, took in late
    ]


def _acted_after(record: StepRecord) -> int:
    """Seconds until the officer acted: what the supplier took to answer is not theirs."""
    opened = record.run.complaints.filter(opened_at__range=(record.opened_at, record.at))
    first = opened.order_by("opened_at").values_list("opened_at", flat=True).first()
    return int((first - record.opened_at).total_seconds()) if first else record.seconds
