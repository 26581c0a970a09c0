"""The rule set: read once from its JSON body, checked, and compiled for the engine."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bahasa.phrases import PatternError, PhraseBook
from tickets.triage.conditions import Compiler, ConditionError, Test, needed
from tickets.triage.learned import Learned
from tickets.triage.measures import Weighing
from tickets.triage.model import ModelError, model_named
from tickets.triage.profile import with_profile

PRIORITIES = ("LOW", "MEDIUM", "HIGH", "URGENT")


class RuleSetError(ValueError):
    """The rule set cannot be used; the message names the place and what is wrong."""


@dataclass(frozen=True)
class Rule:
    """One condition with what it leads to, and where it is written.

    `needs`: concepts of which one must occur, so that most rules need no test. `decides`: where it
    holds, the learned reader is not asked.
    """

    name: str
    title_id: str
    title_en: str
    source: str
    then: str
    test: Test | None
    rank: float = 0.0
    variant: str = ""
    needs: frozenset[str] = frozenset()
    decides: bool = False


@dataclass(frozen=True)
class Category:
    """What follows once the category is known: the first priority and queue rule that holds.

    `variants`: what a learned reader tells apart inside it, each with its titles; rows name them.
    """

    name: str
    title_id: str
    title_en: str
    priority: tuple[Rule, ...]
    queue: tuple[Rule, ...]
    amounts: Weighing
    times: Weighing
    reporters: frozenset[str]
    variants: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Hint:
    """A concept that speaks for a category, used where no rule fires."""

    concept: str
    category: str
    weight: float
    reporters: frozenset[str]


@dataclass(frozen=True)
class Flag:
    """A word or a tier that orders tickets inside their priority and changes nothing else."""

    name: str
    text: str
    tiers: frozenset[str]
    title_id: str
    title_en: str
    source: str


@dataclass(frozen=True)
class RuleSet:
    """A checked, compiled rule set. Build it once and share it: it does not change."""

    version: int
    categories: Mapping[str, Category]
    rules: tuple[Rule, ...]
    hints: tuple[Hint, ...]
    fallbacks: tuple[Rule, ...]
    flags: tuple[Flag, ...]
    book: PhraseBook
    learned: Learned | None = None

    def worth_testing(self, occurring: Iterable[str]) -> list[Rule]:
        """The rules that need none of the concepts, or one that occurs; in order of rank."""
        places = set(self._places.get("", ()))
        for concept in occurring:
            places.update(self._places.get(concept, ()))
        return [self.rules[place] for place in sorted(places)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where in `rules` those stand that need a concept; under "" those that need none."""
        places: dict[str, list[int]] = {}
        for place, rule in enumerate(self.rules):
            for concept in rule.needs or ("",):
                places.setdefault(concept, []).append(place)
        return places

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], *, with_model: bool = True) -> RuleSet:
        """Checks and compiles the JSON body. Raises `RuleSetError`.

        `with_model=False` leaves out the learned reader that the body names: rules alone.
        """
        try:
            return _compile(data, with_model=with_model)
        except (ConditionError, PatternError, ModelError) as error:
            raise RuleSetError(str(error)) from error
        except (KeyError, TypeError, AttributeError) as error:
            raise RuleSetError(f"rule set has the wrong form: {error!r}") from error

    @classmethod
    def from_file(
        cls, path: str | Path, *, profile: str | Path | None = None, with_model: bool = True
    ) -> RuleSet:
        """Reads a rule set file, and the profile that its flags refer to (default: beside it).

        Raises `RuleSetError`, also for broken JSON or a missing file.
        """
        rules = _read_object(path)
        values = _read_object(profile or Path(path).with_name("organisation.json"))
        try:
            return cls.from_dict(with_profile(rules, values), with_model=with_model)
        except (KeyError, TypeError) as error:
            raise RuleSetError(f"the profile lacks {error} that a flag refers to") from error


def _read_object(path: str | Path) -> dict[str, Any]:
    try:
        data = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RuleSetError(f"cannot read {path}: {error}") from error
    if not isinstance(data, dict):
        raise RuleSetError(f"{path}: a JSON object is expected")
    return data


def _compile(data: Mapping[str, Any], *, with_model: bool) -> RuleSet:
    for key in ("version", "categories", "precedence", "concepts", "rules", "fallbacks"):
        if key not in data:
            raise RuleSetError(f"{key!r} is missing")
    for key in ("rules", "fallbacks", "precedence"):
        if not isinstance(data[key], list):
            raise RuleSetError(f"{key!r} must be a list")
    if not isinstance(data["version"], int) or data["version"] < 1:
        raise RuleSetError("'version' must be a whole number from 1 on")
    concepts = data["concepts"]
    compiler = Compiler(concepts, data.get("thresholds", {}))
    categories = {
        name: _category(name, body, concepts, compiler) for name, body in data["categories"].items()
    }
    order = _precedence(data["precedence"], categories)
    rules = [
        _rule(body, f"rules[{index}]", "category", categories, compiler, order)
        for index, body in enumerate(data["rules"])
    ]
    always = [rule.name for rule in rules if rule.test is None]
    if always:
        raise RuleSetError(f"rules without a 'when': {always}")
    names = [rule.name for rule in rules]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise RuleSetError(f"rule named twice: {sorted(twice)}")
    fallbacks = [
        _rule(body, f"fallbacks[{index}]", "category", categories, compiler, order)
        for index, body in enumerate(data["fallbacks"])
    ]
    if not fallbacks or fallbacks[-1].test is not None:
        raise RuleSetError("fallbacks: the last one must hold always (no 'when')")
    return RuleSet(
        version=data["version"],
        categories=categories,
        rules=tuple(sorted(rules, key=lambda rule: rule.rank)),
        hints=tuple(_hints(data.get("hints", {}), concepts, categories)),
        fallbacks=tuple(fallbacks),
        flags=tuple(_flag(name, body) for name, body in data.get("flags", {}).items()),
        book=PhraseBook(concepts, data.get("lists", {})),
        learned=Learned(model_named(str(data["model"])), *labels_of(categories))
        if with_model and data.get("model")
        else None,
    )


