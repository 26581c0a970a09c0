"""`{% load policy_ui %}`: numbers of the what-if page."""

from __future__ import annotations

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def points(delta: float | None) -> str:
    """A change in percent points: `+1,4`, `−0,2`, `0`."""
    if delta is None:
        return "–"
    size = round(abs(delta), 1)  # number_format cuts off, it does not round
    if not size:
        return "0"
    sign = "+" if delta > 0 else "−"
    return _("%(number)s pts") % {"number": sign + number_format(size, decimal_pos=1)}


@register.filter
def unlocalize_number(value: float) -> str:
    """For an attribute of HTML, whatever the reader's decimal sign."""
    return f"{float(value):.4f}"
