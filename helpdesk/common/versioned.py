"""Rules kept as data: numbered, immutable versions of one JSON document, one of them in force."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

CACHE_SECONDS = 10
SHIPPED = "fixtures/"
_in_force: dict[type, tuple[float, Any]] = {}
_known: dict[tuple[type, int], Any] = {}


class VersionedData(models.Model):
    """Abstract: a version of a rule document. A published version is never edited."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    body = models.JSONField(_("rules"))
    digest = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField(_("published at"), auto_now_add=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    cache_seconds: ClassVar[int] = CACHE_SECONDS

    class Meta:
        abstract = True
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"{type(self).__name__} v{self.version}"

    @classmethod
    def in_force(cls) -> Self:
        """The latest version; kept in this process for a few seconds."""
        kept = _in_force.get(cls)
        if kept and kept[0] > time.monotonic():
            return kept[1]
        pk = cls._default_manager.order_by("-version").values_list("pk", flat=True).first()
        if pk is None:
            raise RuntimeError(f"no {cls.__name__} is loaded: run `manage.py load_reference_data`")
        latest = cls.known(pk)
        _in_force[cls] = (time.monotonic() + cls.cache_seconds, latest)
        return latest

    @classmethod
    def known(cls, pk: int) -> Self:
        """The version with this id, read once in a process: a published version never changes."""
        kept = _known.get((cls, pk))
        if kept is None:
            kept = _known[cls, pk] = cls._default_manager.get(pk=pk)
        return kept

    @classmethod
    def load(cls, body: dict[str, Any]) -> Self:
        """Publish what the repository ships, unless people have published their own since."""
        latest = cls._default_manager.order_by("-version").first()
        if latest is not None and latest.note != SHIPPED:
            return latest
        return cls.publish(body, note=SHIPPED)

    @classmethod
    def publish(cls, body: dict[str, Any], *, note: str = "") -> Self:
        """Put `body` in force as a new version; the same content again changes nothing."""
        digest = digest_of(body)
        with transaction.atomic():
            latest = cls._default_manager.select_for_update().order_by("-version").first()
            if latest and latest.digest == digest:
                return latest
            version = latest.version + 1 if latest else 1
            made = cls._default_manager.create(version=version, body=body, digest=digest, note=note)
        forget_cached_rules()
        return made


def digest_of(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def forget_cached_rules() -> None:
    """Drop what this process remembers, so that the next look reads the database."""
    _in_force.clear()
    _known.clear()
