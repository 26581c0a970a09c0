"""`{% load timers %}`: a promise with its remaining time, as dial, words and bar.

The bar is `<progress>`, so no inline width is needed and a screen reader reads it; the browser's
countdown keeps it going from the instants in its data attributes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helpdesk.common import clock, durations
from helpdesk.common.promises import promise_name

from . import _marks
from .ui import icon, in_language

register = template.Library()

RUNNING = {"armed", "running", "open", ""}
MET = {"met", "done", "satisfied", "answered"}
LATE = {"breached", "late", "fired", "expired"}


def share_used(start: datetime, due: datetime, now: datetime, paused: timedelta) -> float:
    """The share (0..1) of a promise's own time that has passed; pauses do not count."""
    whole = (due - start - paused).total_seconds()
    if whole <= 0:
        return 1.0
    left = (due - now).total_seconds()
    return min(1.0, max(0.0, (whole - left) / whole))


@register.simple_tag(name="timer")
def timer_part(
    due: datetime | None,
    start: datetime | None,
    kind: str,
    state: str = "running",
    *,
    note: Any = "",
    paused: timedelta | None = None,
    ended: datetime | None = None,
    standing: Any = "",
) -> SafeString:
    """One timer part. `kind` is a timer's kind, or the words of another promise.

    `state`: running (armed), paused, met or breached. `ended` is when a met or breached timer
    ended; `paused` the time the clock has stood still; `note` a small line below the bar;
    `standing` says why a paused one stands still, if not because it waits for the customer.
    """
    view = _view(due, start, kind, state, paused or timedelta(), ended, standing)
    return _part(view | {"note": note}, icon)


def running_timer(
    due: datetime, start: datetime, kind: str, now: datetime, words: durations.Words
) -> SafeString:
    """The timer of a row of a list, which says the same dozens of times."""
    view = _running(due, start, now, timedelta(), words) | {"live": True, "note": ""}
    return _part(view | {"label": promise_name(kind)}, in_language(icon, words.language))


def _view(
    due: datetime | None,
    start: datetime | None,
    kind: str,
    state: str,
    paused: timedelta,
    ended: datetime | None,
    standing: Any,
) -> dict[str, Any]:
    now = clock.for_display()
    label = promise_name(kind)
    view: dict[str, Any] = {"label": label, "live": False}
    if due is None or start is None:
        return view | {"mark": _marks.LEVELS["paused"], "text": "–", "value": 0}
    used = share_used(start, due, ended or now, paused)
    if state in MET:
        return view | _met(start, due, ended, used)
    if state == "paused":
        mark = _marks.LEVELS["paused"]
        text = str(standing or mark.word)
        return view | {"mark": mark, "text": text, "value": round(used * 100)}
    if state in LATE and ended is not None:
        return view | _kept_late(due, ended)
    live = state in RUNNING or state in LATE
    return view | _running(due, start, now, paused, durations.words()) | {"live": live}


def _running(
    due: datetime, start: datetime, now: datetime, paused: timedelta, words: durations.Words
) -> dict[str, Any]:
    used, late = share_used(start, due, now, paused), due < now
    return {
        "mark": _marks.LEVELS[_marks.level_of(used, late=late)],
        "text": durations.remaining(due, now, words),
        "value": 100 if late else round(used * 100),
        "start": start.isoformat(),
        "due": due.isoformat(),
        "due_exact": durations.wib_exact(due, words),
        "paused_ms": int(paused.total_seconds() * 1000),
    }


def _part(view: dict[str, Any], icon: Callable[[str], SafeString]) -> SafeString:
    """The HTML of a timer; plain Python, because every list of tickets shows dozens."""
    mark, label, text = view["mark"], escape(view["label"]), escape(view["text"])
    css = f" {mark.css}" if mark.css else ""
    exact = f' title="{escape(view["due_exact"])}"' if "due_exact" in view else ""
    live = ""
    if view["live"]:
        live = (
            f' data-timer data-start="{view["start"]}" data-due="{view["due"]}"'
            f' data-paused-ms="{view["paused_ms"]}" data-label="{label}" data-level="{mark.css}"'
        )
    note = f"<small>{escape(view['note'])}</small>" if view["note"] else ""
    html = (
        f'<div class="timer{css}"{live}>{icon(mark.icon)}<span class="clip">{label}</span>'
        f'<b data-remaining{exact}>{text}</b><progress max="100" value="{view["value"]}"'
        f' aria-label="{label}: {text}"></progress>{note}</div>'
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


def _met(start: datetime, due: datetime, ended: datetime | None, used: float) -> dict[str, Any]:
    """A kept promise says how long it took and how long it might have taken."""
    mark = _marks.LEVELS["met"]
    if ended is None:
        return {"mark": mark, "text": str(mark.word), "value": 100}
    text = _("%(taken)s of %(allowed)s") % {
        "taken": durations.duration(ended - start),
        "allowed": durations.duration(due - start),
    }
    return {"mark": mark, "text": text, "value": round(used * 100)}


def _kept_late(due: datetime, ended: datetime) -> dict[str, Any]:
    """A promise kept after its time stays missed, and says by how much."""
    text = durations.remaining(due, ended)
    return {"mark": _marks.LEVELS["late"], "text": text, "value": 100}


@register.inclusion_tag("parts/timer_words.html")
def timer_words() -> dict[str, str]:
    """The words of the browser's countdown, once a page."""
    return durations.words()._asdict()
