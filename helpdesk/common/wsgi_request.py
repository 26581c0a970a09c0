"""Django's request, but made also when the Content-Type names a charset that is no text encoding.

`charset=bz2` passes Django's own check and then breaks while the request object is being made:
before any middleware could answer (CPython keeps such codecs beside the real encodings).
"""

from __future__ import annotations

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class ForgivingRequest(WSGIRequest):
    def __init__(self, environ: dict[str, Any]) -> None:
        environ["CONTENT_TYPE"] = _readable(str(environ.get("CONTENT_TYPE", "")))
        super().__init__(environ)


def _readable(content_type: str) -> str:
    """The header as it is, or its media type alone when the charset cannot decode text."""
    if "charset" not in content_type.lower():
        return content_type
    try:
        _media_type, parameters = parse_header_parameters(content_type)
        "".encode(parameters.get("charset", "utf-8"))
    except (LookupError, ValueError):
        return content_type.split(";", 1)[0].strip()
    return content_type
