"""Learns the moderation model anew and prints how it fares on messages that it did not see."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from seller_chat.moderation.batch import data_hash, read_labelled
from seller_chat.moderation.places import CORPUS, DEV, MODEL, RULES
from seller_chat.moderation.rules import RuleSet


class Command(BaseCommand):
    help = "Cross-validate the moderation model on the labelled messages, and write it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", default=str(MODEL), help="model file to write")
        parser.add_argument(
            "--evaluate-only", action="store_true", help="print the figures and write nothing"
        )
        parser.add_argument("--confusions", type=int, default=10, help="how many to print")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from seller_chat.moderation import training
        except ImportError as error:
            raise CommandError(
                f"{error.name} is missing: install requirements-dev.txt to train"
            ) from error
        rules = RuleSet.from_file(RULES)
        cases = list(read_labelled([CORPUS, DEV]))
        material = training.prepare(cases, rules)
        score, scores = training.cross_validate(material, rules)
        self.stdout.write(f"cross-validation, {training.FOLDS} folds, unseen messages only")
        self.stdout.write(score.report(options["confusions"]))
        if options["evaluate_only"]:
            return
        version = data_hash(cases, RULES.read_text("utf-8"))
        body = training.train(material, scores, rules, version)
        written = json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
        with open(options["output"], "w", encoding="utf-8") as target:  # noqa: PTH123
            target.write(written)
        self.stdout.write(f"model {version}: {len(written.encode()) / 1e6:.2f} MB")
