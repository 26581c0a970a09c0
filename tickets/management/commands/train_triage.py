"""Learns the triage model anew from the labelled complaints of the repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from tickets.triage.model import FOLDER, save
from tickets.triage.sources import Sources
from tickets.triage.training import learn


class Command(BaseCommand):
    help = "Learn the triage model from fixtures/corpus (needs the development requirements)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", default=str(FOLDER / "complaints.npz"), help="model file")

    def handle(self, *args: Any, **options: Any) -> None:
        from tickets.triage.crossval import validate

        sources = Sources(Path(settings.BASE_DIR))
        counted, always = sources.counted(), sources.always()
        validation = validate(counted, always, sources.rules)
        about, arrays = learn([*counted, *always])
        about |= validation.thresholds | {"sources": sources.fingerprint()}
        save(Path(options["output"]), about, arrays)
        for line in validation.report():
            self.stdout.write(line)
