"""The part of the command palette that is not on every page."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from desk.palette import more_for


@require_GET
@desk_page
def more(request: DeskRequest) -> HttpResponse:
    return JsonResponse(more_for(request.actor))
