"""What the model is learnt from: the labelled complaints of the repository, and the rules."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from tickets.triage.features import SIGHT
from tickets.triage.rules import RuleSet
from tickets.triage.training import Example, read_examples

_BAHASA = ("meanings.txt", "spelling.txt", "scopes.json")


class Sources:
    """The files below the repository's root."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._corpus = sorted((root / "fixtures/corpus/complaints").glob("*.jsonl"))
        # The rules' author had these in view: learnt from, never counted.
        self._in_view = [
            root / "fixtures/triage_dev.jsonl",
            root / "tests/tickets/data/triage_fresh.jsonl",
        ]

    @cached_property
    def rules(self) -> RuleSet:
        """The shipped rule set, without the model that is to be learnt."""
        return RuleSet.from_file(self._root / "fixtures/triage_rules.json", with_model=False)

    def counted(self) -> list[Example]:
        return self._read(self._corpus)

    def always(self) -> list[Example]:
        return self._read(self._in_view)

    def _read(self, paths: list[Path]) -> list[Example]:
        lines = (line for path in paths for line in path.read_text("utf-8").splitlines())
        return read_examples(lines, self.rules)

    def fingerprint(self) -> str:
        """Changes with every file that the model depends on."""
        words = [self._root / "bahasa/data" / name for name in _BAHASA]
        rules = self._root / "fixtures/triage_rules.json"
        seen = hashlib.sha256(str(SIGHT).encode())
        for path in [*self._corpus, *self._in_view, *words, rules]:
            seen.update(hashlib.sha256(path.read_bytes()).digest())
        return seen.hexdigest()
