from __future__ import annotations

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from desk.access import DeskRequest, DeskView, desk_page


def rules_page(view: DeskView) -> DeskView:
    """For those who may edit rules; everybody else is refused as on any page of the desk."""

    @desk_page
    @wraps(view)
    def guarded(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.may("edit_rules"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
