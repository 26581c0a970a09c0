"""The logins of a blocked account: cut down for officers, whole for the team that investigates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from agents_ops.models import AccountBlock, PlaybookRun
from agents_ops.states import StepKind
from helpdesk.common.durations import wib_text
from helpdesk.common.errors import NotAllowed
from helpdesk.common.wording import gettext as _
from people.actors import Actor
from people.models import Team
from tickets.models import DataLook
from tickets.personal_data import sees_openly
from tickets.services import record_look

SHOWN = 4
_LAST_PARTS = re.compile(r"^(\d+\.\d+)\.\d+\.\d+$")


@dataclass(frozen=True)
class LoginLine:
    """As its reader may see it."""

    at: datetime
    ip: str
    device: str
    place: str


def login_lines(block: AccountBlock, *, openly: bool) -> list[LoginLine]:
    return list(_lines(block, openly=openly))


@transaction.atomic
def look_at_logins(block: AccountBlock, *, actor: Actor, via: DataLook.Via) -> list[LoginLine]:
    """Whole, for those who investigate; who looked is on record first. Raises NotAllowed."""
    person = actor.user
    if person is None or not sees_logins(actor, block.run):
        raise NotAllowed(_("The investigating team sees it whole."))
    record_look(person, block.run.ticket, DataLook.Field.LOGINS, via=via)
    return login_lines(block, openly=True)


def login_text(block: AccountBlock) -> str:
    """Masked, in one line for each: what an officer takes into the answers."""
    rows = login_lines(block, openly=False)
    return "; ".join(
        f"{wib_text(row.at)} {row.ip} {row.device} {row.place}".strip() for row in rows
    )


def sees_logins(actor: Actor, run: PlaybookRun) -> bool:
    """Whoever sees contact data, and members of the team to which this playbook escalates."""
    if actor.user is None:
        return False
    codes = {step.team for step in run.script.steps if step.kind == StepKind.ESCALATE}
    mine = Team.objects.filter(pk__in=actor.user.team_ids, code__in=codes)
    return sees_openly(actor) or mine.exists()


def _lines(block: AccountBlock, *, openly: bool) -> Iterator[LoginLine]:
    for row in block.logins:
        ip, device = str(row["ip"]), str(row["device"])
        yield LoginLine(
            datetime.fromisoformat(row["at"]),
            ip if openly else _masked_ip(ip),
            device if openly else f"…{device[-SHOWN:]}" if len(device) > SHOWN else "…",
            str(row["place"]),
        )


def _masked_ip(ip: str) -> str:
    found = _LAST_PARTS.match(ip)
    return f"{found[1]}.*.*" if found else f"{ip[:SHOWN]}…"
