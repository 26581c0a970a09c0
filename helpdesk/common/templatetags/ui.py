"""`{% load ui %}`: the parts of the interface as tags, so that a page never spells one out itself.

What each looks like and means: docs/interface.md. Unknown codes are shown as they are, never as
an error: a page with an odd word is better than no page.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache, partial, wraps
from typing import Any, TypeVar, cast

from django import template
from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.common import clock, durations
from helpdesk.common.money import NO_BREAK_SPACE, idr_text

from . import _marks

register = template.Library()
Build = TypeVar("Build", bound=Callable[..., SafeString])


def _kept(build: Build) -> Build:
    """The same words make the same part in each language: hundreds of them stand on every page."""

    @lru_cache(maxsize=2048)
    def made(_language: str | None, *words: Any, **options: Any) -> SafeString:
        return build(*words, **options)

    @wraps(build)
    def part(*words: Any, **options: Any) -> SafeString:
        return made(get_language(), *words, **options)

    part.made = made  # type: ignore[attr-defined]
    return cast("Build", part)


def in_language(part: Build, language: str | None) -> Build:
    """A part for whoever makes hundreds: asking for the language each time takes longer than the rest."""
    made: Any = part
    return cast("Build", partial(made.made, language))


@register.simple_tag
@_kept
def icon(name: str, css: str = "") -> SafeString:
    """One icon of `static/icons.svg`; decoration only, the word stands beside it."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("icons.svg"),
        name,
    )


@register.simple_tag
@_kept
def prio(code: str, size: str = "") -> SafeString:
    """A priority as shape and word; `size="lg"` in headings."""
    mark = _marks.PRIORITIES.get(str(code), _marks.Mark("p-low", "prio-low", code))
    large = " prio-lg" if size == "lg" else ""
    return format_html(
        '<span class="prio {}{}">{}{}</span>', mark.css, large, icon(mark.icon), mark.word
    )


@register.simple_tag
@_kept
def state(code: str) -> SafeString:
    """A ticket's state as pie and word."""
    mark = _marks.STATES.get(str(code), _marks.Mark("s-received", "", code))
    return format_html('<span class="state {}">{}{}</span>', mark.css, icon(mark.icon), mark.word)


@register.simple_tag
@_kept
def availability(status: str, *, brief: bool = False) -> SafeString:
    """Available, away or off shift as mark and word; `brief` hides the word."""
    mark = _marks.AVAILABILITY.get(str(status), _marks.Mark("out", "is-off", status))
    if brief:
        return format_html(
            '<span class="here {}" title="{}">{}<span class="sr">{}</span></span>',
            mark.css,
            mark.word,
            icon(mark.icon, "i-sm"),
            mark.word,
        )
    return format_html(
        '<span class="here {}">{}{}</span>', mark.css, icon(mark.icon, "i-sm"), mark.word
    )


@register.simple_tag
@_kept
def tier(code: str, *, brief: bool = False) -> SafeString:
    """A membership tier as bars or gem; nothing for regular customers. `brief` hides the word."""
    mark = _marks.TIERS.get(str(code).lower())
    if mark is None:
        return SafeString("")
    if brief:
        return format_html(
            '<span class="tier tier-i" title="{}">{}<span class="sr">{}</span></span>',
            mark.word,
            icon(mark.icon),
            mark.word,
        )
    return format_html('<span class="tier">{}{}</span>', icon(mark.icon), mark.word)


@register.simple_tag
@_kept
def channel(code: str, *, word: bool = False) -> SafeString:
    """The channel a message came by: an icon with a hidden word, or with `word=True` both shown."""
    mark = _marks.CHANNELS.get(str(code), _marks.Mark("chat", "", code))
    return format_html(
        '{}<span class="{}">{}</span>', icon(mark.icon), "" if word else "sr", mark.word
    )


