"""Where people disagree with the machine, week by week: a page and a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, rules_page
from desk.csv_file import BYTE_ORDER_MARK, Echo, safe
from desk.triage.words import queue_names
from helpdesk.common import clock
from tickets.catalogue import category_name
from tickets.models import TriageWeek
from tickets.selectors import visible_tickets
from tickets.weekly_triage import figures_of, monday_of

WEEKS = 8


@require_GET
@rules_page
def week(request: DeskRequest) -> HttpResponse:
    monday = _asked(request)
    figures = figures_of(monday)
    this = monday_of(clock.for_display())
    context = {
        "section": "rules",
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "figures": figures,
        "percent": round(figures["rate"] * 100, 1),
        "categories": [_row(row, category_name(row["of"][0])) for row in figures["categories"]],
        "rules": [_row(row, row["of"][0], row["of"][1]) for row in figures["rules"]],
        "pairs": _pairs(figures["pairs"], request),
        "weeks": [this - timedelta(days=7 * back) for back in range(WEEKS)],
        "sent": TriageWeek.objects.filter(monday=monday).first(),
        "is_this": monday == this,
    }
    return render(request, "desk/triage/weeks.html", context)


@require_GET
@rules_page
def export(request: DeskRequest) -> HttpResponseBase:
    monday = _asked(request)
    lines = list(_csv(monday))
    return StreamingHttpResponse(
        iter(lines),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="triase-{monday}.csv"'},
    )


def _csv(monday: date) -> Iterator[str]:
    figures, writer = figures_of(monday), csv.writer(Echo())
    yield BYTE_ORDER_MARK
    titles = (_("Week from"), _("By"), _("Name"), _("Version of the rules"), _("Decided"))
    counts = (_("Corrected"), _("Category differs"), _("Priority differs"), _("Team differs"))
    yield writer.writerow([*titles, *counts, _("Rate")])
    for part, label in (("categories", _("category")), ("rules", _("rule"))):
        for row in figures[part]:
            name = category_name(row["of"][0]) if part == "categories" else row["of"][0]
            version = row["of"][1] if part == "rules" else ""
            numbers = [row[n] for n in ("decided", "corrected", "category", "priority", "queue")]
            cells = [monday.isoformat(), label, name, version, *numbers, round(row["rate"], 4)]
            yield writer.writerow([safe(cell) for cell in cells])


def _asked(request: DeskRequest) -> date:
    """The Monday of the week that was asked for; what cannot be read is the week before this one."""
    last = monday_of(clock.for_display()) - timedelta(days=7)
    try:
        asked = date.fromisoformat(request.GET.get("pekan", ""))
    except ValueError:
        return last
    in_reach = date(2000, 1, 3) <= asked <= last + timedelta(days=7)
    return asked - timedelta(days=asked.weekday()) if in_reach else last


def _row(row: dict[str, Any], name: str, version: int | None = None) -> dict[str, Any]:
    return {**row, "name": name, "version": version, "percent": round(row["rate"] * 100, 1)}


def _pairs(pairs: list[dict[str, Any]], request: DeskRequest) -> list[dict[str, Any]]:
    """In words, with the tickets that the reader may see."""
    ids = [pk for pair in pairs for pk in pair["tickets"]]
    seen = dict(visible_tickets(request.actor).filter(pk__in=ids).values_list("pk", "number"))
    queues = queue_names()

    def words(said: tuple[str, str, str]) -> str:
        category, priority, queue = said
        return f"{category_name(category)}, {priority}, {queues.get(queue, queue)}"

    return [
        {
            "machine": words(pair["machine"]),
            "people": words(pair["people"]),
            "number": pair["number"],
            "tickets": [seen[pk] for pk in pair["tickets"] if pk in seen],
        }
        for pair in pairs
    ]
