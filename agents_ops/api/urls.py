from __future__ import annotations

from django.urls import path

from agents_ops.api import playbooks, runs, verifications

TICKET = "tickets/<str:number>"

urlpatterns = [
    path("playbooks", playbooks.playbooks),
    path("playbooks/<slug:slug>", playbooks.playbook),
    path(f"{TICKET}/playbook", runs.playbook),
    path(f"{TICKET}/playbook/step", runs.step),
    path(f"{TICKET}/playbook/skip", runs.skip),
    path(f"{TICKET}/playbook/leave", runs.leave),
    path(f"{TICKET}/verifications", verifications.verifications),
    path(f"{TICKET}/verifications/failure", verifications.failure),
]
