from __future__ import annotations

from django.urls import path

from desk.api import keys, saved_views, views

urlpatterns = [
    path("tickets/<str:number>/actions", views.actions),
    path("me/keys", keys.keys),
    path("views", saved_views.views),
    path("views/<int:pk>", saved_views.view),
    path("views/<int:pk>/tickets", saved_views.view_tickets),
]
