"""Triage of cases in a file, without a database: one JSON object a line in, one a line out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from helpdesk.common.json_lines import JsonLinesCommand
from tickets.triage import RuleSet, RuleSetError, triage
from tickets.triage.batch import CaseError, Score, parse_case, write_decision


class Command(JsonLinesCommand):
    help = "Categorise, prioritise and route complaints given as JSON lines, with reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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

        def answer(line: str) -> str:
            case_id, complaint, expected = parse_case(line)
            decision = triage(complaint, rules)
            score.add(decision, expected)
            return write_decision(case_id, decision)

        bad = self.each_line(options, answer, CaseError)
        if options["score"]:
            self.stderr.write(str(score))
        self.refuse(bad)
