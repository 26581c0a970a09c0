"""The gate of a step that escalates: open once the ticket was sent, or is asked to go, to its team."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from agents_ops.gates import GateState, gate
from agents_ops.models import PlaybookRun
from agents_ops.playbook.parts import Step
from agents_ops.states import StepKind
from escalation.models import Escalation
from helpdesk.common.wording import gettext as _
from people.selectors import team_of_code

WAITS, SENT = "waits", "sent"


@gate(StepKind.ESCALATE, outcomes=(WAITS, SENT))
def escalated(run: PlaybookRun, step: Step) -> GateState:
    """By hand or by itself: what still lies there, or was asked since the run began and not declined."""
    team = team_of_code(step.team)
    name = team.name if team else step.team
    concerns = Q(requested_at__gte=run.started_at) | Q(state__in=Escalation.ACTIVE)
    found = (
        run.ticket.escalations.filter(concerns, to_team__code=step.team)
        .exclude(state=Escalation.State.DECLINED)
        .first()
    )
    if found is None:
        return GateState(
            open=False,
            missing=_("The ticket has not been escalated to %(team)s yet.") % {"team": name},
            short=_("escalate first"),
            url=reverse("desk:escalate", args=[run.ticket.number]),
            link=_("Escalate to %(team)s") % {"team": name},
        )
    waits = found.state == Escalation.State.REQUESTED
    shown = _("Escalation %(number)s to %(team)s") % {"number": found.reference, "team": name}
    return GateState(open=True, outcome=WAITS if waits else SENT, shown=(shown,))
