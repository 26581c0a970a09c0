"""Every way through a playbook, from its first step to an end."""

from __future__ import annotations

from collections.abc import Iterator

from agents_ops.playbook.parts import Branch, Playbook, Step

Path = list[tuple[Step, Branch]]


def walk(playbook: Playbook) -> Iterator[Path]:
    """Each path once. For a sound playbook: one with a loop would never end."""
    waiting: list[tuple[Path, Step]] = [([], playbook.first)]
    while waiting:
        path, step = waiting.pop()
        for branch in step.branches:
            longer = [*path, (step, branch)]
            if branch.go:
                waiting.append((longer, playbook.by_code[branch.go]))
            else:
                yield longer
