"""The list of conversations and one of them, for either side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from helpdesk.common import clock
from helpdesk.common.errors import NotAllowed, Refusal, TooMany
from seller_chat.models import ChatMessage, Conversation
from seller_chat.services import (
    ask_second_look,
    delete_message,
    mark_seen,
    send_message,
    undo_waiver,
    waive_reply,
)
from seller_chat.talk_forms import MessageForm
from seller_chat.talks import (
    attachment_for_actor_or_404,
    conversation_for_actor_or_404,
    holiday_now,
    last_clock_of,
    listed,
    mark_of,
    messages_for,
)
from seller_chat.views.edge import ChatRequest, Side, chat_page, try_and_return
from tickets.downloads import attachment_response

PAGE = 30


@chat_page
@require_safe
def conversations(request: ChatRequest, side: Side) -> HttpResponse:
    """The latest first; `?before=<n>` skips as many."""
    skip = request.GET.get("before", "")
    first = int(skip) if skip.isascii() and skip.isdigit() and len(skip) < 6 else 0
    rows = list(listed(request.actor, side)[first : first + PAGE + 1])
    context = {
        "side": side,
        "rows": rows[:PAGE],
        "next": first + PAGE if len(rows) > PAGE else None,
        "now": clock.for_display(),
    }
    return render(request, "seller_chat/list.html", context)


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: ChatRequest, side: Side, key: str) -> HttpResponse:
    found = conversation_for_actor_or_404(request.actor, key, side)
    if request.method != "POST":
        return _page(request, side, found, MessageForm())
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, side, found, form, status=400)
    try:
        sent = send_message(
            actor=request.actor,
            conversation_id=found.pk,
            body=form.cleaned_data["body"],
            files=form.cleaned_data["files"],
            submission_key=form.key,
        )
    except (NotAllowed, TooMany):
        raise
    except Refusal as refusal:
        form.take(refusal)
        return _page(request, side, found, form, status=refusal.status)
    _say(request, sent.message)
    return redirect(place_of(side, found))


def _say(request: HttpRequest, message: ChatMessage) -> None:
    if message.state == ChatMessage.State.HELD:
        messages.warning(request, _("Your message is held back. See below why."))
    elif message.masked:
        messages.info(request, _("Sent. Contact data or codes in it were masked."))


def place_of(side: Side, found: Conversation) -> str:
    return reverse(f"chat:{side}", args=[found.key])


def _page(
    request: ChatRequest, side: Side, found: Conversation, form: MessageForm, *, status: int = 200
) -> HttpResponse:
    context = {**_thread(request, side, found), "form": form}
    return render(request, "seller_chat/page.html", context, status=status)


def _thread(request: ChatRequest, side: Side, found: Conversation) -> dict[str, Any]:
    now = clock.for_display()
    shown = list(messages_for(found, side))
    last = last_clock_of(found)
    seen, theirs = found.buyer_seen, found.shop_seen
    if side == "seller":
        seen, theirs = theirs, seen
    newest = max((each.pk for each in shown if each.state != "held"), default=0)
    waived = last is not None and last.ended_how == "waived"
    return {
        "side": side,
        "conversation": found,
        "shown": shown,
        "clock": last if last is not None and last.ended_at is None else None,
        "waived": waived,
        "mark": mark_of(found),
        "unseen": newest if newest > seen else 0,
        "seen_by_other": theirs,
        "holiday": holiday_now(found.shop_id, now),
        "now": now,
    }


@chat_page
@require_safe
def live(request: ChatRequest, side: Side, key: str) -> HttpResponse:
    """The thread, if something happened since `?mark=`."""
    found = conversation_for_actor_or_404(request.actor, key, side)
    if request.GET.get("mark") == mark_of(found):
        return HttpResponse(status=204)
    return render(request, "seller_chat/thread.html", _thread(request, side, found))


@chat_page
@require_POST
def seen(request: ChatRequest, side: Side, key: str) -> HttpResponse:
    found = conversation_for_actor_or_404(request.actor, key, side)
    newest = request.POST.get("up_to", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        mark_seen(actor=request.actor, conversation_id=found.pk, up_to=int(newest))
    return HttpResponse(status=204)


@chat_page
@require_POST
def act(request: ChatRequest, side: Side, key: str, verb: str) -> HttpResponse:
    """Waive a reply (the shop), ask for one after all (the buyer)."""
    found = conversation_for_actor_or_404(request.actor, key, side)
    does = waive_reply if verb == "waive" else undo_waiver
    return try_and_return(
        request,
        lambda: does(actor=request.actor, conversation_id=found.pk),
        place_of(side, found),
        "",
    )


@chat_page
@require_POST
def act_on(request: ChatRequest, side: Side, key: str, pk: int, verb: str) -> HttpResponse:
    """Delete one's own message, or ask for a second look at a held one."""
    found = conversation_for_actor_or_404(request.actor, key, side)
    does = delete_message if verb == "delete" else ask_second_look
    said = _("An officer will look at it.") if verb == "look" else ""
    return try_and_return(
        request,
        lambda: does(actor=request.actor, conversation_id=found.pk, message_id=pk),
        place_of(side, found),
        said,
    )


@chat_page
@require_safe
def attachment(request: ChatRequest, key: str) -> HttpResponseBase:
    found = attachment_for_actor_or_404(request.actor, key, clock.now())
    return attachment_response(found, inline=found.is_image)
