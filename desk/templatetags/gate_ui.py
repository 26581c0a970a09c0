"""`{% load gate_ui %}`: what an officer may do right here to open the gate of the open step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from agents_ops.login_log import login_lines, sees_logins
from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.timers import RUN, STEP_DUE, SUPPLIER_DUE
from desk.playbook.gate_parts import PARTS
from people.actors import of_user
from sla.models import Timer

register = template.Library()
COUNTED = {
    SUPPLIER_DUE: _("Complaint to the supplier by itself"),
    STEP_DUE: _("Time of this step"),
}


@dataclass(frozen=True)
class Counted:
    """Something that happens by itself, in words."""

    words: str
    armed_at: datetime
    due_at: datetime


@register.simple_tag(takes_context=True)
def login_log(context: Any) -> SafeString:
    """The logins of a blocked account, cut down for who does not investigate; nothing before."""
    run, request = context["playbook"].run, context.get("request")
    block = AccountBlock.objects.filter(run=run).exclude(logins_at=None).first()
    if block is None or request is None:
        return mark_safe("")
    page = {
        "collected_at": block.logins_at,
        "number": run.ticket.number,
        "may_see": sees_logins(of_user(request.user), run),
        "lines": login_lines(block, openly=False),
    }
    page["csrf_token"] = context.get("csrf_token")
    return mark_safe(render_to_string("desk/playbook/logins.html", page))  # noqa: S308 - a template


@register.simple_tag
def run_timers(run: PlaybookRun) -> list[Counted]:
    """What runs out while this step is open, the soonest first."""
    rows = Timer.objects.filter(
        subject_type=RUN, subject_id=run.pk, kind__in=COUNTED, state="armed"
    )
    return [
        Counted(str(COUNTED[row.kind]), min(row.armed_at, row.due_at), row.due_at)
        for row in rows.order_by("due_at")
    ]


@register.simple_tag(takes_context=True)
def gate_part(context: Any) -> SafeString:
    """The part of the open step's kind; nothing for who may not work, or where it is done elsewhere."""
    panel = context["playbook"]
    step = panel.now.step if panel.now else None
    facts = PARTS.get(step.kind) if step else None
    if step is None or facts is None or not panel.may_work:
        return mark_safe("")
    page = {**context.flatten(), "part": facts(panel.run, step)}
    name = f"desk/playbook/gates/{step.kind}.html"
    return mark_safe(render_to_string(name, page, context.get("request")))  # noqa: S308 - a template
