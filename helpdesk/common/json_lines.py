"""Commands that read one JSON object a line and write one a line, without a database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class JsonLinesCommand(BaseCommand):
    """A line that cannot be read is named on standard error; the rest is done, and the exit code is 1."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--input", default="-", help="JSON lines; - for standard input")
        parser.add_argument("--output", default="-", help="JSON lines; - for standard output")

    def each_line(
        self, options: dict[str, Any], answer: Callable[[str], str], unreadable: type[Exception]
    ) -> int:
        """Write what `answer` makes of each line, without its end; how many lines raised `unreadable`."""
        with ExitStack() as stack:
            source = self._open(stack, options["input"], "r")
            target = self._open(stack, options["output"], "w")
            bad = 0
            for number, line in self._numbered(source):
                try:
                    target.write(answer(line) + "\n")
                except unreadable as error:
                    self.stderr.write(f"line {number}: {error}")
                    bad += 1
            return bad

    @staticmethod
    def refuse(bad: int) -> None:
        """Raises CommandError where lines could not be read."""
        if bad:
            raise CommandError(f"{bad} line(s) could not be read", returncode=1)

    @staticmethod
    def _numbered(source: IO[str]) -> Iterator[tuple[int, str]]:
        return ((number, line) for number, line in enumerate(source, start=1) if line.strip())

    @staticmethod
    def _open(stack: ExitStack, name: str, mode: str) -> IO[str]:
        if name == "-":
            return sys.stdin if mode == "r" else sys.stdout
        try:
            return stack.enter_context(Path(name).open(mode, encoding="utf-8", errors="replace"))
        except OSError as error:
            raise CommandError(f"cannot open {name}: {error.strerror}") from error
