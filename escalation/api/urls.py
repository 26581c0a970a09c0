from __future__ import annotations

from django.urls import path

from escalation.api import views

TICKET = "tickets/<str:number>"

urlpatterns = [
    path(f"{TICKET}/escalations", views.escalations),
    path(f"{TICKET}/escalation", views.escalation),
    path(f"{TICKET}/escalation/verification", views.verification),
    path(f"{TICKET}/escalation/decline", views.decline),
    path(f"{TICKET}/acceptance", views.acceptance),
    path(f"{TICKET}/progress", views.progress),
    path(f"{TICKET}/return", views.give_back),
]
