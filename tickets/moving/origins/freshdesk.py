"""Freshdesk: tickets of its API (`/api/v2/tickets?include=description,requester,stats`) with their
`conversations`, the account's JSON export (`helpdesk_ticket` with `helpdesk_notes`), and CSV."""

from __future__ import annotations

from typing import Any

from tickets.moving.entry import Shape
from tickets.moving.origins.plain import body_of, first, words_in
from tickets.moving.people import People, person_of

_PLAIN = ("body_text", "description_text")
_HTML = ("body", "description", "description_html", "body_html")


def shape_of(raw: dict[str, Any], people: People) -> Shape:
    if "ticket id" in raw:
        return _csv(raw)
    inner = raw.get("helpdesk_ticket")
    return _json(inner if isinstance(inner, dict) else raw, people)


def _json(raw: dict[str, Any], people: People) -> Shape:
    stats = first(raw, "stats", "ticket_states")
    times = stats if isinstance(stats, dict) else {}
    notes = first(raw, "conversations", "helpdesk_notes", "notes") or []
    customer = _requester(raw, people)
    return {
        "external_id": first(raw, "display_id", "id"),
        "state": first(raw, "status", "status_name"),
        "priority": first(raw, "priority", "priority_name"),
        "channel": first(raw, "source", "source_name"),
        "subject": raw.get("subject"),
        "description": body_of(raw, _PLAIN, _HTML) or raw.get("subject"),
        "customer": customer,
        "assignee": _responder(raw, people),
        "group": first(raw, "group_name", "group"),
        "tags": words_in(raw.get("tags")),
        "received_at": raw.get("created_at"),
        "updated_at": raw.get("updated_at"),
        "first_response_at": first(times, "first_responded_at", "first_response_time"),
        "closed_at": first(times, "resolved_at", "closed_at"),
        "messages": [_message(item, customer, people) for item in notes if isinstance(item, dict)],
    }


def _message(item: dict[str, Any], customer: dict[str, Any], people: People) -> Shape:
    inner = item.get("helpdesk_note")
    note = inner if isinstance(inner, dict) else item
    kind = "customer" if note.get("incoming") else "note" if note.get("private") else "reply"
    author = people.known(note.get("user_id")) or person_of(note.get("from_email"))
    return {
        "kind": kind,
        "body": body_of(note, _PLAIN, _HTML),
        "sent_at": note.get("created_at"),
        "author": customer if kind == "customer" else author,
    }


def _requester(raw: dict[str, Any], people: People) -> dict[str, Any]:
    if isinstance(raw.get("requester"), dict):
        return person_of(raw["requester"])
    given = {
        "name": first(raw, "requester_name", "name"),
        "email": first(raw, "requester_email", "email"),
        "phone": first(raw, "requester_phone", "phone"),
    }
    return {**people.known(raw.get("requester_id")), **{k: v for k, v in given.items() if v}}


def _responder(raw: dict[str, Any], people: People) -> Any:
    known = people.known(raw.get("responder_id"))
    return known.get("email") or first(raw, "responder_email", "responder_name")


def _csv(raw: dict[str, Any]) -> Shape:
    return {
        "external_id": raw.get("ticket id"),
        "state": raw.get("status"),
        "priority": raw.get("priority"),
        "channel": raw.get("source"),
        "subject": raw.get("subject"),
        "description": first(raw, "description", "subject"),
        "customer": {
            "name": first(raw, "full name", "contact name", "requester name"),
            "email": first(raw, "email", "contact email", "requester email"),
            "phone": first(raw, "mobile phone", "work phone"),
        },
        "assignee": raw.get("agent"),
        "group": raw.get("group"),
        "tags": words_in(raw.get("tags")),
        "received_at": first(raw, "created time", "created at"),
        "updated_at": first(raw, "last update time", "updated at"),
        "first_response_at": raw.get("initial response time"),
        "closed_at": first(raw, "resolved time", "closed time"),
        "messages": [],
    }
