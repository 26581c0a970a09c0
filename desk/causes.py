"""Why an escalation came by itself, in the reader's language; the paper itself stays as written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from escalation.models import Escalation
from sla.models import Metric


def cause_of(escalation: Escalation) -> str:
    """One sentence from the trigger's code; the stored reason when the code is none of ours."""
    kind, _dot, rest = escalation.trigger.partition(".")
    if kind == "breach" and rest in Metric.values:
        return _("Missed deadline: %(promise)s.") % {"promise": Metric(rest).label}
    if kind == "rule":
        return _("Automatic trigger of %(team)s.") % {"team": escalation.to_team.name}
    if escalation.trigger == "escalation.dispute_age":
        return _("Time trigger: the dispute is too old")
    return escalation.decision_reason
