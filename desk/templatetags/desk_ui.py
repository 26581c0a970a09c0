"""`{% load desk_ui %}`: small words of the desk's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from desk.causes import cause_of
from escalation.models import Escalation
from helpdesk.common import durations
from tickets.catalogue import category_name

register = template.Library()

# As bahasa.secrets leaves them: '[OTP disamarkan]'.
_SECRET = re.compile(r"\[([^\[\]\n]{1,40} disamarkan)\]")


@register.filter
def category(code: str) -> str:
    """A category's name in the reader's language."""
    return category_name(code) if code else ""


@register.filter
def cause(escalation: Escalation) -> str:
    """Why an escalation came by itself."""
    return cause_of(escalation)


@dataclass(frozen=True)
class ChainLevel:
    number: int
    label: str
    current: bool


@register.filter
def chain(escalation: Escalation) -> list[ChainLevel]:
    """The levels from the officer to the operations manager, and where this escalation goes."""
    return [
        ChainLevel(level.value, str(level.label), level == escalation.level)
        for level in Escalation.Level
    ]


@register.simple_tag
def said(text: str, marks: Sequence[tuple[int, int]] = ()) -> SafeString:
    """A customer's or colleague's words, unchanged: rule words marked, masked secrets boxed.

    `marks` are sorted, non-overlapping offsets into `text`.
    """
    parts: list[SafeString] = []
    place = 0
    for start, end in marks:
        parts.append(_with_secrets(text[place:start]))
        parts.append(format_html("<mark>{}</mark>", text[start:end]))
        place = end
    parts.append(_with_secrets(text[place:]))
    return format_html('<p class="said">{}</p>', format_html_join("", "{}", ((p,) for p in parts)))


def _with_secrets(text: str) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text)))


def _pieces(text: str) -> Iterator[str | SafeString]:
    place = 0
    for found in _SECRET.finditer(text):
        yield text[place : found.start()]
        yield format_html('<span class="secret">{}</span>', found[1])
        place = found.end()
    yield text[place:]


@register.filter
def seconds(value: float | None) -> str:
    """A lateness of the engine: `0,4 d` below a minute, else in two units."""
    if value is None:
        return "–"
    if value < durations.MINUTE:
        unit = durations.unit_words()["second"]
        return f"{number_format(value, decimal_pos=1)} {unit}"
    return durations.duration(value)


@register.filter
def count(number: float) -> str:
    """A whole number with its thousands parted: `1.000.000`."""
    return number_format(int(number), force_grouping=True)
