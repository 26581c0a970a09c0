"""The moderation rule set: labels, concepts, rules and what absorbs what, checked and compiled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bahasa.phrases import PatternError, PhraseBook
from seller_chat.moderation.conditions import ConditionError, Test, compile_condition


class RuleSetError(ValueError):
    """The rule set cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Label:
    """A violation, its name in both languages and the document that forbids it."""

    name: str
    text_id: str
    text_en: str
    source: str


@dataclass(frozen=True)
class Rule:
    """`certain`: it decides alone, whatever the words around it are like."""

    name: str
    label: str
    test: Test
    text_id: str
    text_en: str
    source: str
    certain: bool = False


@dataclass(frozen=True)
class RuleSet:
    """Build it once and share it: it does not change."""

    version: int
    labels: Mapping[str, Label]
    rules: tuple[Rule, ...]
    # A violation that says more than the ones it names: they are not told beside it.
    absorbs: Mapping[str, tuple[str, ...]]
    concepts: tuple[str, ...]
    book: PhraseBook

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> RuleSet:
        """Checks and compiles the JSON body. Raises `RuleSetError`."""
        try:
            return _compile(data)
        except (ConditionError, PatternError) as error:
            raise RuleSetError(str(error)) from error
        except (KeyError, TypeError, AttributeError) as error:
            raise RuleSetError(f"rule set has the wrong form: {error!r}") from error

    @classmethod
    def from_file(cls, path: str | Path) -> RuleSet:
        """Raises `RuleSetError`, also for broken JSON or a missing file."""
        try:
            data = json.loads(Path(path).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise RuleSetError(f"cannot read {path}: {error}") from error
        if not isinstance(data, dict):
            raise RuleSetError(f"{path}: a JSON object is expected")
        return cls.from_dict(data)


def _compile(data: Mapping[str, Any]) -> RuleSet:
    version = data["version"]
    if not isinstance(version, int) or version < 1:
        raise RuleSetError("'version' must be a whole number from 1 on")
    labels = {
        name: Label(name, body["id"], body["en"], body["source"])
        for name, body in data["labels"].items()
    }
    concepts = data["concepts"]
    rules = tuple(
        _rule(body, f"rules[{index}]", labels, concepts) for index, body in enumerate(data["rules"])
    )
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RuleSetError(f"rule named twice: {twice}")
    absorbs = {name: tuple(others) for name, others in data.get("absorbs", {}).items()}
    odd = {*absorbs, *(other for others in absorbs.values() for other in others)} - set(labels)
    if odd:
        raise RuleSetError(f"absorbs: unknown labels {sorted(odd)}")
    book = PhraseBook(concepts, data.get("lists", {}))
    return RuleSet(version, labels, rules, absorbs, tuple(concepts), book)


def _rule(
    body: Mapping[str, Any], place: str, labels: Mapping[str, Label], concepts: Mapping[str, Any]
) -> Rule:
    place = f"{place} {body.get('rule', '')}".strip()
    for key in ("rule", "label", "id", "en", "source"):
        if not isinstance(body.get(key), str):
            raise RuleSetError(f"{place}: {key!r} is missing or no text")
    if body["label"] not in labels:
        raise RuleSetError(f"{place}: unknown label {body['label']!r}")
    if "when" not in body:
        raise RuleSetError(f"{place}: 'when' is missing")
    test = compile_condition(body["when"], concepts, place)
    certain = body.get("certain", False)
    if not isinstance(certain, bool):
        raise RuleSetError(f"{place}: 'certain' must be true or false")
    return Rule(body["rule"], body["label"], test, body["id"], body["en"], body["source"], certain)