def labels_of(
    categories: Mapping[str, Category],
) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """Every label that the tables know: who may have it, and which are urgent whatever else holds."""
    reporters, urgent = {}, set()
    for category in categories.values():
        for variant in ("", *category.variants):
            label = f"{category.name}/{variant}".rstrip("/")
            reporters[label] = category.reporters
            if _always(category.priority, variant) == PRIORITIES[-1]:
                urgent.add(label)
    return reporters, frozenset(urgent)


def _always(table: tuple[Rule, ...], variant: str) -> str | None:
    """What the table says of a variant whatever else the complaint holds; None where it depends."""
    own = [row.then for row in table if row.variant and row.variant == variant]
    others = [row for row in table if not row.variant]
    return own[0] if own else others[0].then if others[0].test is None else None


def _precedence(names: list[str], categories: Mapping[str, Category]) -> dict[str, float]:
    if sorted(names) != sorted(categories):
        odd = set(names) ^ set(categories)
        raise RuleSetError(f"precedence must name each category once; check {sorted(odd)}")
    return {name: float(index) for index, name in enumerate(names)}


def _rule(
    body: Mapping[str, Any],
    place: str,
    target: str,
    allowed: Any,
    compiler: Compiler,
    order: Mapping[str, float] | None = None,
) -> Rule:
    place = f"{place} {body.get('rule', '')}".strip()
    for key in ("rule", target, "id", "en"):
        if not isinstance(body.get(key), str):
            raise RuleSetError(f"{place}: {key!r} is missing or no text")
    then = body[target]
    if allowed is not None and then not in allowed:
        raise RuleSetError(f"{place}: unknown {target} {then!r}")
    when = body.get("when")
    test = None if when is None else compiler.compile(when, place)
    rank = (order or {}).get(then, 0.0)
    if "before" in body:
        if body["before"] not in (order or {}):
            raise RuleSetError(f"{place}: 'before' names no category: {body['before']!r}")
        rank = (order or {})[body["before"]] - 0.5
    return Rule(
        body["rule"], body["id"], body["en"], body.get("source", ""), then, test, rank,
        body.get("variant", ""), frozenset() if when is None else needed(when),
        body.get("decides") is True,
    )  # fmt: skip


def _category(
    name: str, body: Mapping[str, Any], concepts: Mapping[str, Any], compiler: Compiler
) -> Category:
    place = f"categories.{name}"
    variants = {key: (row["id"], row["en"]) for key, row in body.get("variants", {}).items()}
    tables: dict[str, tuple[Rule, ...]] = {}
    for target, allowed in (("priority", PRIORITIES), ("queue", None)):
        rows = body.get(target)
        if not isinstance(rows, list) or not rows:
            raise RuleSetError(
                f"{place}: {target!r} must be a list with a last row that always holds"
            )
        tables[target] = tuple(
            _rule({"rule": f"{name}.{target}.{row.get(target)}", **row}, f"{place}.{target}[{index}]",
                  target, allowed, compiler)
            for index, row in enumerate(rows)
        )  # fmt: skip
        if tables[target][-1].test is not None or tables[target][-1].variant:
            raise RuleSetError(f"{place}.{target}: the last row must hold always (no 'when')")
        unknown = {row.variant for row in tables[target] if row.variant} - set(variants)
        if unknown:
            raise RuleSetError(f"{place}.{target}: unknown variants {sorted(unknown)}")
    weighings = []
    for key in ("amounts", "times"):
        words = body.get(key, {})
        for concept in (c for part in ("near", "away", "names") for c in words.get(part, ())):
            if concept not in concepts:
                raise RuleSetError(f"{place}.{key}: unknown concept {concept!r}")
        weighings.append(
            Weighing(*(tuple(words.get(part, ())) for part in ("near", "away", "names")))
        )
    return Category(
        name=name,
        title_id=body["id"],
        title_en=body["en"],
        priority=tables["priority"],
        queue=tables["queue"],
        amounts=weighings[0],
        times=weighings[1],
        reporters=frozenset(body.get("reporters", ())),
        variants=variants,
    )


def _hints(
    data: Mapping[str, Any], concepts: Mapping[str, Any], categories: Mapping[str, Category]
) -> list[Hint]:
    hints = []
    for category, rows in data.items():
        if category not in categories:
            raise RuleSetError(f"hints: unknown category {category!r}")
        for concept, weight in rows.get("weights", {}).items():
            if concept not in concepts:
                raise RuleSetError(f"hints.{category}: unknown concept {concept!r}")
            reporters = frozenset(rows.get("reporter", ()))
            hints.append(Hint(concept, category, float(weight), reporters))
    return hints


def _flag(name: str, body: Mapping[str, Any]) -> Flag:
    return Flag(
        name, body.get("text", ""), frozenset(body.get("tiers", ())), body["id"], body["en"],
        body.get("source", ""),
    )  # fmt: skip
