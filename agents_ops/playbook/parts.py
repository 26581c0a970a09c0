"""The parts of a playbook, as the program reads them from the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agents_ops.states import GUARDS, FieldKind

Row = Mapping[str, Any]
# What a field of this kind is proposed from, where it does not say.
USUAL_SOURCES = {
    FieldKind.AMOUNT: "amount",
    FieldKind.PHONE: "phone",
    FieldKind.AGENT: "agent_code",
    FieldKind.ACCOUNT: "account",
}


@dataclass(frozen=True)
class Field:
    """One piece of evidence. `source`: where a proposed answer comes from (agents_ops/proposals.py)."""

    code: str
    label: str
    kind: str
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @classmethod
    def read(cls, row: Row) -> Field:
        kind = row["type"]
        return cls(
            code=row["code"],
            label=row["label"],
            kind=kind,
            required=row.get("required", True),
            choices=tuple((each["value"], each["label"]) for each in row.get("choices", ())),
            source=row.get("from", USUAL_SOURCES.get(kind, "")),
        )


@dataclass(frozen=True)
class Branch:
    """Where it goes on: to the step `go`, or to the `end` with that outcome. `when` is None: always."""

    label: str
    when: Row | None
    go: str
    end: str

    @classmethod
    def read(cls, row: Row) -> Branch:
        return cls(row.get("label", ""), row.get("when"), row.get("go", ""), row.get("end", ""))


@dataclass(frozen=True)
class Step:
    """`seconds`: the time it should take, None where the SOP names none. `options` are its gate's."""

    code: str
    title: str
    kind: str
    ask: tuple[str, ...]
    check: tuple[str, ...]
    reply: str
    fields: tuple[Field, ...]
    seconds: int | None
    team: str
    form: str
    options: Row
    branches: tuple[Branch, ...]

    @classmethod
    def read(cls, row: Row) -> Step:
        escalate = row.get("escalate", {})
        return cls(
            code=row["code"],
            title=row["title"],
            kind=row["kind"],
            ask=tuple(row.get("ask", ())),
            check=tuple(row.get("check", ())),
            reply=row.get("reply", ""),
            fields=tuple(Field.read(each) for each in row.get("fields", ())),
            seconds=row.get("seconds"),
            team=escalate.get("team", ""),
            form=escalate.get("form", ""),
            options=row.get("with", {}),
            branches=tuple(Branch.read(each) for each in row["next"]),
        )

    def field(self, code: str) -> Field | None:
        return next((each for each in self.fields if each.code == code), None)


@dataclass(frozen=True)
class Playbook:
    """`categories` and `words` say for which tickets it is suggested (agents_ops/suggestions.py)."""

    code: str
    names: Row
    group: str
    source: str
    categories: tuple[str, ...]
    words: tuple[str, ...]
    steps: tuple[Step, ...]

    @classmethod
    def read(cls, row: Row) -> Playbook:
        suggest = row.get("suggest", {})
        return cls(
            code=row["code"],
            names={"id": row["id"], "en": row["en"]},
            group=row["group"],
            source=row.get("source", ""),
            categories=tuple(suggest.get("category", ())),
            words=tuple(suggest.get("words", ())),
            steps=tuple(Step.read(each) for each in row["steps"]),
        )

    @cached_property
    def by_code(self) -> dict[str, Step]:
        return {step.code: step for step in self.steps}

    @property
    def first(self) -> Step:
        return self.steps[0]

    def field(self, code: str) -> Field | None:
        found = (step.field(code) for step in self.steps)
        return next((each for each in found if each is not None), None)

    def ahead(self, code: str) -> list[Step]:
        """The steps that may still come after this one, in the order of the document."""
        seen: set[str] = set()
        waiting = [code]
        while waiting:
            for branch in self.by_code[waiting.pop()].branches:
                if branch.go and branch.go not in seen:
                    seen.add(branch.go)
                    waiting.append(branch.go)
        return [step for step in self.steps if step.code in seen]

    def open_to_jump(self, code: str) -> list[Step]:
        """Those of `ahead` to which a way leads that passes no guard; a guard itself may be jumped to."""
        seen: set[str] = set()
        waiting = [code]
        while waiting:
            step = self.by_code[waiting.pop()]
            if step.kind in GUARDS:
                continue
            new = {branch.go for branch in step.branches if branch.go} - seen
            seen |= new
            waiting += new
        return [step for step in self.steps if step.code in seen]


def read_playbooks(body: Row) -> dict[str, Playbook]:
    """By code, in their order. Raises LookupError, ValueError, TypeError for another shape."""
    return {each.code: each for each in _read(body)}


def _read(body: Row) -> Iterator[Playbook]:
    for row in body["playbooks"]:
        yield Playbook.read(row)
