"""Zammad: tickets of its API (`/api/v1/tickets?expand=true`) with their `articles` put in, and CSV
files of its reports."""

from __future__ import annotations

from typing import Any

from tickets.moving.entry import Shape
from tickets.moving.origins.plain import first, looks_like_html, text_of_html, words_in
from tickets.moving.people import People, person_of


def shape_of(raw: dict[str, Any], people: People) -> Shape:
    articles = [item for item in raw.get("articles") or [] if isinstance(item, dict)]
    customer = _person(raw, "customer", people)
    begin = articles[0] if articles else {}
    if begin.get("sender") == "Customer" and not customer.get("name"):
        customer = {**person_of(begin.get("from")), **{k: v for k, v in customer.items() if v}}
    return {
        "external_id": first(raw, "id", "number", "#", "ticket number"),
        "state": raw.get("state"),
        "priority": raw.get("priority"),
        "channel": first(raw, "create_article_type", "create channel", "channel"),
        "subject": raw.get("title"),
        "description": _body(begin) or first(raw, "description", "note", "title"),
        "customer": customer,
        "assignee": _owner(raw, people),
        "group": raw.get("group"),
        "tags": words_in(raw.get("tags")),
        "received_at": first(raw, "created_at", "created at"),
        "updated_at": first(raw, "updated_at", "updated at"),
        "first_response_at": first(raw, "first_response_at", "first response at"),
        "closed_at": first(raw, "close_at", "closed at", "closing time", "close at"),
        "messages": [_message(item) for item in articles[1:]],
    }


def _message(item: dict[str, Any]) -> Shape:
    customer = item.get("sender") == "Customer"
    ours = "note" if item.get("internal") or item.get("sender") == "System" else "reply"
    return {
        "kind": "customer" if customer else ours,
        "body": _body(item),
        "sent_at": item.get("created_at"),
        "author": person_of(first(item, "created_by", "from")),
    }


def _body(item: dict[str, Any]) -> str:
    body = str(item.get("body") or "")
    html = item.get("content_type") == "text/html" or looks_like_html(body)
    return text_of_html(body) if html else body


def _person(raw: dict[str, Any], name: str, people: People) -> dict[str, Any]:
    """By the address that `expand` gives, with what the table of people adds."""
    given = person_of(raw.get(name)) if raw.get(name) else {}
    return {**people.known(raw.get(f"{name}_id")), **{k: v for k, v in given.items() if v}}


def _owner(raw: dict[str, Any], people: People) -> Any:
    owner = _person(raw, "owner", people)
    found = owner.get("email") or owner.get("name")
    return None if found == "-" else found  # nobody
