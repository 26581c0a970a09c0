"""Corrections of the machine as labelled examples: the list, the review, the file."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from desk.access import DeskRequest, rules_page
from desk.triage.example_form import FilterForm
from desk.triage.words import queue_names
from helpdesk.common import clock
from helpdesk.common.durations import WIB
from helpdesk.common.errors import Refusal
from tickets.example_reads import examples
from tickets.models import TriageExample
from tickets.services.examples import corpus_lines, review_example

PAGE = 25
MOST_LINES = 50_000


@require_GET
@rules_page
def listed(request: DeskRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    pages = Paginator(examples(actor=request.actor, wanted=form.wanted), PAGE)
    asked = request.GET.copy()
    asked.pop("page", None)
    context = {
        "section": "rules",
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "query": asked.urlencode(),
        "queues": queue_names(),
    }
    return render(request, "desk/triage/examples.html", context)


@require_POST
@rules_page
def review(request: DeskRequest, pk: int) -> HttpResponse:
    """Back to the list as it was filtered, at the example."""
    accepted = request.POST.get("do") == "accept"
    try:
        review_example(actor=request.actor, example_id=pk, accepted=accepted)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        yes, no = _("Accepted for training."), _("Rejected; it will not be learnt from.")
        messages.success(request, yes if accepted else no)
    response = redirect("desk:triage_examples")
    query = request.POST.get("query", "")[:500]
    response["Location"] += f"?{query}" if query else ""
    return response


@require_GET
@rules_page
def export(request: DeskRequest) -> HttpResponseBase:
    """The accepted ones, or what the filter says, as lines of the corpus without personal data."""
    wanted = FilterForm(request.GET or {"state": TriageExample.State.ACCEPTED}).wanted
    rows = examples(actor=request.actor, wanted=wanted)[:MOST_LINES]
    name = f"contoh-triase-{clock.for_display().astimezone(WIB):%Y%m%d-%H%M}.jsonl"
    return StreamingHttpResponse(
        _lines(rows),
        content_type="application/x-ndjson; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: object) -> Iterator[str]:
    yield from corpus_lines(rows.iterator(chunk_size=500))  # type: ignore[attr-defined]
