from __future__ import annotations

from django.urls import path

from agents_ops.api import (
    blocks,
    complaints,
    lookups,
    playbooks,
    quality,
    quality_reviews,
    runs,
    transaction_logs,
    verifications,
)

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
    path(f"{TICKET}/playbook/block", blocks.block),
    path(f"{TICKET}/playbook/block/by-hand", blocks.by_hand),
    path(f"{TICKET}/playbook/logins", blocks.logins),
    path(f"{TICKET}/transaction-logs", transaction_logs.logs),
    path(f"{TICKET}/transaction-logs/by-hand", transaction_logs.by_hand),
    path("transaction-logs/<str:key>", transaction_logs.download),
    path("supplier-complaints", complaints.complaints),
    path("supplier-complaints/<slug:key>", complaints.complaint),
    path("supplier-complaints/<slug:key>/press", complaints.press),
    path("supplier-complaints/<slug:key>/answers", complaints.answers),
    path(f"{TICKET}/supplier-complaint", complaints.of_ticket),
    path("quality/first-contact", quality.contact),
    path("quality/first-contact/cases", quality.contact_cases),
    path("quality/handling-times", quality.times),
    path("quality/scores", quality.qa_scores),
    path("quality/score-sheet", quality.sheet),
    path("quality/samples", quality_reviews.samples),
    path("quality/reviews", quality_reviews.reviews),
    path("quality/reviews/<int:pk>", quality_reviews.review),
    path("quality/reviews/<int:pk>/marks", quality_reviews.marks),
    path("quality/reviews/<int:pk>/answer", quality_reviews.answer),
    path("quality/reviews/<int:pk>/settlement", quality_reviews.settlement),
    path("quality/coaching-notes", quality_reviews.notes),
    path("quality/coaching-notes/read", quality_reviews.notes_read),
]
