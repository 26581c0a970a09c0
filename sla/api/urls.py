from __future__ import annotations

from django.urls import path

from sla.api import views

urlpatterns = [
    path("tickets/<str:number>/clocks", views.clocks),
    path("sla/lateness", views.lateness),
]
