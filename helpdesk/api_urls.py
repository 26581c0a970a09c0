"""The API's own description, and one answer for every address below /api/ that does not exist."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from helpdesk.common.problems import not_found
from people.api.oauth import token


@csrf_exempt  # nothing is changed here: a wrong address is no question of cookies
def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    return not_found().as_response()


# The interactive documentation is a page: a visitor is led to sign in, not told 401.
documentation = login_required(SpectacularSwaggerSplitView.as_view(url_name="api_schema"))

urlpatterns = [
    path("v1/schema/", SpectacularAPIView.as_view(), name="api_schema"),
    path("oauth/token", token, name="oauth_token"),
    path("docs/", documentation, name="api_docs"),
    re_path(r"^(?P<rest>.*)$", nothing_here),
]
