"""The filters of the search box as queries: `status:dieskalasi tim:"regu akun" sejak:2026-11-01`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import translation

from bahasa.search_words import words_of
from helpdesk.common.durations import WIB
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import LANGUAGES
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team, User
from tickets.search.labels import label, order_key
from tickets.search.tsquery import PEOPLE, all_of, any_of, lexeme, none_of
from tickets.search.typed import Part, Typed
from tickets.states import OPEN_STATES, Channel, Priority, State
from tickets.tag_reads import ids_of_slugs, slug_of

OPEN_WORDS = frozenset({"open", "terbuka", "aktif"})
# Who works on a ticket, and how somebody is called: to a reporter as good as unknown.
OF_THE_DESK = frozenset({"assignee", "from", "tag"})
MYSELF = frozenset({"me", "saya"})
SHORTEST_ORDER_BEGINNING = 6


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`queries` all hold; received within [since, until)."""

    queries: tuple[str, ...]
    since: datetime | None = None
    until: datetime | None = None


def narrow(typed: Typed, actor: Actor, *, internal: bool) -> Narrowed:
    """Raises InvalidInput for a value that no ticket can have, and for a filter of the desk's
    without `internal`."""
    queries: list[str] = []
    days: dict[str, date] = {}
    for name, parts in typed.filters:
        if name in OF_THE_DESK and not internal:
            _nothing(name, parts[0].text, [])
        if name in ("since", "until"):
            days[name] = _day(parts[-1].text)
            continue
        for excluded in (False, True):
            same = [part for part in parts if part.excluded is excluded]
            if same:
                either = any_of(query for part in same for query in _queries(name, part, actor))
                queries.append(none_of(either) if excluded else either)
    return Narrowed(
        tuple(queries),
        since=_midnight(days["since"]) if "since" in days else None,
        until=_midnight(days["until"] + timedelta(days=1)) if "until" in days else None,
    )


def _queries(name: str, part: Part, actor: Actor) -> Iterable[str]:
    match name:
        case "state":
            return [label("state", state) for state in _states(part.text)]
        case "priority":
            return [label("priority", code) for code in _chosen(part.text, Priority, "priority")]
        case "channel":
            return [label("channel", code) for code in _chosen(part.text, Channel, "channel")]
        case "team":
            return [label("team", team.pk) for team in _teams(part.text)]
        case "assignee":
            return [label("person", pk) for pk in _people(part.text, actor)]
        case "tag":
            return [label("tag", pk) for pk in _tags(part.text)]
        case "order":
            return [_order(part.text)]
        case _:
            return [_person(part.text)]


def _states(text: str) -> list[str]:
    if text.lower() in OPEN_WORDS:
        return [state.value for state in OPEN_STATES]
    return _chosen(text, State, "state")


def _chosen(text: str, choices: Any, name: str) -> list[str]:
    """The code itself, or what it is called in either language, or a beginning of that."""
    wanted = text.lower()
    names: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for choice in choices:
                names.setdefault(str(choice.label).lower(), choice.value)
                names.setdefault(choice.value.lower(), choice.value)
    found = [names[wanted]] if wanted in names else []
    found = found or [code for word, code in names.items() if word.startswith(wanted)]
    return list(dict.fromkeys(found)) or _nothing(name, text, [str(c.label) for c in choices])


def _teams(text: str) -> list[Team]:
    wanted = text.lower()
    teams = list(Team.objects.all())
    found = [team for team in teams if team.code == wanted]
    found = found or [
        team
        for team in teams
        if any(wanted in name.lower() for name in (team.code, team.name_id, team.name_en))
    ]
    return found or _nothing("team", text, [team.code for team in teams])


def _people(text: str, actor: Actor) -> list[int]:
    if text.lower() in MYSELF and actor.user is not None:
        return [actor.user.pk]
    people = User.objects.filter(full_name__icontains=text, is_active=True, memberships__gt=0)
    return list(people.values_list("pk", flat=True).distinct()[:50]) or _nothing(
        "assignee", text, []
    )


def _tags(text: str) -> list[int]:
    """Those of the tag, and of what was merged into it."""
    return ids_of_slugs([slug_of(text)]) or _nothing("tag", text, [])


def _order(text: str) -> str:
    key = order_key(text)
    if not key:
        return _nothing("order", text, [])[0]
    return lexeme(f"order:{key}", beginning=len(key) >= SHORTEST_ORDER_BEGINNING)


def _person(text: str) -> str:
    words = [lexeme(word.written, PEOPLE) for word in words_of(text)]
    return all_of(words) if words else _nothing("from", text, [])[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = _("'%(text)s' is no day such as 2026-11-17.") % {"text": text[:40]}
        raise InvalidInput(message, code="bad_filter", fields={"q": message}) from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), WIB)


def _nothing(name: str, text: str, known: list[str]) -> list[Any]:
    values = {"name": name, "text": text[:40], "known": ", ".join(known)}
    if known:
        message = _("No '%(name)s' is called '%(text)s'. Possible: %(known)s.") % values
    else:
        message = _("No '%(name)s' is called '%(text)s'.") % values
    raise InvalidInput(message, code="bad_filter", fields={"q": message})
