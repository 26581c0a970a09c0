"""The outcome of a what-if beside the policy in force: bars, differences, a day's hours by team."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from desk.policy.difference import difference
from desk.policy.words import METRICS, Words, capital, metric_word
from people.actors import Actor
from sla.models import SlaPolicy, WhatIf
from sla.policy_reads import draft_of
from tickets.selectors import visible_tickets
from tickets.states import rank_of

SHADES = 5


def what_if_context(job: WhatIf, actor: Actor) -> dict[str, Any]:
    base = SlaPolicy.objects.get(version=job.base_version)
    context: dict[str, Any] = {
        "job": job,
        "base": base,
        "changes": difference(base.body, job.body),
        "done": job.state == WhatIf.State.DONE,
        "is_current": _is_current(job, actor),
    }
    if job.state != WhatIf.State.DONE:
        return context
    result = job.result
    if "base" not in result["total"]:
        # Of a release that compared with the log, whichever version had ruled then.
        return context | {"done": False, "outdated": True}
    return context | {
        "total": result["total"],
        "was_other": _differs(result["total"]["was"], result["total"]["base"]),
        "clocks": result["clocks"],
        "moves": result["moves"],
        "newly": result["newly"],
        "promises": _parted(result),
        "heats": [
            _heat(_("Missed deadlines"), result, "missed", job),
            _heat(_("Deadlines that fall"), result, "due", job),
        ],
        "examples": _examples(result, actor),
        "new_pauses": [metric_word(metric) for metric in result.get("new_pauses", ())],
    }


def _is_current(job: WhatIf, actor: Actor) -> bool:
    """The draft is still the one that was tried."""
    draft = draft_of(actor)
    return draft is not None and draft.body == job.body


def _parted(result: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """`changed` and `same` rows: a promise, then its priorities; each row is in one of both.

    The promise itself stands with those that change, as soon as one of its priorities does.
    """
    parts: dict[str, list[dict[str, Any]]] = {"changed": [], "same": []}
    for metric in METRICS:
        if metric not in result["metrics"]:
            continue
        name = capital(metric_word(metric))
        head = _side_by_side(name, result["metrics"][metric], "", head=True)
        rows = _rows(name, metric, result)
        if len(rows) < 2:
            parts["changed" if head["changed"] else "same"].append(head)
            continue
        changed, same = _split(rows)
        if changed or head["changed"]:
            parts["changed"] += [head, *changed]
        else:
            parts["same"].append(head)
        parts["same"] += same
    return parts


def _split(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Those that the draft changes, and the others."""
    return [row for row in rows if row["changed"]], [row for row in rows if not row["changed"]]


def _rows(name: str, metric: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [row for row in result["rows"] if row["metric"] == metric]
    rows.sort(key=lambda row: rank_of(row["priority"]))
    return [_side_by_side(name, row, row["priority"], head=False) for row in rows]


def _side_by_side(name: str, pair: dict[str, Any], priority: str, *, head: bool) -> dict[str, Any]:
    """`delta`: how many percent points the kept share gains."""
    base, draft = pair["base"], pair["draft"]
    known = base["share"] is not None and draft["share"] is not None
    return {
        "name": name,
        "head": head,
        "changed": _as_shown(base) != _as_shown(draft),
        "priority": priority,
        "base": base,
        "draft": draft,
        "was": pair["was"],
        "was_other": _differs(pair["was"], base),
        "delta": (draft["share"] - base["share"]) * 100 if known else None,
    }


def _differs(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["kept"], one["missed"]) != (other["kept"], other["missed"])


def _as_shown(side: dict[str, Any]) -> tuple[int | None, ...]:
    """Whole seconds: two ways to the same moment differ by less."""
    late = (side["median"], side["p99"])
    return side["kept"], side["missed"], *(None if n is None else round(n) for n in late)


def _heat(title: str, result: dict[str, Any], part: str, job: WhatIf) -> dict[str, Any]:
    """A table of team by hour, the policy in force above the draft; shades by share of the highest number."""
    load, words = result["load"], Words(job.body)
    highest = max(
        (max(columns[part] + columns[f"new_{part}"]) for columns in load.values()), default=0
    )
    teams = [
        {
            "name": words.team(code) or _("no team"),
            "base": [_cell(n, highest) for n in columns[part]],
            "draft": [_cell(n, highest) for n in columns[f"new_{part}"]],
            "sum": (sum(columns[part]), sum(columns[f"new_{part}"])),
            "changed": columns[part] != columns[f"new_{part}"],
        }
        for code, columns in sorted(load.items(), key=lambda item: -sum(item[1][f"new_{part}"]))
        if any(columns[part]) or any(columns[f"new_{part}"])
    ]
    changed, same = _split(teams)
    return {"title": title, "part": part, "hours": range(24), "changed": changed, "same": same}


def _cell(number: int, highest: int) -> tuple[int, int]:
    """The number and its shade, 0 (none) to 5."""
    return number, -(-number * SHADES // highest) if highest else 0


def _examples(result: dict[str, Any], actor: Actor) -> list[dict[str, Any]]:
    """The promises that the draft would newly miss by the most, of tickets the reader may see."""
    rows = result["examples"]
    numbers = dict(
        visible_tickets(actor)
        .filter(pk__in=[row["ticket"] for row in rows])
        .values_list("pk", "number")
    )
    return [
        {**row, "number": numbers[row["ticket"]], "name": metric_word(row["metric"])}
        for row in rows
        if row["ticket"] in numbers
    ]
