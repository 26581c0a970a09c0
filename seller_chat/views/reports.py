from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.common.errors import Refusal
from seller_chat.evidence import is_whole, proofs_of
from seller_chat.forms import ReportForm
from seller_chat.models import ChatMessage
from seller_chat.selectors import own_conversation_or_404, report_or_404
from seller_chat.services import report_buyer
from seller_chat.talks import withheld_from
from seller_chat.views.access import SellerRequest, seller_page

SHOWN = 60


@require_http_methods(["GET", "POST"])
@seller_page
def report(request: SellerRequest, key: str) -> HttpResponse:
    """Pick the messages and the reason, send: `?pesan=` picks the one from which one comes."""
    conversation = own_conversation_or_404(request.actor, key)
    form, status = ReportForm(request.POST or None), 200
    posted = request.method == "POST"
    picked = _numbers(request.POST.getlist("messages") if posted else request.GET.getlist("pesan"))
    if posted:
        status = 400
        if form.is_valid():
            try:
                made = report_buyer(
                    actor=request.actor,
                    conversation_id=conversation.pk,
                    reason=form.cleaned_data["reason"],
                    message_ids=sorted(picked),
                    note=form.cleaned_data["note"],
                )
                return redirect("seller:report", key=made.key)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    said = conversation.messages.filter(delivered_at__isnull=False)
    shown = said.exclude(state=ChatMessage.State.DELETED).order_by("-id")[:SHOWN]
    context = {
        "shop": request.shop,
        "conversation": conversation,
        "said": list(reversed(shown)),
        "withheld": withheld_from(conversation),
        "picked": picked,
        "form": form,
    }
    return render(request, "seller_chat/report_buyer.html", context, status=status)


@require_safe
@seller_page
def reported(request: SellerRequest, key: str) -> HttpResponse:
    found = report_or_404(request.actor, key)
    proofs = proofs_of(found)
    context = {
        "shop": request.shop,
        "report": found,
        "proofs": proofs,
        "whole": is_whole(found, proofs),
    }
    return render(request, "seller_chat/report.html", context)


def _numbers(texts: list[str]) -> set[int]:
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 18}
