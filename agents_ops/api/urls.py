from __future__ import annotations

from django.urls import path

from agents_ops.api import complaints, lookups, playbooks, runs, verifications

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
    path(f"{TICKET}/playbook/lookup", lookups.lookup),
    path(f"{TICKET}/playbook/lookup/by-hand", lookups.by_hand),
    path("supplier-complaints", complaints.complaints),
    path("supplier-complaints/<slug:key>", complaints.complaint),
    path("supplier-complaints/<slug:key>/press", complaints.press),
    path("supplier-complaints/<slug:key>/answers", complaints.answers),
    path(f"{TICKET}/supplier-complaint", complaints.of_ticket),
]
