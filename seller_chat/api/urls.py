from __future__ import annotations

from django.urls import path

from seller_chat.api import enforcement, evaluations, reports

urlpatterns = [
    path("evaluations", evaluations.evaluations),
    path("evaluations/<int:pk>/messages", evaluations.messages),
    path("violations", enforcement.violations),
    path("violations/<int:pk>", enforcement.violation),
    path("violations/<int:pk>/decision", enforcement.violation_decision),
    path("violations/<int:pk>/appeal", enforcement.violation_appeal),
    path("enforcement-actions", enforcement.actions),
    path("appeals", enforcement.appeals),
    path("appeals/<int:pk>", enforcement.appeal),
    path("appeals/<int:pk>/decision", enforcement.appeal_decision),
    path("buyer-reports", reports.reports),
    path("buyer-reports/<str:key>", reports.report),
    path("buyer-reports/<str:key>/decision", reports.decision),
]
