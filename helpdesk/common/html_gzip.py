"""Pages go compressed over the wire; our other answers are small, or packed already."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class HtmlGzipMiddleware(GZipMiddleware):
    """Django's own, for HTML alone: it would make the API's ETags weak, which If-Match then
    refuses. It pads each answer by chance, so that its length tells nothing (BREACH)."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.get("Content-Type", "")
        if not isinstance(response, HttpResponse) or not kind.startswith("text/html"):
            return response
        if response.has_header("ETag"):
            return response
        return super().process_response(request, response)
