"""Rules kept as data: numbered, immutable versions of one JSON document, one of them in force."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from helpdesk.common import clock, reads
from helpdesk.common.errors import Conflict
from helpdesk.common.one_at_a_time import one_at_a_time
from helpdesk.common.wording import gettext

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
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )
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
        pk = cls._latest()
        if pk is None:
            raise RuntimeError(f"no {cls.__name__} is loaded: run `manage.py load_reference_data`")
        latest = cls.known(pk)
        _in_force[cls] = (time.monotonic() + cls.cache_seconds, latest)
        return latest

    @classmethod
    def exactly_in_force(cls) -> Self:
        """The latest version that is committed; a small query, one for a whole batch of `reads`.

        For what is decided now and kept: no process goes on with an older one for some seconds.
        """
        pk = reads.once(cls._latest)
        return cls.known(pk) if pk is not None else cls.in_force()

    @classmethod
    def _latest(cls) -> int | None:
        newest = cls._default_manager.order_by("-version")
        return newest.values_list("pk", flat=True).first()

    @classmethod
    def known(cls, pk: int) -> Self:
        """The version with this id, read once in a process: a published version never changes."""
        kept = _known.get((cls, pk))
        if kept is None:
            kept = _known[cls, pk] = cls._default_manager.get(pk=pk)
        return kept

    def read_all(self) -> None:
        """Read the whole document as this program does; raises where its shape is another."""

    @classmethod
    def load(cls, body: dict[str, Any]) -> Self:
        """Publish what the repository ships, unless people have published their own since."""
        latest = cls._default_manager.order_by("-version").first()
        # Earlier versions of this command left no note.
        if latest is not None and (latest.published_by_id or latest.note not in ("", SHIPPED)):
            return latest
        return cls.publish(body, note=SHIPPED)

    @classmethod
    def publish(
        cls,
        body: dict[str, Any],
        *,
        note: str = "",
        by: Any = None,
        base_version: int | None = None,
    ) -> Self:
        """Put `body` in force as a new version; the same content again changes nothing.

        `by` is the person who publishes (None: a command). With `base_version`, the version that
        the change was made from, raises Conflict when another one is in force by now.
        """
        digest = digest_of(body)
        with transaction.atomic():
            # A lock of the table's rows would not show the row that another one just added.
            one_at_a_time(f"publish {cls._meta.db_table}")
            latest = cls._default_manager.order_by("-version").first()
            if base_version is not None and (latest is None or latest.version != base_version):
                raise Conflict(
                    gettext(
                        "Somebody published another version meanwhile. Look at it, then decide."
                    )
                )
            if latest and latest.digest == digest:
                return latest
            version = latest.version + 1 if latest else 1
            made = cls._default_manager.create(
                version=version, body=body, digest=digest, note=note, published_by=by
            )
            # By the clock of the events that are compared with it, not by this host's.
            made.published_at = clock.now()
            made.save(update_fields=["published_at"])
        forget_cached_rules()
        # Until the commit another thread of this process may have read the version before it.
        transaction.on_commit(forget_cached_rules)
        return made


def unreadable_rules() -> list[str]:
    """Rules that are not loaded, or of another release's shape; none when all is well.

    Migrations bring the tables, `load_reference_data` the rules: `manage.py prepare` does both.
    """
    found = []
    for model in VersionedData.__subclasses__():
        try:
            model.in_force().read_all()
        except (RuntimeError, LookupError, ValueError, TypeError, AttributeError) as error:
            found.append(f"{model.__name__} ({type(error).__name__})")
    return found


def digest_of(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def forget_cached_rules() -> None:
    """Drop what this process remembers, so that the next look reads the database."""
    _in_force.clear()
    _known.clear()
