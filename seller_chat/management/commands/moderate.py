"""Moderation of messages in a file, without a database: one JSON object a line in, one a line out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from bahasa.linear import ModelError
from helpdesk.common.json_lines import JsonLinesCommand
from seller_chat.moderation import Model, RuleSet, RuleSetError, moderate
from seller_chat.moderation.batch import MessageError, Score, parse_message, write_decision
from seller_chat.moderation.places import MODEL, RULES


class Command(JsonLinesCommand):
    help = "Find prohibited behaviour in chat messages given as JSON lines, with reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
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

        def answer(line: str) -> str:
            case_id, message, expected = parse_message(line)
            decision = moderate(message, rules, model)
            if expected is not None:
                score.add(message.text, decision.violations, expected)
            return write_decision(case_id, decision)

        bad = self.each_line(options, answer, MessageError)
        if options["score"]:
            self.stderr.write(score.report())
        self.refuse(bad)
