from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from helpdesk.common import clock
from seller_chat.evaluating import messages_judged
from seller_chat.home_page import home_context
from seller_chat.models import EvaluationWeek, Verdict
from seller_chat.selectors import messages_by_id, week_of
from seller_chat.services.evaluation import running_span, span_of
from seller_chat.views.access import SellerRequest, seller_page

PAGE = 50


@require_safe
@seller_page
def home(request: SellerRequest) -> HttpResponse:
    context = home_context(request.shop, request.actor, clock.now())
    return render(request, "seller_chat/home.html", context)


@require_safe
@seller_page
def messages(request: SellerRequest, monday: date) -> HttpResponse:
    """The messages behind a figure of a week; `?hasil=` names the verdict, without it all."""
    wanted = request.GET.get("hasil", "")
    if wanted and wanted not in Verdict.values:
        raise Http404("verdict")
    running = running_span()
    week = None
    if monday != running.monday:
        week = get_object_or_404(EvaluationWeek, week_start=monday, evaluated_at__isnull=False)
    after = request.GET.get("setelah", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    span = span_of(week) if week else running
    rows = messages_judged(
        span, request.shop.pk, [wanted] if wanted else Verdict.values, after=start, limit=PAGE + 1
    )
    verdicts = dict(rows[:PAGE])
    context = {
        "shop": request.shop,
        "monday": monday,
        "row": week_of(request.shop, week) if week else None,
        "wanted": wanted,
        "label": Verdict(wanted).label if wanted else "",
        "lines": [
            (message, verdicts[message.pk], Verdict(verdicts[message.pk]).label)
            for message in messages_by_id(request.shop, list(verdicts))
        ],
        "next": rows[PAGE - 1][0] if len(rows) > PAGE else None,
    }
    return render(request, "seller_chat/week.html", context)
