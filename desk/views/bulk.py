"""Many tickets at once: choosing what for, looking at what would be refused, doing it, the results."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from desk.access import DeskRequest, desk_page
from desk.bulk import Chosen, chosen_of, first_of, matching
from desk.bulk_forms import ManyForm
from desk.bulk_page import csv_of, job_context, jobs_context
from desk.bulk_verbs import MANY_VERBS, ManyVerb
from desk.work_page import Wanted
from helpdesk.common.errors import InvalidInput, Refusal
from tickets.bulk_reads import job_for_actor_or_404
from tickets.models import BulkJob
from tickets.services import (
    BULK_MOST,
    JOB_MOST,
    again_bulk_job,
    bulk_permission,
    confirm_bulk_job,
    start_bulk_job,
    stop_bulk_job,
    work_on_job,
)
from tickets.tasks import work_on_bulk_jobs

# A few tickets are through before the page comes; the worker takes the rest.
AT_ONCE_SECONDS = 1.5


@require_http_methods(["GET", "POST"])
@desk_page
def many(request: DeskRequest) -> HttpResponse:
    """Choosing leads here by GET, so that it works without script; POST tries it on each ticket."""
    asked = request.POST if request.method == "POST" else request.GET
    verb = MANY_VERBS.get(asked.get("verb", ""))
    if verb is None:
        raise Http404("verb")
    if not request.actor.may(bulk_permission(verb.name)):
        raise PermissionDenied
    wanted = Wanted.read(request)
    try:
        chosen = chosen_of(request.actor, wanted, asked)
    except InvalidInput as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:queue")
    if request.method == "GET":
        return _page(
            request, wanted, verb, verb.form(actor=request.actor, ticket_ids=chosen.ids), chosen
        )
    form = verb.form(request.POST, actor=request.actor, ticket_ids=chosen.ids)
    if form.is_valid():
        try:
            job = start_bulk_job(
                actor=request.actor,
                order=form.order(verb.name),
                ticket_ids=chosen.ids,
                source=chosen.source,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _go_on(request, job)
    return _page(request, wanted, verb, form, chosen, status=400)


@require_GET
@desk_page
def matching_count(request: DeskRequest) -> HttpResponse:
    """How many tickets the list holds, for the words beside 'all that match'."""
    try:
        chosen = matching(request.actor, Wanted.read(request))
    except InvalidInput:
        return HttpResponse(status=204)
    return render(request, "desk/bulk/all_words.html", {"chosen": chosen})


@require_GET
@desk_page
def jobs(request: DeskRequest) -> HttpResponse:
    return render(request, "desk/bulk/jobs.html", jobs_context(request.actor))


@require_GET
@desk_page
def job(request: DeskRequest, pk: int) -> HttpResponse:
    return _job(request, pk, "desk/bulk/job.html")


@require_GET
@desk_page
def job_live(request: DeskRequest, pk: int) -> HttpResponse:
    return _job(request, pk, "desk/bulk/job_live.html")


@require_GET
@desk_page
def job_csv(request: DeskRequest, pk: int) -> StreamingHttpResponse:
    found = job_for_actor_or_404(request.actor, pk)
    lines = csv_of(request.actor, found, request.GET.get("outcome", ""))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="massal-{found.pk}.csv"'
    return response


@require_POST
@desk_page
def confirm(request: DeskRequest, pk: int) -> HttpResponse:
    try:
        found = confirm_bulk_job(actor=request.actor, job_id=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:bulk_job", pk=pk)
    return _go_on(request, found)


@require_POST
@desk_page
def stop(request: DeskRequest, pk: int) -> HttpResponse:
    stop_bulk_job(actor=request.actor, job_id=pk)
    return redirect("desk:bulk_job", pk=pk)


@require_POST
@desk_page
def again(request: DeskRequest, pk: int) -> HttpResponse:
    """A new job for what this one did not reach."""
    try:
        made = again_bulk_job(actor=request.actor, job_id=pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("desk:bulk_job", pk=pk)
    return _go_on(request, made)


def _go_on(request: DeskRequest, found: BulkJob) -> HttpResponse:
    """The first seconds here, the rest by the worker; without a broker beat wakes it."""
    if found.is_working:
        work_on_job(found, within=AT_ONCE_SECONDS)
        work_on_bulk_jobs.delay_on_commit()  # type: ignore[attr-defined]
    return redirect("desk:bulk_job", pk=found.pk)


def _job(request: DeskRequest, pk: int, template: str) -> HttpResponse:
    found = job_for_actor_or_404(request.actor, pk)
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and 0 < len(page) < 4 else 1
    context = job_context(request.actor, found, request.GET.get("outcome", ""), max(1, number))
    return render(request, template, context)


def _page(
    request: DeskRequest,
    wanted: Wanted,
    verb: ManyVerb,
    form: ManyForm,
    chosen: Chosen,
    *,
    status: int = 200,
) -> HttpResponse:
    most = BULK_MOST if not chosen.everything else 20
    context = {
        "section": "queue",
        "wanted": wanted,
        "verb": verb,
        "form": form,
        "chosen": chosen,
        "tickets": first_of(request.actor, chosen, most),
        "more": not chosen.everything and len(chosen.ids) > BULK_MOST,
        "most": BULK_MOST,
        "job_most": JOB_MOST,
    }
    return render(request, "desk/bulk/page.html", context, status=status)
