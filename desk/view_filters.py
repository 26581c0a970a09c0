"""A view's body: checked strictly when it is written, read with tolerance ever after.

    {"version": 1, "filters": {"state": {"in": ["handled"]}, "due": {"to": "+4h"}},
     "sort": "deadline", "columns": ["customer", "number"]}

Filters narrow together. Without a filter on the state only open tickets are meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from desk.orders import ORDERS
from desk.view_fields import FIELDS, ME, MOST_VALUES, NOBODY, Field, moment_of
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from people.models import User
from sla.selectors import tickets_at_risk
from tickets.models import Notice
from tickets.states import OPEN_STATES
from tickets.tag_reads import ids_of_slugs

VERSION = 1
COLUMNS = (
    *("channel", "customer", "tier", "number", "state", "assignee"),
    *("team", "category", "order", "tags"),
)
USUAL_COLUMNS = COLUMNS[:6]
LARGEST_AMOUNT = 10**15
LONGEST_TEXT = 100
Refuse = Callable[[str, str, Any], None]


def checked(body: Any, now: datetime) -> dict[str, Any]:
    """The body in its one form. Raises InvalidInput that names each part which is wrong; its code is
    unknown_part, unknown_field, unknown_operator, invalid_value, unknown_sort or unknown_column, or
    invalid_filters for several of them."""
    problems: dict[str, Any] = {}
    codes: set[str] = set()

    def refuse(path: str, code: str, message: Any) -> None:
        problems.setdefault(path, message)
        codes.add(code)

    if not isinstance(body, Mapping):
        raise InvalidInput(_("Send an object with named fields."), code="not_an_object")
    for part in body:
        if part not in ("version", "filters", "sort", "columns"):
            refuse(_path(part), "unknown_part", _("This name is not known here."))
    if body.get("version", VERSION) != VERSION or isinstance(body.get("version"), bool):
        refuse("version", "invalid_value", _("This value is not known."))
    found = {
        "version": VERSION,
        "filters": _filters(body.get("filters", {}), now, refuse),
        "sort": _sort(body.get("sort", "deadline"), refuse),
        "columns": _columns(body.get("columns", list(USUAL_COLUMNS)), refuse),
    }
    if problems:
        code = codes.pop() if len(codes) == 1 else "invalid_filters"
        raise InvalidInput(_("Please mend the marked fields."), code=code, fields=problems)
    return found


def _path(*names: Any) -> str:
    return ".".join(str(name)[:40] for name in names)


def _sort(value: Any, refuse: Refuse) -> str:
    if not isinstance(value, str) or value not in ORDERS:
        refuse("sort", "unknown_sort", _("This value is not known."))
        return "deadline"
    return value


def _columns(value: Any, refuse: Refuse) -> list[str]:
    if not isinstance(value, list) or len(value) > len(COLUMNS):
        refuse("columns", "invalid_value", _("This must be a list."))
        return []
    for name in value:
        if not isinstance(name, str) or name not in COLUMNS:
            refuse(_path("columns", name), "unknown_column", _("This value is not known."))
    return [name for name in COLUMNS if name in value]


def _filters(value: Any, now: datetime, refuse: Refuse) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        refuse("filters", "invalid_value", _("Send an object with named fields."))
        return {}
    found: dict[str, Any] = {}
    for name, parts in value.items():
        field = FIELDS.get(name) if isinstance(name, str) else None
        if field is None:
            refuse(_path("filters", name), "unknown_field", _("This name is not known here."))
        elif not isinstance(parts, Mapping) or not parts:
            message = _("Send an object with named fields.")
            refuse(_path("filters", name), "invalid_value", message)
        else:
            found[name] = _operators(name, field, parts, now, refuse)
    return {name: found[name] for name in FIELDS if found.get(name)}


def _operators(
    name: str, field: Field, parts: Mapping[Any, Any], now: datetime, refuse: Refuse
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operator, value in parts.items():
        path = _path("filters", name, operator)
        if operator not in field.operators:
            refuse(path, "unknown_operator", _("This field cannot be compared so."))
        elif (read := _READ[field.kind](field, value, now)) is None:
            refuse(path, "invalid_value", _("This value is not known."))
        else:
            found[operator] = read
    return found


def _words(field: Field, value: Any, _now: datetime) -> list[str] | None:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        return None
    known = field.known()
    fits = all(isinstance(word, str) and word in known for word in value)
    return list(dict.fromkeys(value)) if fits else None


def _people(_field: Field, value: Any, _now: datetime) -> list[Any] | None:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_VALUES:
        return None
    ids = [each for each in value if each not in (ME, NOBODY)]
    if not all(type(each) is int and 0 < each < 2**31 for each in ids):
        return None
    known = User.objects.filter(pk__in=ids).count() if ids else 0
    return list(dict.fromkeys(value)) if known == len(set(ids)) else None


def _moment(_field: Field, value: Any, now: datetime) -> str | None:
    fits = isinstance(value, str) and moment_of(value[:40], now) is not None
    return value if fits else None


def _amount(_field: Field, value: Any, _now: datetime) -> int | None:
    return value if type(value) is int and 0 <= value <= LARGEST_AMOUNT else None


def _flag(_field: Field, value: Any, _now: datetime) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(_field: Field, value: Any, _now: datetime) -> str | None:
    if not isinstance(value, str) or "\x00" in value:
        return None
    words = " ".join(value.split())
    return words if 2 <= len(words) <= LONGEST_TEXT and words.isprintable() else None


_READ: Mapping[str, Callable[[Field, Any, datetime], Any]] = {
    "words": _words,
    "people": _people,
    "tags": _words,
    "moment": _moment,
    "amount": _amount,
    "flag": _flag,
    "number": _text,
    "text": _text,
}


def condition(body: Mapping[str, Any], user: User, now: datetime) -> Q:
    """What the tickets of the view have in common, for this reader at this moment.

    What a later version of ours would no longer write is passed over; the funnel still holds.
    """
    filters = body.get("filters") or {}
    wanted = Q() if "state" in filters else Q(state__in=OPEN_STATES)
    for name, parts in filters.items():
        field = FIELDS.get(name)
        for operator, value in parts.items() if field and isinstance(parts, Mapping) else ():
            if field is not None and operator in field.operators:
                wanted &= _compared(name, field, operator, value, user, now)
    return wanted


def _compared(name: str, field: Field, operator: str, value: Any, user: User, now: datetime) -> Q:
    if field.kind == "flag":
        meant = _FLAGS[name](user, now)
        return meant if value else ~meant
    if field.kind == "people":
        return _by_person(value, user) if operator == "in" else ~_by_person(value, user)
    if field.kind == "tags":
        # Said twice, for the index knows only tickets that have a tag.
        tagged = Q(tags__overlap=ids_of_slugs(map(str, value))) & ~Q(tags=[])
        return tagged if operator == "in" else ~tagged
    if field.kind == "moment":
        value = moment_of(str(value), now)
        if value is None:
            return Q()
    if operator == "not_in":
        return ~Q(**{f"{field.column}__in": value})
    return Q(**{f"{field.column}__{_LOOKUPS[field.kind, operator]}": value})


_LOOKUPS: Mapping[tuple[str, str], str] = {
    ("words", "in"): "in",
    ("moment", "from"): "gte",
    ("moment", "to"): "lt",
    ("amount", "from"): "gte",
    ("amount", "to"): "lte",
    ("number", "is"): "iexact",
    ("number", "begins"): "istartswith",
    ("text", "contains"): "icontains",
}


def _by_person(value: list[Any], user: User) -> Q:
    ids = [user.pk if each == ME else each for each in value if each != NOBODY]
    wanted = Q(assignee_id__in=ids)
    return wanted | Q(assignee_id__isnull=True) if NOBODY in value else wanted


def _news(user: User, **wanted: Any) -> Q:
    mine = Notice.objects.filter(ticket=OuterRef("pk"), recipient=user, **wanted)
    return Q(Exists(mine))


_FLAGS: Mapping[str, Callable[[User, datetime], Q]] = {
    "waiting": lambda _user, _now: Q(waiting_for_customer_since__isnull=False),
    "at_risk": lambda _user, now: Q(pk__in=tickets_at_risk(now)),
    "late": lambda _user, now: Q(next_due_at__isnull=False, next_due_at__lt=now),
    "expedited": lambda _user, _now: Q(expedited=True),
    "held": lambda _user, _now: Q(held_until__isnull=False),
    "unread": lambda user, _now: _news(user, read_at__isnull=True),
    "mentioned": lambda user, _now: _news(user, mention=True),
}
