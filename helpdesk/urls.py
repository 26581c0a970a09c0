"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("tickets.urls_public")),
    path("", include("people.urls")),
    path("", include("seller_chat.urls")),
    path("", include("seller_chat.talk_urls")),
    path("", include("desk.urls")),
    path("api/v1/", include("people.api.urls")),
    path("api/v1/", include("tickets.api.urls")),
    path("api/v1/", include("escalation.api.urls")),
    path("api/v1/", include("sla.api.urls")),
    path("api/v1/", include("agents_ops.api.urls")),
    path("api/v1/", include("seller_chat.api.urls")),
    path("api/v1/", include("desk.api.urls")),
    path("api/", include("helpdesk.api_urls")),
]

handler400 = "helpdesk.common.problems.bad_request"
handler500 = "helpdesk.common.busy.server_error"
