"""`{% load chat_ui %}`: a message with the words marked that go against a guideline."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from seller_chat.judging import Guideline, guideline_of, spans_of
from seller_chat.models import ChatMessage

register = template.Library()


@register.filter
def marked(message: ChatMessage) -> SafeString:
    """The body; in `<mark>` what the verdict is based on."""
    body, parts, done = message.body, [], 0
    for start, end in spans_of(getattr(message, "moderation", None), len(body)):
        if start < done:
            continue
        parts += [escape(body[done:start]), "<mark>", escape(body[start:end]), "</mark>"]
        done = end
    html = "".join([*parts, escape(body[done:])]).replace("\n", "<br>")
    return mark_safe(html)  # noqa: S308 - every word above is escaped


@register.filter
def guidelines(labels: Any) -> list[Guideline]:
    return [guideline_of(label) for label in labels]
