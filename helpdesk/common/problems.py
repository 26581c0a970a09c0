"""Every error of the API as a problem document (RFC 9457), in both languages.

Members: type ("/problems/<code>", stable), title, status, code, detail (in the language of the
request), detail_id, detail_en, and errors: one entry for each part that was refused, with its
field, code and message. There is no `instance`: a ticket that may not be seen answers byte for
byte like one that never was.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views import defaults
from rest_framework import exceptions as drf

from helpdesk.common.client_address import client_address
from helpdesk.common.errors import Conflict, Refusal, TooMany
from helpdesk.common.outage import is_outage
from helpdesk.common.wording import LANGUAGES, said_in
from helpdesk.common.wording import gettext as _

CONTENT_TYPE = "application/problem+json"
BUSY_RETRY_SECONDS = 2
# Refusals whose meaning in HTTP is more exact than their class tells.
STATUS_OF_CODE = {"reference_reused": 422, "idempotency_key_reused": 422}

security_log = logging.getLogger("tuntas.security")


@dataclass(frozen=True)
class FieldError:
    """`field` is the path of the part ('amount_idr', 'plan.0'), empty for the whole."""

    field: str
    code: str
    message: Any


@dataclass(frozen=True)
class Problem:
    status: int
    code: str
    detail: Any
    errors: list[FieldError] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The members as sent; `detail` is in the language active now."""
        return {
            "type": f"/problems/{self.code}",
            "title": str(title_of(self.status)),
            "status": self.status,
            "code": self.code,
            "detail": str(self.detail),
            **{f"detail_{language}": said_in(self.detail, language) for language in LANGUAGES},
            "errors": [_entry(error) for error in self.errors],
        }

    def as_response(self) -> JsonResponse:
        """Always JSON, whatever format the view itself answers in."""
        response = JsonResponse(
            self.document(), status=self.status, headers=self.headers, content_type=CONTENT_TYPE
        )
        response["Cache-Control"] = "no-store"
        return response


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's hook: the answer to whatever a view raised; None for an error of ours."""
    request = context.get("request")
    problem = problem_of(error, has_precondition=_has_precondition(request))
    if problem is None:
        return None
    if isinstance(error, drf.APIException) and (challenge := getattr(error, "auth_header", None)):
        problem.headers["WWW-Authenticate"] = challenge
    if request is not None and problem.status in (401, 403, 404, 429):
        _note_attempt(request, problem)
    return problem.as_response()


def problem_of(error: Exception, *, has_precondition: bool = False) -> Problem | None:
    """What the error means to the caller, None when it is no refusal but a fault."""
    if isinstance(error, Refusal):
        return _of_refusal(error, has_precondition=has_precondition)
    if isinstance(error, drf.APIException):
        return _of_framework(error)
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, PermissionDenied):
        return Problem(403, "not_allowed", _("Your role does not permit this."))
    if isinstance(error, RequestDataTooBig):
        return too_large()
    if isinstance(error, SuspiciousOperation | UnreadablePostError):
        return Problem(400, "malformed_request", _("The request cannot be read."))
    if is_outage(error):
        logging.getLogger(__name__).warning("database refused: %s", error)
        return busy()
    return None


def not_found() -> Problem:
    """One answer for what is not there and what may not be seen."""
    return Problem(404, "not_found", _("There is nothing here that you may see."))


def too_large() -> Problem:
    return Problem(413, "too_large", _("The request is too large."))


def busy() -> Problem:
    """The database refused for the moment: nothing was changed, a moment later it may pass."""
    headers = {"Retry-After": str(BUSY_RETRY_SECONDS)}
    return Problem(503, "busy", _("Too much at once. Please try again."), headers=headers)


