"""The ledger of escalations, on a page and as a file."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.csv_file import csv_download
from desk.ledger_csv import csv_lines
from desk.ledger_page import every_line, filter_of, ledger_context
from escalation.ledger import ledger
from helpdesk.common import clock
from helpdesk.common.durations import WIB

MAX_ROWS = 100_000


@require_GET
@desk_page
def book(request: DeskRequest) -> HttpResponse:
    _permitted(request)
    context = ledger_context(request.actor, request.GET, clock.for_display())
    return render(request, "desk/ledger/page.html", context)


@require_GET
@desk_page
def export(request: DeskRequest) -> HttpResponseBase:
    """The same filter, at most MAX_ROWS lines; sent while it is read."""
    _permitted(request)
    now = clock.for_display()
    rows = ledger(filter_of(request.GET, now).wanted(), actor=request.actor)
    lines = csv_lines(every_line(rows, limit=MAX_ROWS))
    return csv_download(lines, f"buku-eskalasi-{now.astimezone(WIB):%Y%m%d-%H%M}")


def _permitted(request: DeskRequest) -> None:
    if not request.user.may("view_dashboard"):
        raise PermissionDenied
