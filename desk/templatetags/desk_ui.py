"""`{% load desk_ui %}`: small words of the desk's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template
from django.conf import settings
from django.utils import translation
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from desk.causes import cause_of
from escalation.models import Escalation
from helpdesk.common import durations
from people.commerce import Order
from tickets.catalogue import category_name
from tickets.states import Confirmation

register = template.Library()

# As bahasa.secrets leaves them: '[OTP disamarkan]'.
_SECRET = re.compile(r"\[([^\[\]\n]{1,40} disamarkan)\]")


@register.filter
def category(code: str) -> str:
    """A category's name in the reader's language."""
    return category_name(code) if code else ""


@register.filter
def outcome(code: str) -> str:
    """What a customer said to a closing."""
    return str(Confirmation(code).label) if code in Confirmation.values else code


@register.filter
def wib_words(moment: datetime) -> str:
    """`18 Nov 2026 13.12 WIB` without any tag, for an attribute."""
    return durations.wib_text(moment)


@register.filter
def cause(escalation: Escalation) -> str:
    """Why an escalation came by itself."""
    return cause_of(escalation)


@register.filter
def form_language(escalation: Escalation) -> str:
    """Of the form's words: the house's own where it filled itself in, unknown where people wrote."""
    return settings.LANGUAGE_CODE if escalation.is_automatic else ""


@register.simple_tag
def written_in(escalation: Escalation) -> SafeString | str:
    """Says the language of a form that filled itself in, to a reader of another one."""
    if not escalation.is_automatic or get_language() == settings.LANGUAGE_CODE:
        return ""
    return format_html('<span class="tag tag-note">{}</span>', gettext("in Indonesian"))


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
def said(text: str, marks: Sequence[tuple[int, int]] = (), lang: str = "") -> SafeString:
    """A customer's or colleague's words, unchanged: rule words marked, masked secrets boxed.

    `marks` are sorted, non-overlapping offsets into `text`; `lang` is said where it is known.
    """
    parts: list[SafeString] = []
    place = 0
    for start, end in marks:
        parts.append(_with_secrets(text[place:start]))
        parts.append(format_html("<mark>{}</mark>", text[start:end]))
        place = end
    parts.append(_with_secrets(text[place:]))
    spoken = format_html(' lang="{}"', lang) if lang else ""
    body = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<p class="said"{}>{}</p>', spoken, body)


def _with_secrets(text: str) -> SafeString:
    return format_html_join("", "{}", ((piece,) for piece in _pieces(text)))


def _pieces(text: str) -> Iterator[str | SafeString]:
    place = 0
    for found in _SECRET.finditer(text):
        yield text[place : found.start()]
        yield format_html('<span class="secret">{}</span>', found[1])
        place = found.end()
    yield text[place:]


@register.simple_tag
def order_words(order: Order, language: str) -> str:
    """An order in one sentence for a reply, in the customer's language."""
    with translation.override(language):
        words = gettext("Order %(number)s: %(status)s.") % {
            "number": order.number,
            "status": order.status.label,
        }
        parcel = order.parcel
        if parcel is None or not parcel.number:
            return words
        by = gettext("Sent with %(carrier)s, airway bill %(number)s.")
        return f"{words} {by % {'carrier': parcel.carrier, 'number': parcel.number}}"


@register.filter
def seconds(value: float | None) -> str:
    """A lateness of the engine: `0,4 d` below a minute, else in two units."""
    if value is None:
        return "–"
    if value < durations.MINUTE:
        unit = durations.words().second
        return f"{number_format(value, decimal_pos=1)} {unit}"
    return durations.duration(value)


@register.filter
def count(number: float) -> str:
    """A whole number with its thousands parted: `1.000.000`."""
    return number_format(int(number), force_grouping=True)
