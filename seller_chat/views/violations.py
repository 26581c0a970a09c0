from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.common import clock
from helpdesk.common.errors import Refusal
from seller_chat.forms import AppealForm
from seller_chat.home_page import found_of
from seller_chat.news import proof_of
from seller_chat.selectors import document_or_404, violation_or_404
from seller_chat.services import open_appeal
from seller_chat.views.access import SellerRequest, seller_page
from tickets.downloads import attachment_response


@require_http_methods(["GET", "POST"])
@seller_page
def violation(request: SellerRequest, pk: int) -> HttpResponse:
    """What was found, what proves it, and the way to appeal."""
    found = violation_or_404(request.actor, pk)
    form, status = AppealForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                words, files = form.cleaned_data["text"], form.cleaned_data["documents"]
                open_appeal(actor=request.actor, violation_id=pk, text=words, files=files)
                return redirect("seller:violation", pk=pk)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context = {
        "shop": request.shop,
        "each": found_of(found, clock.now()),
        "proof": proof_of(found),
        "form": form,
    }
    return render(request, "seller_chat/violation.html", context, status=status)


@require_safe
@seller_page
def document(request: SellerRequest, key: str) -> FileResponse:
    found = document_or_404(request.actor, key)
    return attachment_response(found, inline=found.is_image)
