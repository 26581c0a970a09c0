"""What happens to each demonstration complaint, and when: drawn once, the same in every run."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings

from desk.demo.people import demo_cast
from helpdesk.common.durations import WIB

FIRST_NAMES = [
    "Agus",
    "Andi",
    "Anisa",
    "Arif",
    "Bambang",
    "Citra",
    "Dedi",
    "Desi",
    "Dewi",
    "Eka",
    "Endang",
    "Fajar",
    "Fitri",
    "Galih",
    "Gita",
    "Hadi",
    "Hesti",
    "Indra",
    "Irma",
    "Joko",
    "Kartika",
    "Lina",
    "Lukman",
    "Mega",
    "Mira",
    "Nanda",
    "Novi",
    "Oki",
    "Pandu",
    "Prita",
    "Rahma",
    "Reza",
    "Rina",
    "Rudi",
    "Salsa",
    "Santi",
    "Siska",
    "Tari",
    "Tono",
    "Umi",
    "Vina",
    "Wawan",
    "Widi",
    "Yanti",
    "Yoga",
    "Yusuf",
    "Zahra",
]
LAST_NAMES = [
    "Anggraeni",
    "Basuki",
    "Cahyono",
    "Firmansyah",
    "Gunawan",
    "Handayani",
    "Hidayat",
    "Iskandar",
    "Kurniawan",
    "Lubis",
    "Maharani",
    "Mahendra",
    "Nasution",
    "Nugroho",
    "Pangestu",
    "Permana",
    "Purnomo",
    "Rahmawati",
    "Ramadhan",
    "Saputra",
    "Setiawan",
    "Simanjuntak",
    "Siregar",
    "Suryani",
    "Susanti",
    "Utami",
    "Wibowo",
    "Wijaya",
    "Wulandari",
    "Yulianti",
]
SPAN = timedelta(hours=80)
OWN_REPORTS = 3


@dataclass(frozen=True)
class Plan:
    """One complaint: its line, its writer, and minutes after receipt at which people act (None: never)."""

    line: dict[str, Any]
    at: datetime
    name: str
    email: str
    phone: str
    reply_after: float | None
    settle_after: float | None
    customer_answers: bool
    asks_confirmation: bool


def plans(now: datetime) -> list[Plan]:
    """A plan for each line of the labelled cases, oldest first; the last ones arrived minutes ago."""
    path = Path(settings.BASE_DIR) / "fixtures" / "triage_dev.jsonl"
    lines = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    random = Random(20261122)  # noqa: S311 - a script, not a secret
    random.shuffle(lines)
    made = [_plan(line, index, now, random) for index, line in enumerate(lines)]
    made = _one_agent_waits(_with_own_reports(made))
    return sorted(made, key=lambda plan: plan.at)


def _with_own_reports(made: list[Plan]) -> list[Plan]:
    """The demo buyer, seller and agent wrote a few of them, each about another problem."""
    writers = {"buyer": "ratna@", "seller": "toko.maju@", "agent": "agen@"}
    people = demo_cast()["people"]
    seen: set[tuple[str, str]] = set()
    count: Counter[str] = Counter()
    for index, plan in enumerate(made):
        kind, category = plan.line["reporter"], plan.line["expected"]["category"]
        if count[kind] == OWN_REPORTS or (kind, category) in seen:
            continue
        seen.add((kind, category))
        count[kind] += 1
        writer = next(row for row in people if row["email"].startswith(writers[kind]))
        made[index] = replace(plan, name=writer["name"], email=writer["email"], phone="")
    return made


def _one_agent_waits(made: list[Plan]) -> list[Plan]:
    """One agent of this morning's was answered too late, so that the promise is seen missed as well."""
    agents = sorted(
        (plan.at, index) for index, plan in enumerate(made) if plan.line["reporter"] == "agent"
    )
    _at, index = next(each for each in reversed(agents) if 8 <= each[0].astimezone(WIB).hour < 21)
    made[index] = replace(made[index], reply_after=7.0)
    return made


def _plan(line: dict[str, Any], index: int, now: datetime, random: Random) -> Plan:
    # More arrive lately than long ago, so that the queues of now are full.
    age = SPAN * (random.random() ** 1.8) + timedelta(minutes=random.uniform(1, 20))
    name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
    by_mail = line["channel"] in ("email", "web", "api") or index % 2
    return Plan(
        line=line,
        at=now - age,
        name=name,
        email=f"{name.lower().replace(' ', '.')}.{index}@example.com" if by_mail else "",
        phone="" if by_mail else f"+62812{30000000 + index * 37}",
        reply_after=_reply_after(line, random),
        settle_after=random.uniform(60, 1500) if random.random() < 0.55 else None,
        customer_answers=random.random() < 0.35,
        asks_confirmation=random.random() < 0.4,
    )


def _reply_after(line: dict[str, Any], random: Random) -> float | None:
    """Minutes to the first reply: most in time, some too late, some not yet."""
    if line["reporter"] == "agent":
        return random.uniform(0.4, 2.5)
    if random.random() < 0.1:
        return None
    if line["channel"] == "live_chat":
        return random.uniform(2, 26) if random.random() < 0.93 else random.uniform(40, 300)
    return random.uniform(10, 300) if random.random() < 0.85 else random.uniform(300, 2000)
