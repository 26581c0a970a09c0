"""The pages of quality for axe: who looks; those of reviews by the state that they are in."""

from __future__ import annotations

from django.urls import reverse

from agents_ops.models import QaReview
from people.models import User

# By name: who opens it, and the query.
QUALITY: dict[str, list[tuple[str, str]]] = {
    "desk:quality": [("teguh", "")],
    "desk:quality_contacts": [("teguh", "")],
    "desk:quality_steps": [("rizal", "")],
    "desk:quality_records": [("rizal", "")],
    "desk:quality_ended": [("rizal", "")],
    "desk:quality_reviews": [("teguh", "?state=todo")],
    "desk:quality_sample": [("teguh", "")],
    "desk:quality_mine": [("rizal", "")],
    "desk:quality_person": [("teguh", "")],
    "desk:quality_review": [("teguh", "open"), ("rizal", "told"), ("teguh", "answered")],
}


def quality_address(name: str, query: str) -> str:
    if name == "desk:quality_review":
        return reverse(name, args=[QaReview.objects.filter(state=query).latest("pk").pk])
    if name == "desk:quality_person":
        return reverse(name, args=[User.objects.get(email="rizal@demo.tuntas.id").pk])
    return reverse(name) + query