def fault() -> Problem:
    """For the edge's last resort: something of ours broke; nothing about it is told."""
    return Problem(500, "fault", _("Something went wrong on our side. Nothing was changed."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a problem document below /api/, the page elsewhere."""
    return fault().as_response() if is_api(request) else defaults.server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: what Django itself refuses before any view, such as a foreign Host."""
    if not is_api(request):
        return defaults.bad_request(request, exception)
    return Problem(400, "malformed_request", _("The request cannot be read.")).as_response()


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def title_of(status: int) -> str:
    titles = {
        400: _("The request cannot be accepted"),
        401: _("Not signed in"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Method not possible"),
        406: _("Format not possible"),
        409: _("In conflict with the present state"),
        412: _("Changed in the meantime"),
        413: _("Too large"),
        415: _("Content type not possible"),
        422: _("Idempotency key used before"),
        429: _("Too many requests"),
        500: _("Fault on our side"),
        503: _("Busy"),
    }
    return titles.get(status, _("Error"))


def example_of(status: int) -> tuple[str, Any]:
    """A code and a sentence that answers of this status have, for the document of the API."""
    conflict = _("This is not possible while the ticket is '%(state)s'.") % {"state": "closed"}
    shown = {
        400: ("invalid_input", _("Please mend the marked fields.")),
        401: ("not_authenticated", _("Send a token: Authorization: Bearer …")),
        403: ("not_allowed", _("Your role does not permit this.")),
        404: ("not_found", not_found().detail),
        409: ("wrong_state", conflict),
        412: (
            "precondition_failed",
            _("Somebody else changed this ticket a moment ago. Look at it again, then decide."),
        ),
        413: ("too_large", too_large().detail),
        415: (
            "unsupported_media_type",
            _("Send application/json, or multipart/form-data where files are possible."),
        ),
        422: (
            "idempotency_key_reused",
            _("This Idempotency-Key was already used for another request."),
        ),
        429: ("too_many_requests", _("Too many attempts. Please try again later.")),
    }
    return shown.get(status, ("refused", _("The request cannot be accepted")))


def _of_refusal(refusal: Refusal, *, has_precondition: bool) -> Problem:
    status, code = STATUS_OF_CODE.get(refusal.code, refusal.status), refusal.code
    if isinstance(refusal, Conflict) and code == Conflict.code and has_precondition:
        status, code = 412, "precondition_failed"
    return Problem(
        status=status,
        code=code,
        detail=refusal.message,
        errors=[_field_error(name, what, code) for name, what in refusal.fields.items()],
        headers={"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {},
    )


def _field_error(name: str, what: Any, code: str) -> FieldError:
    return what if isinstance(what, FieldError) else FieldError(name, code, what)


def _of_framework(error: drf.APIException) -> Problem:
    headers = {}
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    if isinstance(error, drf.PermissionDenied) and "CSRF" in str(error.detail):
        return Problem(403, "csrf_failed", _("A request with a session needs its CSRF token."))
    known: list[tuple[type[drf.APIException], str, Any]] = [
        (drf.AuthenticationFailed, "invalid_token", _("This token is not valid.")),
        (drf.NotAuthenticated, "not_authenticated", _("Send a token: Authorization: Bearer …")),
        (drf.PermissionDenied, "not_allowed", _("Your role does not permit this.")),
        (drf.NotFound, "not_found", not_found().detail),
        (drf.MethodNotAllowed, "method_not_allowed", _("This address does not know the method.")),
        (drf.NotAcceptable, "not_acceptable", _("This address answers in JSON only.")),
        (
            drf.UnsupportedMediaType,
            "unsupported_media_type",
            _("Send application/json, or multipart/form-data where files are possible."),
        ),
        (drf.Throttled, "too_many_requests", _("Too many attempts. Please try again later.")),
        (drf.ParseError, "malformed_request", _("The request cannot be read.")),
    ]
    for kind, code, detail in known:
        if isinstance(error, kind):
            return Problem(error.status_code, code, detail, headers=headers)
    return Problem(
        error.status_code, "refused", _("The request cannot be accepted"), headers=headers
    )


def _entry(error: FieldError) -> dict[str, str]:
    return {
        "field": error.field,
        "code": error.code,
        "message": str(error.message),
        **{f"message_{language}": said_in(error.message, language) for language in LANGUAGES},
    }


def _has_precondition(request: Any) -> bool:
    return request is not None and "If-Match" in request.headers


def _note_attempt(request: Any, problem: Problem) -> None:
    """Who tried what in vain, for those who watch: never what was sent."""
    user = getattr(request, "user", None) if problem.status != 401 else None
    security_log.info(
        "refused status=%s code=%s user=%s address=%s %s %s",
        problem.status,
        problem.code,
        getattr(user, "pk", None),
        client_address(request),
        request.method,
        request.path[:200],
    )
