from __future__ import annotations

from django.urls import path

from escalation.api import ledger, matrix, matrix_preview, receiving, signals, views

TICKET = "tickets/<str:number>"

urlpatterns = [
    path("signals", signals.signals),
    path("escalation/matrix", matrix.matrix),
    path("escalation/matrix/preview", matrix_preview.matrix_preview),
    path("escalation/matrix/versions", matrix_preview.matrix_versions),
    path(f"{TICKET}/escalations", views.escalations),
    path(f"{TICKET}/escalation", views.escalation),
    path(f"{TICKET}/escalation/verification", views.verification),
    path(f"{TICKET}/escalation/decline", views.decline),
    path(f"{TICKET}/acceptance", views.acceptance),
    path(f"{TICKET}/progress", views.progress),
    path(f"{TICKET}/return", views.give_back),
    path("escalation/ledger", ledger.escalation_ledger),
    path(f"{TICKET}/follow-ups", receiving.follow_ups),
    path(f"{TICKET}/follow-ups/done", receiving.follow_up_done),
    path(f"{TICKET}/follow-ups/move", receiving.follow_up_move),
    path(f"{TICKET}/target", receiving.target),
    path(f"{TICKET}/hearings", receiving.hearings),
    path(f"{TICKET}/decisions", receiving.decisions),
    path(f"{TICKET}/freezes", receiving.freezes),
    path(f"{TICKET}/freezes/lift", receiving.freeze_lift),
    path(f"{TICKET}/freezes/decision", receiving.freeze_decision),
    path(f"{TICKET}/relays", receiving.relays),
    path("freezes", receiving.all_freezes),
]
