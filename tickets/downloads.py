"""Handing out a stored file, the one way for the public page, the desk and the API."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404

from tickets.services.attachments import StoredFile

logger = logging.getLogger(__name__)


def attachment_response(attachment: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file under its own name, of the type found at intake: a download, or shown in place.

    `inline` is for pictures alone; the answer may run nothing either way. The caller has checked
    access (selectors.attachment_for_actor_or_404). Raises Http404 when the store has lost the file.
    """
    try:
        content = attachment.file.open("rb")
    except FileNotFoundError:
        logger.exception("attachment %s has no file", attachment.key)
        raise Http404("file") from None
    response = FileResponse(
        content,
        as_attachment=not inline,
        filename=attachment.name,
        content_type=attachment.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store, private"
    return response
