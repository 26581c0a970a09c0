"""`{% load list_ui %}`: a row of the list of tickets.

Forty of them stand on every queue page and every ticket page, so the row is put together here in
plain Python: the template engine took ten times as long, most of a page's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helpdesk.common.templatetags.timers import timer_part
from helpdesk.common.templatetags.ui import avatar, channel, icon, prio, state, tier, wib
from tickets.catalogue import category_name
from tickets.models import Message, Ticket
from tickets.search.excerpts import Piece, Shown

register = template.Library()
SAMPLE = "TUN-0000-0000"
PICKABLE, OOB, CURRENT = (
    ' class="pickable"',
    ' hx-swap-oob="morph"',
    ' aria-current="true"',
)


@register.simple_tag(takes_context=True)
def ticket_row(context: Context, row: Ticket, *, oob: bool = False) -> SafeString:
    """One row as a link; with `oob` it takes the place of the same row on the page."""
    pickable = bool(context["may"]["work_ticket"])
    address = _address(context).replace(SAMPLE, row.number)
    code = escape(str(context["organisation"]["quick_code"])) if row.expedited else ""
    unread = bool(getattr(row, "unread", False))
    meta = "".join(COLUMNS[name](row) for name in context["columns"])
    html = (
        f'<li id="row-{row.pk}"{PICKABLE if pickable else ""}{OOB if oob else ""}>'
        f"{_tick(row) if pickable else ''}"
        f'<a data-number="{row.number}" class="row{" unread" if unread else ""}" href="{address}"'
        f' hx-get="{address}" hx-target="#pane" hx-swap="outerHTML" hx-push-url="true"'
        f"{CURRENT if row.number == context.get('current') else ''}>"
        f'<span class="l1">{prio(row.priority or "–")}<span class="subj clip">'
        f"{escape(row.subject)}</span>{wib(row.received_at, 'short')}</span>"
        f'<span class="meta">{_marks(row, code)}{meta}</span>{_time_left(row)}'
        f"{_hidden(_('With news')) if unread else ''}</a></li>"
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


@register.simple_tag(takes_context=True)
def found_row(context: Context, row: Shown) -> SafeString:
    """A ticket that a search found, with the words that were searched for marked."""
    ticket: Any = row.ticket
    pickable = bool(context["may"]["work_ticket"])
    address = _address(context).replace(SAMPLE, ticket.number)
    order = f'<span class="clip">{marked(row.order_number)}</span>' if row.order_number else ""
    html = (
        f'<li id="row-{ticket.pk}"{PICKABLE if pickable else ""}>{_tick(ticket) if pickable else ""}'
        f'<a data-number="{ticket.number}" class="row found{" unread" if ticket.unread else ""}"'
        f' href="{address}" hx-get="{address}" hx-target="#pane" hx-swap="outerHTML"'
        f' hx-push-url="true"{CURRENT if ticket.number == context.get("current") else ""}>'
        f'<span class="l1">{prio(ticket.priority or "–")}<span class="subj clip">'
        f"{marked(row.subject)}</span>{wib(ticket.received_at, 'short')}</span>{_excerpt(row)}"
        f'<span class="meta"><span class="clip">{marked(row.customer)}</span>'
        f'<span class="nowrap">{ticket.number[4:]}</span>{order}{state(ticket.state)}</span>'
        f'<span class="meta">{_clip(ticket.team)}<span class="push">'
        f"{avatar(ticket.assignee.full_name if ticket.assignee else None)}</span></span>"
        f"{_hidden(_('With news')) if ticket.unread else ''}</a></li>"
    )
    return mark_safe(html)  # noqa: S308 - every word above is escaped or a part of ours


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


def _address(context: Context) -> str:
    """The address of any ticket beside this list; made once for all rows."""
    kept: str | None = context.render_context.get("row address")
    if kept is None:
        query = escape(context["wanted"].address)
        kept = f"{reverse('desk:ticket', args=[SAMPLE])}?{query}"
        context.render_context["row address"] = kept
    return kept


def _hidden(words: str) -> str:
    return f'<span class="sr">{escape(words)}</span>'


def _tick(row: Ticket) -> str:
    words = _("Choose %(number)s") % {"number": row.number}
    return (
        '<label class="pick"><input class="tick" type="checkbox" name="numbers"'
        f' value="{row.number}" form="bulk">{_hidden(words)}</label>'
    )


def _marks(row: Ticket, quick_code: str) -> str:
    parts = ""
    if getattr(row, "mentioned", False):
        parts += _mark("at", "tag-violet", _("You were mentioned"))
    if getattr(row, "begun", False):
        parts += _mark("edit", "tag-blue", _("Your draft waits here"))
    if quick_code:
        parts += _mark("bolt", "tag-note", quick_code)
    if row.held_until and row.next_due_at:
        parts += _mark("pause", "tag-blue", _("On hold"))
    return parts


def _mark(name: str, tone: str, words: str) -> str:
    return f'<span class="tag {tone}" title="{words}">{icon(name)}{_hidden(words)}</span>'


def _time_left(row: Ticket) -> str:
    if row.next_due_at:
        return timer_part(row.next_due_at, row.next_due_from, row.next_due_kind)
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
COLUMNS: Mapping[str, Callable[[Ticket], str]] = {
    "channel": lambda row: channel(row.channel),
    "customer": lambda row: _clip(row.customer.shown_name),
    "tier": lambda row: tier(row.tier, brief=True),
    "number": lambda row: f'<span class="nowrap">{row.number[4:]}</span>',
    "state": lambda row: state(row.state),
    "assignee": lambda row: avatar(row.assignee.full_name if row.assignee else None),
    "team": lambda row: _clip(row.team),
    "category": lambda row: _clip(category_name(row.category) if row.category else ""),
    "order": lambda row: _clip(row.order_number),
    "tags": lambda row: _clip(", ".join(getattr(row, "tag_labels", ()))),
}
