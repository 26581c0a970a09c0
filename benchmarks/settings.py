"""The house's settings, with the benchmark's own endpoint beside its pages."""

from __future__ import annotations

from helpdesk.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
