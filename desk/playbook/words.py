"""Playbooks in words: for the overview, and what differs between two versions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agents_ops.states import Group, Outcome, StepKind
from desk.editing import Body, Change


def name_of(row: Body) -> str:
    """In the reader's language."""
    language = "en" if (get_language() or "id").startswith("en") else "id"
    return str(row.get(language) or row.get("code", ""))


def group_name(code: str) -> str:
    return str(Group(code).label) if code in Group.values else code


def kind_name(code: str) -> str:
    return str(StepKind(code).label) if code in StepKind.values else code


def grouped(body: Body) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every playbook under the name of its group, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in body["playbooks"]:
        line = {"code": row["code"], "name": name_of(row), "steps": len(row["steps"])}
        groups.setdefault(row["group"], []).append(line | {"source": row.get("source", "")})
    return [(group_name(code), lines) for code, lines in groups.items()]


def step_lines(row: Body) -> list[dict[str, Any]]:
    """The steps of one playbook, each with its ways on."""
    titles = {step["code"]: step["title"] for step in row["steps"]}
    return [
        {
            "code": step["code"],
            "title": step["title"],
            "kind": kind_name(step["kind"]),
            "fields": [each["label"] for each in step.get("fields", ())],
            "seconds": step.get("seconds"),
            "team": step.get("escalate", {}).get("team", ""),
            "ways": [way_line(way, titles) for way in step.get("next", ())],
        }
        for step in row["steps"]
    ]


def way_line(way: Body, titles: dict[str, str]) -> str:
    """`Sesuai tiket: Input saldo sesuai tiket`."""
    end = way.get("end", "")
    target = titles.get(way.get("go", ""), way.get("go", ""))
    if end:
        target = _("end, %(outcome)s") % {
            "outcome": Outcome(end).label if end in Outcome.values else end
        }
    label = way.get("label") or (_("otherwise") if way.get("when") is None else "")
    return f"{label} → {target}" if label else f"→ {target}"


def difference(before: Body, after: Body) -> list[Change]:
    """Every playbook and step that differs, as sentences."""
    old, new = _parts(before), _parts(after)
    found = []
    for path in {**old, **new}:
        was, now = old.get(path), new.get(path)
        if was == now:
            continue
        row = now or was or {}
        section = name_of(row["playbook"])
        found.append(Change(section, _line(was), _line(now), path))
    return found


def _parts(body: Body) -> dict[tuple[str, ...], Body]:
    parts: dict[tuple[str, ...], Body] = {}
    for row in body["playbooks"]:
        head = {name: value for name, value in row.items() if name != "steps"}
        parts[row["code"],] = {"playbook": head}
        for place, step in enumerate(row["steps"]):
            named = {"code": row["code"], "id": row.get("id"), "en": row.get("en")}
            parts[row["code"], step["code"]] = {"playbook": named, "step": step, "place": place}
    return parts


def _line(part: Body | None) -> str:
    """Empty where there is none."""
    if part is None:
        return ""
    step = part.get("step")
    if step is None:
        head = part["playbook"]
        words = ", ".join(head.get("suggest", {}).get("words", ()))
        return f"{name_of(head)} ({group_name(head.get('group', ''))}) {words}".strip()
    titles: dict[str, str] = {}
    asked = ", ".join(each["label"] for each in step.get("fields", ()))
    ways = "; ".join(way_line(way, titles) for way in step.get("next", ()))
    parts = (f"{step['title']} ({kind_name(step['kind'])})", asked, step.get("reply", ""), ways)
    return " · ".join(each for each in parts if each)
