"""`{% load keys_ui %}`: a control's command and the key beside it, as the reader has them.

<button {% command "close" %}>{% translate "Close" %}{% kbd "close" %}</button>
"""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from desk.keys.combos import caps, for_readers
from desk.keys.registry import Command, words_of

register = template.Library()


@register.simple_tag(takes_context=True)
def command(context: Context, command_id: str) -> SafeString:
    """Attributes of the control that the command's key presses."""
    return _attributes(command_id, context["keyboard"].heard(command_id))


@register.simple_tag(takes_context=True)
def kbd(context: Context, command_id: str) -> SafeString:
    """The key to see; readers of the screen are told by `aria-keyshortcuts`. Nothing without one."""
    return printed(context["keyboard"].heard(command_id))


@register.simple_tag(takes_context=True)
def keys(context: Context, command_id: str) -> SafeString:
    """The key as text that is read aloud, in a list of keys."""
    return _printed(context["keyboard"].heard(command_id), said=True)


@register.simple_tag
def key_caps(key: str) -> SafeString:
    """Any key as text that is read aloud."""
    return _printed(key, said=True)


@register.simple_tag(takes_context=True)
def palette_entry(context: Context, each: Command) -> SafeString:
    """What the palette knows of a command: its name, other words for it, its key and its page."""
    return _entry(get_language(), each, context["keyboard"].heard(each.id))


@lru_cache(maxsize=1024)
def _entry(_language: str | None, each: Command, key: str) -> SafeString:
    href = format_html(' data-href="{}"', reverse(each.url)) if each.url else ""
    pressed = format_html(' data-key="{}"', key) if key else ""
    return format_html(
        '<i data-id="{}" data-icon="{}" data-words="{}"{}{}>{}</i>',
        each.id,
        each.icon,
        words_of(each.id),
        pressed,
        href,
        each.label,
    )


def printed(key: str) -> SafeString:
    return _printed(key, said=False)


@lru_cache(maxsize=512)
def _attributes(command_id: str, key: str) -> SafeString:
    if not key:
        return format_html(' data-command="{}"', command_id)
    said = for_readers(key)
    aria = format_html(' aria-keyshortcuts="{}"', said) if said else ""
    return format_html(' data-command="{}" data-key="{}"{}', command_id, key, aria)


@lru_cache(maxsize=512)
def _printed(key: str, *, said: bool) -> SafeString:
    if not key:
        return SafeString("")
    parts = format_html_join("", "<kbd>{}</kbd>", ((name,) for name in caps(key)))
    hidden = SafeString("") if said else SafeString(' aria-hidden="true"')
    return format_html('<span class="kbds"{}>{}</span>', hidden, parts)
