from __future__ import annotations

from django.http import FileResponse
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from tickets.downloads import attachment_response
from tickets.selectors import attachment_for_actor_or_404, kept_file_of


@require_GET
@desk_page
def attachment(request: DeskRequest, key: str) -> FileResponse:
    """A file, for those who may see its message; a picture is shown in place.

    One's own files of a draft too, for nobody else."""
    found = kept_file_of(request.user, key) or attachment_for_actor_or_404(request.actor, key)
    return attachment_response(found, inline=found.is_image)
