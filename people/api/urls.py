from __future__ import annotations

from django.urls import path

from people.api import views

urlpatterns = [
    path("me", views.me),
    path("teams", views.teams),
    path("organisation", views.profile),
]
