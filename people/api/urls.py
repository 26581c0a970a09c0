from __future__ import annotations

from django.urls import path

from people.api import status, views

urlpatterns = [
    path("me", views.me),
    path("me/status", status.own),
    path("people/<int:pk>/status", status.of_person),
    path("teams", views.teams),
    path("organisation", views.profile),
]
