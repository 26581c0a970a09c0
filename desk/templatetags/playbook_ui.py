"""`{% load playbook_ui %}`: how long a step took, and how long it may take."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from agents_ops.models import StepRecord
from helpdesk.common.durations import duration

register = template.Library()


@register.simple_tag
def step_time(record: StepRecord) -> str:
    """`41 d dari 30 d`, or the time alone where the playbook names no standard."""
    taken = duration(record.seconds)
    if record.standard is None:
        return taken
    return _("%(time)s of %(standard)s") % {"time": taken, "standard": duration(record.standard)}


@register.simple_tag
def standard_time(seconds: int) -> str:
    return _("Standard: %(time)s. Measured, it locks nothing.") % {"time": duration(seconds)}
