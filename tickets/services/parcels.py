"""Which owed mails go now, and which of them together: claimed by a lease, so that a killed sender
loses none.

Mail to people of ours goes alone while it is little. Once more than a handful waits for an address,
all of it goes as one digest, what rests after a failure too: after an outage a person reads one
mail, not thousands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from helpdesk.common import clock
from helpdesk.common.one_at_a_time import one_at_a_time
from tickets.models import OutgoingMail
from tickets.states import rank_of

LEASE = timedelta(minutes=2)
BUNDLE_FROM = 6
# While a backlog still fires, the next digest waits until the last one has been read.
BUNDLE_REST = timedelta(minutes=2)
PENDING = OutgoingMail.State.PENDING


@dataclass(frozen=True)
class Parcel:
    """What goes as one message: one mail, or the bundle of one address.

    `due` are those whose turn it was, and whose attempt counts; `fresh`: the bundle was made now.
    """

    mails: list[int]
    due: list[int]
    urgency: int
    bundle: UUID | None = None
    fresh: bool = False


@dataclass(frozen=True)
class _Row:
    pk: int
    template: str
    recipient: str
    bundle: UUID | None
    next_try_at: datetime
    priority: str


def claim(limit: int) -> tuple[list[Parcel], datetime]:
    """The parcels of up to `limit` mails that are due, the most urgent first, and their lease."""
    with transaction.atomic():
        # Two who claim at once would make two digests for one person.
        one_at_a_time("claim owed mail")
        now = clock.now()
        due = _rows(_free(now).filter(next_try_at__lte=now).order_by("next_try_at", "pk")[:limit])
        ours = {row.recipient for row in due if row.template in OutgoingMail.FOR_THE_DESK}
        parcels = [_alone(row) for row in due if row.template not in OutgoingMail.FOR_THE_DESK]
        if ours:
            parcels += _for_the_desk(ours, now)
        _lease(parcels, now + LEASE)
    return sorted(parcels, key=lambda parcel: parcel.urgency), now + LEASE


def give_back(parcels: Iterable[Parcel], lease: datetime) -> None:
    """What was never tried counts as no attempt, and is due again at once."""
    for parcel in parcels:
        held = held_of(parcel, lease)
        held.filter(pk__in=parcel.due).update(attempts=F("attempts") - 1)
        held.update(leased_until=None, bundle=None if parcel.fresh else F("bundle"))


def held_of(parcel: Parcel, lease: datetime) -> QuerySet[OutgoingMail]:
    """The parcel's mails that are still ours to send."""
    return OutgoingMail.objects.filter(pk__in=parcel.mails, state=PENDING, leased_until=lease)


def _free(now: datetime) -> QuerySet[OutgoingMail]:
    unleased = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return OutgoingMail.objects.filter(unleased, state=PENDING)


def _rows(mails: QuerySet[OutgoingMail]) -> list[_Row]:
    names = ("pk", "template", "recipient", "bundle", "next_try_at", "ticket__priority")
    return [_Row(*values) for values in mails.values_list(*names)]


def _alone(row: _Row) -> Parcel:
    return Parcel(mails=[row.pk], due=[row.pk], urgency=rank_of(row.priority))


def _for_the_desk(addresses: set[str], now: datetime) -> Iterator[Parcel]:
    waiting: dict[tuple[str, UUID | None], list[_Row]] = defaultdict(list)
    mails = _free(now).filter(template__in=OutgoingMail.FOR_THE_DESK, recipient__in=addresses)
    for row in _rows(mails):
        waiting[row.recipient, row.bundle].append(row)
    resting = _resting(addresses, now)
    for (address, bundle), rows in waiting.items():
        due = [row for row in rows if row.next_try_at <= now]
        if not due:
            continue
        if bundle is not None:  # its sender died: once more as it was, under the same Message-ID
            yield _together(rows, due, bundle, fresh=False)
        elif len(rows) < BUNDLE_FROM:
            yield from (_alone(row) for row in due)
        elif address in resting:
            OutgoingMail.objects.filter(pk__in=[row.pk for row in due]).update(
                next_try_at=resting[address] + BUNDLE_REST
            )
        else:
            yield _together(rows, due, uuid4(), fresh=True)


def _together(rows: list[_Row], due: list[_Row], bundle: UUID, *, fresh: bool) -> Parcel:
    return Parcel(
        mails=[row.pk for row in rows],
        due=[row.pk for row in due],
        urgency=min(rank_of(row.priority) for row in rows),
        bundle=bundle,
        fresh=fresh,
    )


def _resting(addresses: set[str], now: datetime) -> dict[str, datetime]:
    """Who got a digest just now, and when."""
    sent = OutgoingMail.objects.filter(
        bundle__isnull=False, sent_at__gt=now - BUNDLE_REST, recipient__in=addresses
    )
    return dict(sent.values_list("recipient").annotate(at=Max("sent_at")))


def _lease(parcels: list[Parcel], until: datetime) -> None:
    every = [pk for parcel in parcels for pk in parcel.mails]
    tried = [pk for parcel in parcels for pk in parcel.due]
    OutgoingMail.objects.filter(pk__in=every).update(leased_until=until)
    OutgoingMail.objects.filter(pk__in=tried).update(attempts=F("attempts") + 1)
    for parcel in parcels:
        if parcel.fresh:
            OutgoingMail.objects.filter(pk__in=parcel.mails).update(bundle=parcel.bundle)
