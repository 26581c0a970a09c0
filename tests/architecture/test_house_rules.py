"""The house's rules as tests; each message says why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "agents_ops",
    "bahasa",
    "desk",
    "escalation",
    "helpdesk",
    "people",
    "seller_chat",
    "sla",
    "tickets",
)
MAX_LINES = 400
MAX_DELAY_SECONDS = 300


@cache
def modules() -> dict[Path, ast.Module]:
    files = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def in_folders(*names: str) -> Iterator[tuple[Path, ast.Module]]:
    for path, tree in modules().items():
        if "migrations" not in path.parts and any(
            name in path.parts or path.stem == name for name in names
        ):
            yield path, tree


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def place(path: Path, node: ast.AST) -> str:
    return f"{path}:{getattr(node, 'lineno', 0)}"


def test_no_ticket_changes_its_state_past_the_state_machine() -> None:
    """QuerySet.update bypasses the protected field, the event and the clocks."""
    found = []
    for path, tree in modules().items():
        if "migrations" in path.parts:
            continue
        for call, name in calls(tree):
            if name not in ("update", "bulk_update", "update_or_create"):
                continue
            sets_state = any(keyword.arg == "state" for keyword in call.keywords)
            if sets_state and "Ticket.objects" in ast.unparse(call):
                found.append(place(path, call))
            if name == "bulk_update" and "Ticket.objects" in ast.unparse(call.func):
                found.append(place(path, call))
    assert found == []


def test_only_the_tickets_services_and_the_clocks_write_tickets() -> None:
    writers = {"create", "bulk_create", "update", "delete", "bulk_update", "get_or_create"}
    allowed = {
        Path("tickets/services/intake.py"),
        Path("tickets/services/splitting.py"),
        Path("sla/services/clocks.py"),
    }
    found = [
        place(path, call)
        for path, tree in modules().items()
        if path not in allowed and "migrations" not in path.parts
        for call, name in calls(tree)
        if name in writers and ast.unparse(call.func).startswith("Ticket.objects")
    ]
    assert found == [], "tickets are changed by services alone: lock, check, event, save"


def test_edges_reach_tickets_only_through_the_funnel() -> None:
    """A bare queryset in a view is how one customer reads another's ticket (Zammad CVE-2026-34722)."""
    found = [
        place(path, node)
        for path, tree in in_folders("views", "api")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "Ticket.objects"
    ]
    assert found == [], "use tickets.selectors"


def test_services_send_no_tasks() -> None:
    """What leaves before the commit may speak of what never happened."""
    found = [
        place(path, call)
        for path, tree in in_folders("services", "models", "receivers", "handlers")
        for call, name in calls(tree)
        if name in ("delay", "apply_async", "send_task")
    ]
    assert found == [], "write an event or a row; a task by delay_on_commit at the edge"


def test_no_timer_lives_in_the_broker() -> None:
    """With Redis an eta beyond the visibility time-out is delivered again and again."""
    found = []
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.keyword) or node.arg not in ("eta", "countdown"):
                continue
            short = (
                node.arg == "countdown"
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, int | float)
                and node.value.value <= MAX_DELAY_SECONDS
            )
            if not short:
                found.append(place(path, node.value))
    assert found == [], "arm a timer (sla.services.arm) instead"


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_models_and_services_know_neither_rest_nor_celery() -> None:
    layers = ("models", "services", "selectors", "states", "receivers", "handlers", "events")
    found = [
        f"{path}: {name}"
        for path, tree in in_folders(*layers)
        for name in imported(tree)
        if name.split(".")[0] in ("rest_framework", "celery", "drf_spectacular")
    ]
    assert found == []


def test_migrations_import_nothing_of_the_models_of_today() -> None:
    found = [
        f"{path}: {name}"
        for path, tree in modules().items()
        if "migrations" in path.parts
        for name in imported(tree)
        if name.split(".")[0] in APPS and not name.startswith("helpdesk.common")
    ]
    allowed = {"people.models.user", "tickets.models.message", "people.models"}
    assert [entry for entry in found if entry.split(": ")[1] not in allowed] == []


def test_no_file_is_too_long() -> None:
    folders = (*APPS, "tests", "deploy", "benchmarks")
    files = [
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    ]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    found = [f"{path.relative_to(ROOT)}: {n}" for path, n in lengths.items() if n > MAX_LINES]
    assert found == []


def test_tasks_are_shallow() -> None:
    """Ids in, one service call: whatever a task knows, a command or a test cannot use."""
    for path, tree in in_folders("tasks"):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                assert lines <= 10, place(path, node)


@pytest.mark.parametrize("word", ["breakpoint", "set_trace"])
def test_nothing_stops_for_a_debugger(word: str) -> None:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                assert word not in ast.unparse(node.func), place(path, node)


def test_the_clock_is_the_databases() -> None:
    """Two hosts with different clocks must not disagree about a deadline."""
    layers = ("services", "receivers", "handlers", "selectors", "targets", "timers")
    wrong = ("timezone.now", "datetime.now", "datetime.utcnow", "time.time", "date.today")
    found = [
        place(path, call)
        for path, tree in in_folders(*layers)
        for call, _name in calls(tree)
        if ast.unparse(call.func).endswith(wrong)
    ]
    assert found == [], "use helpdesk.common.clock.now()"
