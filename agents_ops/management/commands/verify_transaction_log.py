from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agents_ops.models import TransactionLog
from agents_ops.official_log.signing import verdict_on
from helpdesk.common.durations import wib_text


class Command(BaseCommand):
    help = "Whether an official transaction log is whole, signed by our key, and on record here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            document = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        verdict = verdict_on(document)
        digest = hashlib.sha256(document).hexdigest()
        kept = TransactionLog.objects.filter(sha256=digest).first()
        self.stdout.write(f"whole: {_said(verdict.whole)}")
        self.stdout.write(f"signed by our key: {_said(verdict.ours)}")
        if verdict.signed_at is not None:
            self.stdout.write(f"signed at: {wib_text(verdict.signed_at)}")
        self.stdout.write(f"on record here: {kept.number if kept else 'no'}")
        if not verdict.holds:
            raise CommandError("the signature does not hold")


def _said(holds: bool) -> str:  # noqa: FBT001 - a word for it
    return "yes" if holds else "NO"
