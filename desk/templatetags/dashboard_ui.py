"""`{% load dashboard_ui %}`: the dashboard's marks and charts as SVG, each with words beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.dashboard.charts import Column, stacked
from desk.dashboard.compliance import Compliance, Kept
from desk.dashboard.counts import Tally
from desk.dashboard.figures import Figures, TeamName
from desk.dashboard.forecast import Slot, TeamForecast
from desk.templatetags.desk_ui import count
from helpdesk.common import durations
from helpdesk.common.templatetags import _marks
from helpdesk.common.templatetags.ui import icon, percent
from sla.models import Metric
from tickets.states import State

register = template.Library()

COLUMN_HEIGHT = 26
COLUMN_WIDTH = 40


@register.simple_tag
def prio_mark(code: str) -> SafeString:
    """A priority's shape alone, its word for screen readers and as a title."""
    mark = _marks.PRIORITIES.get(code, _marks.Mark("p-low", "prio-low", code))
    return format_html(
        '<span class="prio {}" title="{}">{}<span class="sr">{}</span></span>',
        mark.css,
        mark.word,
        icon(mark.icon),
        mark.word,
    )


@register.simple_tag
def and_more(number: int, heading: str) -> SafeString:
    """How many rows a card has no room for, and the way to them on the page of details."""
    words = ngettext("and %(number)s more", "and %(number)s more", number) % {"number": number}
    address = reverse("desk:dashboard_details")
    return (
        format_html('<a class="push small" href="{}#{}">{}</a>', address, heading, words)
        if number
        else SafeString("")
    )


@register.simple_tag
def state_word(code: str) -> Any:
    return State(code).label if code in State.values else code


@register.simple_tag
def metric(code: str) -> Any:
    """A promise's name, beginning with a capital."""
    word = str(Metric(code).label) if code in Metric.values else code
    return word[:1].upper() + word[1:]


@register.simple_tag
def kept_share(kept: Kept) -> str:
    return "–" if kept.share is None else percent(kept.share)


@register.simple_tag
def tally_link(number: int, queue: str, *, css: str = "", **narrow: Any) -> SafeString:
    """A number of tickets that opens them in the queue; `late` marks only what is not zero."""
    quiet = css == "late" and not number
    return format_html(
        '<a class="plain{}" href="{}?{}">{}</a>',
        f" {css}" if css and not quiet else "",
        queue,
        urlencode(narrow),
        count(number),
    )


@register.simple_tag
def kept_link(
    kept: Kept, goal: float, outcomes: str, *, css: str = "", **wanted: Any
) -> SafeString:
    """A share of kept promises that opens the missed ones; below the goal red, heavier and marked."""
    below = kept.share is not None and kept.share < goal
    classes = " ".join(filter(None, ["plain", "share", css, "late" if below else ""]))
    mark = ""
    if below:
        mark = format_html(
            '<span aria-hidden="true">▾</span><span class="sr">{}</span>', _("below the goal")
        )
    return format_html(
        '<a class="{}" href="{}?{}">{}{}</a>',
        classes,
        outcomes,
        urlencode(wanted),
        mark,
        kept_share(kept),
    )


@register.simple_tag
def team_name(figures: Figures, team_id: int | None) -> str:
    team = _team(figures, team_id)
    return team.name if team else "–"


@register.simple_tag
def team_code(figures: Figures, team_id: int | None) -> str:
    team = _team(figures, team_id)
    return team.code if team else ""


def _team(figures: Figures, team_id: int | None) -> TeamName | None:
    return None if team_id is None else figures.slow.teams.get(team_id)


@register.filter
def clock_time(moment: datetime) -> str:
    """`13.15` in WIB."""
    return date_format(moment.astimezone(durations.WIB), _("H:i"))


@register.filter
def unlocal(number: float) -> str:
    """A coordinate: with a point in every language."""
    return f"{number:g}"


@register.simple_tag
def age(since: datetime, now: datetime) -> str:
    return durations.duration(now - since)


@register.simple_tag
def swatch(css: str) -> SafeString:
    """A part's colour and pattern, for the legend."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 12 10" aria-hidden="true"><rect class="seg" fill="{}" '
        'width="12" height="10" rx="1"/></svg>',
        _fill(css),
    )


@register.simple_tag
def stack(tally: Tally, most: int) -> SafeString:
    """A bar of late, at risk and in time; the numbers stand beside it."""
    parts = format_html_join(
        "",
        '<rect fill="{}" x="{}" y="0" width="{}" height="8"/>',
        ((_fill(part.css), part.x, part.width) for part in stacked(tally.parts, most)),
    )
    return format_html(
        '<svg class="stackbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="seg-rest" width="100" height="8"/>{}</svg>',
        parts,
    )


def _fill(css: str) -> str:
    return f"url(#hatch-{css})" if css in ("late", "risk") else "var(--d-calm)"


@register.simple_tag
def forecast_columns(team: TeamForecast, most: int) -> list[tuple[Slot, Column]]:
    return team.columns(most, width=COLUMN_WIDTH, height=COLUMN_HEIGHT)


@register.simple_tag
def forecast_column(slot: Slot, column: Column) -> SafeString:
    """One hour of a team: deadlines, and hatched on top those above what the shift can do."""
    over = ""
    if slot.over:
        over = format_html(
            '<rect fill="url(#hatch-late)" x="1" y="{}" width="{}" height="{}"/>',
            column.y,
            COLUMN_WIDTH - 2,
            column.over,
        )
    return format_html(
        '<svg class="column" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        '<rect fill="var(--d-calm)" x="1" y="{}" width="{}" height="{}"/>{}</svg>',
        COLUMN_WIDTH,
        COLUMN_HEIGHT,
        column.y,
        COLUMN_WIDTH - 2,
        column.height,
        over,
    )


@register.inclusion_tag("desk/dashboard/parts/trend.html")
def trend(compliance: Compliance, priority: str) -> dict[str, Any]:
    """30 days of a priority as a line, and the same as a table for screen readers."""
    return {
        "line": compliance.trend(priority),
        "days": compliance.dated(priority),
        "since": compliance.trend_since,
        "floor": compliance.floor,
        "priority": priority,
        "record": compliance.priorities[priority],
    }
