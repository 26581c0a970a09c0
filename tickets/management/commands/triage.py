"""Triage of cases in a file, without a database: one JSON object a line in, one a line out."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.triage import RuleSet, RuleSetError, triage
from tickets.triage.batch import CaseError, Score, parse_case, write_decision


class Command(BaseCommand):
    help = "Categorise, prioritise and route complaints given as JSON lines, with reasons."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", default="-", help="JSON lines; - for standard input")
        parser.add_argument("--output", default="-", help="JSON lines; - for standard output")
        rules = Path(settings.BASE_DIR) / "fixtures" / "triage_rules.json"
        parser.add_argument("--rules", default=str(rules), help="rule set file")
        profile = rules.with_name("organisation.json")
        parser.add_argument("--profile", default=str(profile), help="organisation profile file")
        parser.add_argument(
            "--score", action="store_true", help="print accuracy on cases that carry `expected`"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rules = RuleSet.from_file(options["rules"], profile=options["profile"])
        except RuleSetError as error:
            raise CommandError(str(error)) from error
        score = Score()
        with ExitStack() as stack:
            source = self._open(stack, options["input"], "r")
            target = self._open(stack, options["output"], "w")
            bad = self._run(source, target, rules, score)
        if options["score"]:
            self.stderr.write(str(score))
        if bad:
            raise CommandError(f"{bad} line(s) could not be read", returncode=1)

    def _run(self, source: IO[str], target: IO[str], rules: RuleSet, score: Score) -> int:
        bad = 0
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                case_id, complaint, expected = parse_case(line)
            except CaseError as error:
                self.stderr.write(f"line {number}: {error}")
                bad += 1
                continue
            decision = triage(complaint, rules)
            target.write(write_decision(case_id, decision) + "\n")
            score.add(decision, expected)
        return bad

    def _open(self, stack: ExitStack, name: str, mode: str) -> IO[str]:
        if name == "-":
            return sys.stdin if mode == "r" else sys.stdout
        try:
            return stack.enter_context(Path(name).open(mode, encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"cannot open {name}: {error.strerror}") from error