@register.simple_tag
@_kept
def avatar(name: str | None, kind: str = "", size: str = "", *, hidden: bool = False) -> SafeString:
    """Initials in a circle. `kind`: `me` for our side, `c` for a customer; no name: unassigned.

    `hidden=True` where the name stands right beside it.
    """
    large = " av-lg" if size == "lg" else ""
    if not name:
        return format_html(
            '<span class="av av-none{}" role="img" aria-label="{}"></span>',
            large,
            _("No assignee yet"),
        )
    tone = f" av-{kind}" if kind else ""
    if hidden:
        return format_html(
            '<span class="av{}{}" aria-hidden="true">{}</span>', tone, large, initials(name)
        )
    return format_html(
        '<span class="av{}{}" role="img" aria-label="{}" title="{}">{}</span>',
        tone,
        large,
        name,
        name,
        initials(name),
    )


@register.filter
def initials(name: str) -> str:
    """The first letters of the first and last word: `Dimas Pratama` is `DP`."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    if not words:
        return "?"
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


@register.simple_tag
def server_time() -> str:
    """The database's instant, for the browser's countdowns."""
    return clock.for_display().isoformat()


@register.filter
def wib(moment: datetime | None, form: str = "full") -> SafeString | str:
    """`18 Nov 2026 13.12 WIB` as `<time>`; `|wib:"short"` drops what is clear today."""
    if moment is None:
        return ""
    if form == "short":
        return wib_brief(moment, clock.for_display(), durations.words())
    return _time(moment, durations.wib_text(moment), durations.words())


def wib_brief(moment: datetime, now: datetime, words: durations.Words) -> SafeString:
    return _time(moment, durations.wib_short(moment, now, words), words)


def _time(moment: datetime, text: str, words: durations.Words) -> SafeString:
    exact = durations.wib_exact(moment, words)
    html = f'<time datetime="{moment.isoformat()}" title="{exact}">{text}</time>'
    return mark_safe(html)  # noqa: S308 - figures and our own names of days and months


@register.filter
def duration(span: timedelta | float | None) -> str:
    """`2 j 38 m`, `41 d`, from a timedelta or seconds; nothing for None."""
    return "" if span is None else durations.duration(span)


@register.filter
def remaining(due: datetime | None) -> str:
    """`50 m lagi` or `lewat 14 m`."""
    return "" if due is None else durations.remaining(due, clock.for_display())


@register.filter
def ago(moment: datetime | None) -> str:
    """`12 m lalu`."""
    return "" if moment is None else durations.ago(moment, clock.for_display())


@register.filter
def idr(amount: int | None) -> str:
    """Whole rupiah: `Rp 2.300.000` with a no-break space, points in every language."""
    if amount is None:
        return ""
    return idr_text(int(amount))


@register.filter
def percent(share: float | None) -> str:
    """A share 0..1 as `96,3 %`, rounded; less than all never becomes `100,0 %`, nor some `0,0 %`."""
    if share is None:
        return ""
    shown = round(share * 100, 1)
    if 0 < share < 1:
        shown = min(max(shown, 0.1), 99.9)
    return f"{number_format(shown, decimal_pos=1)}{NO_BREAK_SPACE}%"


@register.filter
def filesize(size: int | None) -> str:
    """`412 kB`, `1,4 MB` (decimal, as file managers show them)."""
    if size is None:
        return ""
    if size < 1000:
        return f"{size}{NO_BREAK_SPACE}B"
    if size < 1000_000:
        return f"{round(size / 1000)}{NO_BREAK_SPACE}kB"
    return f"{number_format(size / 1000_000, decimal_pos=1)}{NO_BREAK_SPACE}MB"


@register.filter
def role_word(role: str) -> Any:
    """A role's name for people."""
    return _marks.ROLES.get(role, role)


@register.filter
def badge(number: int) -> str:
    """A count that fits a small circle."""
    return str(int(number)) if int(number) <= 99 else "99+"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """`mapping[key]` or nothing, where a key is in a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None
