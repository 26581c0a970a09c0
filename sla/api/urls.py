from __future__ import annotations

from django.urls import path

from sla.api import views

urlpatterns = [
    path("tickets/<str:number>/clocks", views.clocks),
    path("tickets/<str:number>/clocks/log", views.clock_log),
    path("sla/lateness", views.lateness),
]
