"""Moderation of messages in a file, without a database: one JSON object a line in, one a line out."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bahasa.linear import ModelError
from seller_chat.moderation import Model, RuleSet, RuleSetError, moderate
from seller_chat.moderation.batch import MessageError, Score, parse_message, write_decision
from seller_chat.moderation.places import MODEL, RULES


class Command(BaseCommand):
    help = "Find prohibited behaviour in chat messages given as JSON lines, with reasons."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", default="-", help="JSON lines; - for standard input")
        parser.add_argument("--output", default="-", help="JSON lines; - for standard output")
        parser.add_argument("--rules", default=str(RULES), help="rule set file")
        parser.add_argument("--model", default=str(MODEL), help="model file")
        parser.add_argument(
            "--score", action="store_true", help="print figures on messages that carry `expected`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rules = RuleSet.from_file(options["rules"])
            model = Model.from_file(options["model"])
        except (RuleSetError, ModelError) as error:
            raise CommandError(str(error)) from error
        score = Score()
        with ExitStack() as stack:
            source = self._open(stack, options["input"], "r")
            target = self._open(stack, options["output"], "w")
            bad = self._run(source, target, rules, model, score)
        if options["score"]:
            self.stderr.write(score.report())
        if bad:
            raise CommandError(f"{bad} line(s) could not be read", returncode=1)

    def _run(
        self, source: IO[str], target: IO[str], rules: RuleSet, model: Model, score: Score
    ) -> int:
        bad = 0
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                case_id, message, expected = parse_message(line)
            except MessageError as error:
                self.stderr.write(f"line {number}: {error}")
                bad += 1
                continue
            decision = moderate(message, rules, model)
            target.write(write_decision(case_id, decision) + "\n")
            if expected is not None:
                score.add(message.text, decision.violations, expected)
        return bad

    def _open(self, stack: ExitStack, name: str, mode: str) -> IO[str]:
        if name == "-":
            return sys.stdin if mode == "r" else sys.stdout
        try:
            return stack.enter_context(Path(name).open(mode, encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"cannot open {name}: {error.strerror}") from error
