"""Why an escalation came by itself, in the reader's language; the paper itself stays as written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from escalation.matrix import trigger_name
from escalation.models import Escalation
from sla.models import Metric


def cause_of(escalation: Escalation) -> str:
    """One sentence from the trigger's code; the stored reason when the code is none of ours."""
    kind, _dot, rest = escalation.trigger.partition(".")
    if kind == "breach" and rest in Metric.values:
        return _("Missed deadline: %(promise)s.") % {"promise": Metric(rest).label}
    if kind == "rule" and (name := trigger_name(rest)):
        return _("Automatic trigger: %(name)s.") % {"name": name}
    if kind == "rule":
        return _("Automatic trigger of %(team)s.") % {"team": escalation.to_team.name}
    if escalation.trigger == "escalation.dispute_age":
        return _("Time trigger: the dispute is too old")
    if escalation.trigger == "follow_up":
        return _("A follow-up of %(team)s is overdue.") % {"team": escalation.from_team.name}
    if escalation.trigger == "target":
        return _("%(team)s missed the target that it promised.") % {
            "team": escalation.from_team.name
        }
    return escalation.reason
