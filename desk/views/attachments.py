from __future__ import annotations

from django.http import FileResponse, Http404
from django.views.decorators.http import require_GET

from desk.access import DeskRequest, desk_page
from tickets.selectors import attachment_for_actor_or_404


@require_GET
@desk_page
def attachment(request: DeskRequest, key: str) -> FileResponse:
    """A file, for those who may see its message. Always a download, never run in our pages."""
    found = attachment_for_actor_or_404(request.actor, key)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404("file") from None
    response = FileResponse(
        content,
        as_attachment=not found.is_image,
        filename=found.name,
        content_type=found.content_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
