"""A backlog of any size: a few tickets filed through the services, each with all its rows many times.

Whatever the services write for one ticket, its copies have too, so this knows no table of theirs.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from helpdesk.common import clock
from people.actors import Actor, of_user
from people.models import Customer, User
from sla.models import Timer
from tests.cast import HACKED
from tickets.models import Ticket, TicketChange
from tickets.numbers import new_number
from tickets.services import Report, receive_ticket, reclassify_ticket

OURS = ("tickets", "sla", "escalation")
BY_TRIGGER = (TicketChange,)  # the database writes its rows for each ticket by itself
Maps = dict[type[models.Model], dict[int, list[int]]]


def file_overdue(count: int, *, ago: timedelta = timedelta(hours=3)) -> list[int]:
    """Hacked accounts (URGENT, to fraud on breach) received `ago`; the ids of `count` tickets.

    The first response was due after two hours. Ask for the fixture `people`.
    """
    # One transaction: sweeps that run meanwhile must not fire the original while it is copied.
    with transaction.atomic():
        return copies_of(file_one(ago=ago), count - 1)


def file_one(*, ago: timedelta, priority: str = "URGENT") -> Ticket:
    """One hacked account, received `ago`, at once classified (by Sari, if not URGENT)."""
    customer = Customer.objects.get(email="ratna@demo.tuntas.id")
    with clock.at(clock.now() - ago):
        ticket = receive_ticket(
            actor=Actor(customer=customer),
            report=Report(channel="web", description=HACKED),
            even_if_open=True,
        ).ticket
        if priority != ticket.priority:
            reclassify_ticket(
                actor=of_user(User.objects.get(email="sari@demo.tuntas.id")),
                ticket_id=ticket.pk,
                category=ticket.category,
                priority=priority,
                queue=ticket.queue,
                reason="Lain.",
            )
    return Ticket.objects.get(pk=ticket.pk)


@transaction.atomic
def copies_of(ticket: Ticket, count: int) -> list[int]:
    """The ids of the ticket and of `count` copies of it, with every row that hangs on it."""
    maps: Maps = {Ticket: {ticket.pk: _insert(Ticket, [ticket], count, maps={})[0]}}
    for model in _in_order_of_dependence():
        rows = _rows_of(model, maps)
        if rows:
            copied = _insert(model, rows, count, maps)
            maps[model] = {row.pk: keys for row, keys in zip(rows, copied, strict=True)}
    if count > 100:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return [ticket.pk, *maps[Ticket][ticket.pk]]


def _in_order_of_dependence() -> Iterator[type[models.Model]]:
    """Our models that may hang on a ticket, those first that others hang on."""
    left = [
        model
        for label in OURS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model not in (Ticket, *BY_TRIGGER)
    ]
    while left:
        for model in left:
            if not any(parent in left and parent is not model for parent in _parents(model)):
                left.remove(model)
                yield model
                break
        else:
            raise AssertionError(f"foreign keys in a circle among {left}")


def _links(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]


def _parents(model: type[models.Model]) -> list[Any]:
    return [field.related_model for field in _links(model)]


def _rows_of(model: type[models.Model], maps: Maps) -> list[models.Model]:
    if model is Timer:
        mine = models.Q(subject_type="ticket", subject_id__in=maps[Ticket])
    else:
        links = [field for field in _links(model) if field.related_model in maps]
        if not links:
            return []
        mine = models.Q()
        for field in links:
            mine |= models.Q(**{f"{field.name}__in": list(maps[field.related_model])})
    return list(model._default_manager.filter(mine).order_by("pk"))


def _insert(model: type[models.Model], rows: list[Any], count: int, maps: Maps) -> list[list[int]]:
    """For each row the keys of its copies."""
    copies = [_copy(model, row, number, maps) for row in rows for number in range(count)]
    made = model._default_manager.bulk_create(copies, batch_size=2_000)
    return [[copy.pk for copy in made[i * count : (i + 1) * count]] for i in range(len(rows))]


def _copy(model: type[models.Model], row: Any, number: int, maps: Maps) -> models.Model:
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        value = getattr(row, field.attname)
        own = maps.get(field.related_model) if field.is_relation else None
        if own and value in own:
            value = own[value][number]
        elif field.primary_key:
            continue
        elif isinstance(field, models.UUIDField) and field.unique:
            value = uuid.uuid4()
        values[field.attname] = value
    if model is Ticket:
        values |= {"number": new_number(), "submission_key": None}
    if model is Timer:
        values["subject_id"] = maps[Ticket][row.subject_id][number]
    return model(**values)


def overdue(now: datetime | None = None) -> int:
    """How many timers wait although their moment has passed."""
    return Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=now or clock.now()).count()


@transaction.atomic
def let_leases_run_out() -> None:
    """As if the time had passed: what a dead worker held, or what was put off, is free."""
    now = clock.now()
    leased = Timer.objects.filter(state=Timer.State.ARMED, leased_until__gt=now)
    idle = list(leased.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Timer.objects.filter(pk__in=idle).update(leased_until=now)


def set_aside() -> None:
    """Nobody claims what is overdue until `let_leases_run_out`."""
    later = clock.now() + timedelta(hours=1)
    Timer.objects.filter(state=Timer.State.ARMED, due_at__lte=clock.now()).update(
        leased_until=later
    )


def drain(sweep: Callable[[], Any], *, rounds: int = 20) -> None:
    """Sweep until nothing is overdue, whatever was leased or busy."""
    for _round in range(rounds):
        if not overdue():
            return
        let_leases_run_out()
        sweep()
    raise AssertionError(f"{overdue()} timers are still overdue after {rounds} sweeps")
