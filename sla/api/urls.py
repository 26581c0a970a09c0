from __future__ import annotations

from django.urls import path

from sla.api import engine, explaining, policies, views

urlpatterns = [
    path("tickets/<str:number>/clocks", views.clocks),
    path("tickets/<str:number>/clocks/log", views.clock_log),
    path("tickets/<str:number>/clocks/explanation", explaining.explanation),
    path("sla/lateness", views.lateness),
    path("sla/engine", engine.engine),
    path("sla/policy", policies.policy),
    path("sla/policies", policies.policies),
]
