"""Zendesk: the full JSON export (a ticket a line, with its comments), pages of the API
(`/api/v2/incremental/tickets` with comments put in), and the CSV export."""

from __future__ import annotations

from typing import Any

from tickets.moving.entry import Shape
from tickets.moving.origins.plain import body_of, first, words_in
from tickets.moving.people import People, person_of

_HTML = ("html_body",)
_PLAIN = ("plain_body", "body")


def shape_of(raw: dict[str, Any], people: People) -> Shape:
    return _csv(raw) if "requester email" in raw or "created at" in raw else _json(raw, people)


def _json(raw: dict[str, Any], people: People) -> Shape:
    requester = _person(raw, "requester", people)
    comments = [item for item in raw.get("comments") or [] if isinstance(item, dict)]
    # Zendesk's description is its first comment.
    begin = comments[0] if comments else {}
    via = raw.get("via")
    metrics = raw.get("metric_set")
    return {
        "external_id": raw.get("id"),
        "state": raw.get("status"),
        "priority": raw.get("priority"),
        "channel": via.get("channel") if isinstance(via, dict) else via,
        "subject": first(raw, "raw_subject", "subject"),
        "description": body_of(begin, _PLAIN, _HTML) or raw.get("description"),
        "customer": requester,
        "assignee": _address(_person(raw, "assignee", people)),
        "group": _name(raw.get("group")),
        "tags": raw.get("tags"),
        "received_at": raw.get("created_at"),
        "updated_at": raw.get("updated_at"),
        "closed_at": first(metrics if isinstance(metrics, dict) else {}, "solved_at")
        or first(raw, "solved_at", "closed_at"),
        "messages": [_message(item, raw, requester, people) for item in comments[1:]],
    }


def _message(item: dict[str, Any], raw: dict[str, Any], requester: Any, people: People) -> Shape:
    author = item.get("author")
    person = person_of(author) if isinstance(author, dict) else people.known(item.get("author_id"))
    key = item.get("author_id") or (author or {}).get("id")
    requester_id = raw.get("requester_id") or (raw.get("requester") or {}).get("id")
    theirs = key == requester_id if person.get("agent") is None else not person["agent"]
    kind = "note" if item.get("public") is False else "customer" if theirs else "reply"
    return {
        "kind": kind,
        "body": body_of(item, _PLAIN, _HTML),
        "sent_at": item.get("created_at"),
        "author": requester if kind == "customer" and not person else person,
    }


def _csv(raw: dict[str, Any]) -> Shape:
    return {
        "external_id": raw.get("id"),
        "state": raw.get("status"),
        "priority": raw.get("priority"),
        "channel": raw.get("via"),
        "subject": raw.get("subject"),
        "description": first(raw, "description", "subject"),
        "customer": {
            "name": raw.get("requester"),
            "email": raw.get("requester email"),
            "phone": raw.get("requester phone"),
        },
        "assignee": raw.get("assignee"),
        "group": raw.get("group"),
        "tags": words_in(raw.get("tags"), " "),
        "received_at": raw.get("created at"),
        "updated_at": raw.get("updated at"),
        "closed_at": raw.get("solved at"),
        "messages": [],
    }


def _person(raw: dict[str, Any], name: str, people: People) -> dict[str, Any]:
    given = raw.get(name)
    return person_of(given) if given else people.known(raw.get(f"{name}_id"))


def _address(person: dict[str, Any]) -> Any:
    return person.get("email") or person.get("name")


def _name(thing: Any) -> Any:
    return thing.get("name") if isinstance(thing, dict) else thing
