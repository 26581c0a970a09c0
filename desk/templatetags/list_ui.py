"""`{% load list_ui %}`: a row of the list of tickets.

Forty of them stand on every queue page and every ticket page, so the row is put together here in
plain Python: the template engine took ten times as long, most of a page's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any
from urllib.parse import quote

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from desk.queue_counts import COUNT_UP_TO
from desk.queues import QueueView
from helpdesk.common import clock, durations
from helpdesk.common.templatetags.timers import running_timer
from helpdesk.common.templatetags.ui import (
    avatar,
    channel,
    icon,
    in_language,
    prio,
    state,
    tier,
    wib,
    wib_brief,
)
from tickets.catalogue import category_name
from tickets.models import Message, Ticket
from tickets.search.excerpts import Piece, Shown

register = template.Library()
SAMPLE = "TUN-0000-0000"
HAND = "hand of the list's rows"
PICKABLE, OOB, CURRENT = (
    ' class="pickable"',
    ' hx-swap-oob="morph"',
    ' aria-current="true"',
)
PAGE, COUNT_OOB = ' aria-current="page"', ' hx-swap-oob="true"'


@register.simple_tag(takes_context=True)
def ticket_row(context: Context, row: Ticket, *, oob: bool = False) -> SafeString:
    """One row as a link; with `oob` it takes the place of the same row on the page."""
    hand = _hand(context)
    address = hand.address.replace(SAMPLE, row.number)
    unread = bool(getattr(row, "unread", False))
    meta = "".join([COLUMNS[name](row, hand) for name in context["columns"]])
    html = (
        f'<li id="row-{row.pk}"{PICKABLE if hand.pickable else ""}{OOB if oob else ""}>'
        f"{_tick(row, hand) if hand.pickable else ''}"
        f'<a data-number="{row.number}" class="row{" unread" if unread else ""}" href="{address}"'
        f' hx-get="{address}" hx-target="#pane" hx-swap="outerHTML" hx-push-url="true"'
        f"{CURRENT if row.number == hand.current else ''}>"
        f'<span class="l1">{hand.prio(row.priority or "–")}<span class="subj clip">'
        f"{escape(row.subject)}</span>{wib_brief(row.received_at, hand.now, hand.words)}</span>"
        f'<span class="meta">{_marks(row, hand)}{meta}</span>{_time_left(row, hand)}'
        f"{_hidden(_('With news')) if unread else ''}</a></li>"
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


@register.simple_tag(takes_context=True)
def found_row(context: Context, row: Shown) -> SafeString:
    """A ticket that a search found, with the words that were searched for marked."""
    ticket: Any = row.ticket
    hand = _hand(context)
    address = hand.address.replace(SAMPLE, ticket.number)
    order = f'<span class="clip">{marked(row.order_number)}</span>' if row.order_number else ""
    html = (
        f'<li id="row-{ticket.pk}"{PICKABLE if hand.pickable else ""}>'
        f"{_tick(ticket, hand) if hand.pickable else ''}"
        f'<a data-number="{ticket.number}" class="row found{" unread" if ticket.unread else ""}"'
        f' href="{address}" hx-get="{address}" hx-target="#pane" hx-swap="outerHTML"'
        f' hx-push-url="true"{CURRENT if ticket.number == hand.current else ""}>'
        f'<span class="l1">{prio(ticket.priority or "–")}<span class="subj clip">'
        f"{marked(row.subject)}</span>{wib(ticket.received_at, 'short')}</span>{_excerpt(row)}"
        f'<span class="meta"><span class="clip">{marked(row.customer)}</span>'
        f'<span class="nowrap">{ticket.number[4:]}</span>{order}{state(ticket.state)}</span>'
        f'<span class="meta">{_clip(ticket.team)}<span class="push">'
        f"{avatar(ticket.assignee.full_name if ticket.assignee else None)}</span></span>"
        f"{_hidden(_('With news')) if ticket.unread else ''}</a></li>"
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


@register.simple_tag(takes_context=True)
def queue_view(context: Context, view: QueueView) -> SafeString:
    """A view of the queue as a link with its count."""
    chosen: QueueView | None = context.get("view")
    label, here = escape(view.label), chosen is not None and chosen.code == view.code
    html = (
        f'<li><a href="{_queue_address()}?view={quote(view.code)}"'
        f'{PAGE if here else ""}>{icon(view.icon)}<span class="clip" title="{label}">{label}</span>'
        f"{view_count(view, context['counts'].get(view.code))}</a></li>"
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


@register.simple_tag
def view_count(view: QueueView, count: int | None, *, oob: bool = False) -> SafeString:
    """How many tickets the view holds; nothing where that is not known."""
    number = "" if count is None else f"{COUNT_UP_TO - 1}+" if count >= COUNT_UP_TO else count
    red = " count-red" if view.alarming and count else ""
    html = (
        f'<span id="count-{escape(view.slug)}"{COUNT_OOB if oob else ""}'
        f' class="count{red}">{number}</span>'
    )
    return mark_safe(html)  # noqa: S308 - as above


@cache
def _queue_address() -> str:
    return reverse("desk:queue")


def _excerpt(row: Shown) -> str:
    if row.excerpt is None:
        return ""
    words = marked(row.excerpt.pieces)
    if row.excerpt.kind != Message.Kind.NOTE:
        return f'<span class="excerpt">{words}</span>'
    label = _hidden(_("Internal note") + ": ")
    return f'<span class="excerpt of-note">{icon("lock")}{label}{words}</span>'


def marked(pieces: Iterable[Piece]) -> str:
    return "".join(
        f"<mark>{escape(piece.text)}</mark>" if piece.hit else escape(piece.text)
        for piece in pieces
    )


@dataclass(frozen=True)
class Hand:
    """What all rows of one page have in common, looked up once: who reads, when, in which language."""

    address: str
    current: str
    pickable: bool
    quick_code: str
    now: datetime
    words: durations.Words
    choose: str
    prio: Callable[[str], str]
    channel: Callable[[str], str]
    tier: Callable[..., str]
    state: Callable[[str], str]
    avatar: Callable[[str | None], str]


def _hand(context: Context) -> Hand:
    kept: Hand | None = context.render_context.get(HAND)
    if kept is None:
        words = durations.words()
        query = escape(context["wanted"].address)
        kept = Hand(
            address=f"{reverse('desk:ticket', args=[SAMPLE])}?{query}",
            current=str(context.get("current", "")),
            pickable=bool(context["may"]["work_ticket"]),
            quick_code=escape(str(context["organisation"]["quick_code"])),
            now=clock.for_display(),
            words=words,
            choose=_("Choose %(number)s"),
            prio=in_language(prio, words.language),
            channel=in_language(channel, words.language),
            tier=in_language(tier, words.language),
            state=in_language(state, words.language),
            avatar=in_language(avatar, words.language),
        )
        context.render_context[HAND] = kept
    return kept


def _hidden(words: str) -> str:
    return f'<span class="sr">{escape(words)}</span>'


def _tick(row: Ticket, hand: Hand) -> str:
    words = hand.choose % {"number": row.number}
    return (
        '<label class="pick"><input class="tick" type="checkbox" name="numbers"'
        f' value="{row.number}" form="bulk">{_hidden(words)}</label>'
    )


def _marks(row: Ticket, hand: Hand) -> str:
    parts = ""
    if getattr(row, "mentioned", False):
        parts += _mark("at", "tag-violet", _("You were mentioned"))
    if getattr(row, "begun", False):
        parts += _mark("edit", "tag-blue", _("Your draft waits here"))
    if row.expedited:
        parts += _mark("bolt", "tag-note", hand.quick_code)
    if row.held_until and row.next_due_at:
        parts += _mark("pause", "tag-blue", _("On hold"))
    return parts


def _mark(name: str, tone: str, words: str) -> str:
    return f'<span class="tag {tone}" title="{words}">{icon(name)}{_hidden(words)}</span>'


def _time_left(row: Ticket, hand: Hand) -> str:
    if row.next_due_at and row.next_due_from:
        due, began = row.next_due_at, row.next_due_from
        return running_timer(due, began, row.next_due_kind, hand.now, hand.words)
    if row.held_until:
        until = _("until %(at)s") % {"at": wib(row.held_until, "short")}
        return _paused(_("On hold"), until)
    if row.waiting_for_customer_since:
        return _paused(_("Resolution"), escape(_("paused, waiting for the customer")))
    return ""


def _paused(label: str, words: str) -> str:
    return (
        f'<div class="timer is-paused">{icon("pause")}<span class="clip">{escape(label)}</span>'
        f"<b>{words}</b></div>"
    )


def _clip(words: Any) -> str:
    return f'<span class="clip">{escape(str(words))}</span>' if words else ""


# What the second line may show, by the name that a view keeps it under.
COLUMNS: Mapping[str, Callable[[Ticket, Hand], str]] = {
    "channel": lambda row, hand: hand.channel(row.channel),
    "customer": lambda row, hand: _clip(row.customer.shown_name),
    "tier": lambda row, hand: hand.tier(row.tier, brief=True),
    "number": lambda row, hand: f'<span class="nowrap">{row.number[4:]}</span>',
    "state": lambda row, hand: hand.state(row.state),
    "assignee": lambda row, hand: hand.avatar(row.assignee.full_name if row.assignee else None),
    "team": lambda row, hand: _clip(row.team),
    "category": lambda row, hand: _clip(category_name(row.category) if row.category else ""),
    "order": lambda row, hand: _clip(row.order_number),
    "tags": lambda row, hand: _clip(", ".join(getattr(row, "tag_labels", ()))),
}
