"""`{% load quality_ui %}`: shares that lead to what they count, and their trend over the weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agents_ops.models import PlaybookSet
from agents_ops.quality.states import Resolution
from desk.playbook_sentences import playbook_name
from desk.quality.figures import Trend
from desk.quality.wanted import Wanted
from helpdesk.common import durations
from helpdesk.common.templatetags.ui import percent

register = template.Library()


@register.simple_tag
def share_link(
    share: float | None, goal: float | None, url: str, *, css: str = "", hidden: str = ""
) -> SafeString:
    """A share (0 to 1) that opens what it counts; below the goal red, heavier and marked.

    `hidden`: words for a screen reader after it.
    """
    if share is None:
        return format_html('<span class="{} faint">–</span>', css)
    below = goal is not None and share < goal
    classes = " ".join(filter(None, ["plain", "share", css, "late" if below else ""]))
    mark = SafeString("")
    if below:
        mark = format_html(
            '<span aria-hidden="true">▾</span><span class="sr">{}</span>', _("below the goal")
        )
    after = format_html('<span class="sr"> {}</span>', hidden) if hidden else ""
    return format_html(
        '<a class="{}" href="{}">{}{}{}</a>', classes, url, mark, percent(share), after
    )


@register.inclusion_tag("desk/quality/trend.html")
def weekly(trend: Trend, caption: str) -> dict[str, Any]:
    """The weeks as a line, and as a table for screen readers."""
    return {"trend": trend, "line": trend.line, "caption": caption}


@register.simple_tag
def query_of(wanted: Wanted, **changes: Any) -> str:
    """The page's query with these parts changed."""
    return wanted.address(**changes)


@register.filter
def span_words(seconds: float | timedelta | None) -> str:
    """`2 m 05 d`; a dash where nothing was measured."""
    return "–" if seconds is None else durations.duration(seconds)


@register.filter
def resolution(code: str) -> str:
    return str(Resolution(code).label) if code in Resolution.values else code


@register.filter
def playbook_word(code: str) -> str:
    """The playbook's name in the version in force; its code where it is gone."""
    found = PlaybookSet.in_force().playbooks.get(code)
    return playbook_name(found) if found else code


@register.simple_tag
def step_word(playbook: str, step: str) -> str:
    found = PlaybookSet.in_force().playbooks.get(playbook)
    here = found.by_code.get(step) if found else None
    return here.title if here else step
