"""Score of the triage engine on labelled cases, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.triage import RuleSet, RuleSetError, triage
from tickets.triage.batch import CaseError, parse_case
from tickets.triage.evaluation import Evaluation


class Command(BaseCommand):
    help = "Hold the engine's decisions against the labels of JSON lines files."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="*", help="JSON lines files, or folders of *.jsonl")
        parser.add_argument(
            "--cross-validate",
            action="store_true",
            help="instead: decide each complaint of fixtures/corpus by a model learnt from the others",
        )
        rules = Path(settings.BASE_DIR) / "fixtures" / "triage_rules.json"
        parser.add_argument("--rules", default=str(rules), help="rule set file")
        profile = rules.with_name("organisation.json")
        parser.add_argument("--profile", default=str(profile), help="organisation profile file")
        parser.add_argument("--confusions", type=int, default=10, help="how many of the worst")
        parser.add_argument("--ids", action="store_true", help="name the urgent cases gone wrong")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cross_validate"] == bool(options["paths"]):
            raise CommandError("Give files or folders, or --cross-validate.")
        if options["cross_validate"]:
            self._cross_validate(max(options["confusions"], 0))
            return
        try:
            rules = RuleSet.from_file(options["rules"], profile=options["profile"])
        except RuleSetError as error:
            raise CommandError(str(error)) from error
        evaluation, bad = Evaluation(), 0
        for path in options["paths"]:
            for where, line in self._lines(Path(path)):
                try:
                    case_id, complaint, expected = parse_case(line)
                except CaseError as error:
                    self.stderr.write(f"{where}: {error}")
                    bad += 1
                    continue
                evaluation.add(case_id, triage(complaint, rules), expected)
        for told in evaluation.lines(confusions=max(options["confusions"], 0), ids=options["ids"]):
            self.stdout.write(told)
        if bad:
            raise CommandError(f"{bad} line(s) could not be read", returncode=1)

    def _cross_validate(self, confusions: int) -> None:
        # Learning needs the development requirements, deciding does not.
        from tickets.triage.crossval import validate
        from tickets.triage.sources import Sources

        sources = Sources(Path(settings.BASE_DIR))
        validation = validate(sources.counted(), sources.always(), sources.rules)
        for line in validation.report(confusions=confusions):
            self.stdout.write(line)

    def _lines(self, path: Path) -> Iterator[tuple[str, str]]:
        """Each line that is not empty, with its file and number."""
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
        if not files:
            raise CommandError(f"no *.jsonl in {path}")
        for file in files:
            try:
                text = file.read_text("utf-8", errors="replace")
            except OSError as error:
                raise CommandError(f"cannot open {file}: {error.strerror}") from error
            for number, line in enumerate(text.split("\n"), start=1):
                if line.strip():
                    yield f"{file.name}, line {number}", line
