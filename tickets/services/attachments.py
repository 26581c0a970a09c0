"""Files that people send: judged by their content, stored under a random key."""

from __future__ import annotations

import hashlib
import logging
import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Protocol, TypeVar

import puremagic
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bahasa.secrets import mask_secrets
from helpdesk.common.errors import InvalidInput, Refusal
from helpdesk.common.wording import gettext as _
from people.models import User
from tickets.models import Attachment, KeptFile, Message, OutgoingReply, Ticket, storage_path
from tickets.scanning import ScannerDown, scan

log = logging.getLogger(__name__)


class StoredFile(Protocol):
    """A row of a stored file, whatever it is attached to."""

    key: str
    name: str
    content_type: str
    size: int
    sha256: str
    file: Any

    def save(self) -> None: ...


Row = TypeVar("Row", bound=StoredFile)
SentFile = UploadedFile | KeptFile
MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 10
ALLOWED = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4",),
}
_EXTENSIONS = {extension: kind for kind, extensions in ALLOWED.items() for extension in extensions}


class NotScanned(Refusal):
    """The scanner did not answer."""

    status = 503
    code = "scanner_unavailable"


@dataclass(frozen=True)
class CheckedFile:
    name: str
    content_type: str
    content: bytes


def check_files(files: Sequence[UploadedFile]) -> list[CheckedFile]:
    """The files with their true types. Raises InvalidInput before anything is stored."""
    require_room(len(files), 0)
    return [_check_file(file) for file in files]


def _check_file(file: UploadedFile) -> CheckedFile:
    name = safe_name(file.name or "")
    if (file.size or 0) > MAX_BYTES:
        raise _refuse(_("'%(name)s' is larger than 20 MB.") % {"name": name}, "file_too_large")
    content = file.read(MAX_BYTES + 1)
    if not content:
        raise _refuse(_("'%(name)s' is empty.") % {"name": name}, "file_empty")
    content_type = true_type(content)
    extension = PurePosixPath(name.lower()).suffix
    # What it is, and what it calls itself, must agree: a page named .png is no picture.
    if content_type is None or _EXTENSIONS.get(extension) != content_type:
        message = _("'%(name)s' cannot be accepted. Send JPG, PNG, GIF, WebP, PDF or MP4.")
        raise _refuse(message % {"name": name}, "file_type")
    _require_clean(name, content)
    return CheckedFile(name=name, content_type=content_type, content=content)


def _require_clean(name: str, content: bytes) -> None:
    """A file that nobody could look into is refused as well; the text that it came with is kept."""
    try:
        verdict = scan(content)
    except ScannerDown as error:
        log.warning("file not scanned: %s", error)
        raise NotScanned(
            _("Files cannot be checked right now. Send without them, or try again in a minute.")
        ) from error
    if verdict.threat:
        log.warning("infected file refused: %s", verdict.threat)
        message = _("'%(name)s' carries a virus and was not accepted.") % {"name": name}
        raise _refuse(message, "file_infected")


def true_type(content: bytes) -> str | None:
    """The allowed type that the bytes have by their signature, else None."""
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "image/png"
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if content[:5] == b"%PDF-":
        return "application/pdf"
    try:
        found = {match.mime_type for match in puremagic.magic_string(content[:4096])}
    except (puremagic.PureError, ValueError):
        return None
    for kind in ("image/webp", "video/mp4"):
        if kind in found:
            return kind
    return None


def safe_name(name: str) -> str:
    """A label without paths, control, direction or invisible characters, and without secrets."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = unicodedata.normalize("NFC", base)
    base = "".join(
        char for char in base if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
    )
    base = mask_secrets(base.strip(" .")).text[-100:].strip(" .")
    return base or "berkas"


def store_files(message: Message, files: Iterable[CheckedFile]) -> list[Attachment]:
    """Write each file to the store, then its row; when one cannot be kept, none of them stays."""
    return store_all(lambda: Attachment(ticket_id=message.ticket_id, message=message), files)


def keep_files(
    files: Sequence[CheckedFile], *, ticket: Ticket, user: User, outgoing: OutgoingReply
) -> list[KeptFile]:
    """As store_files, for a reply that is no message yet."""
    return store_all(lambda: KeptFile(ticket=ticket, user=user, outgoing=outgoing), files)


def kept_files(ticket: Ticket, user: User | None, keys: Sequence[str]) -> list[KeptFile]:
    """The files of the person's draft on this ticket with these keys, locked. Raises InvalidInput."""
    if not keys:
        return []
    rows = KeptFile.objects.select_for_update().filter(
        ticket=ticket, user=user, outgoing=None, key__in=keys
    )
    found = list(rows)
    if len(found) < len(set(keys)):
        raise _refuse(_("A file is no longer there. Attach it again."), "file_gone")
    return found


def attach_kept(message: Message, kept: Sequence[KeptFile]) -> None:
    """What was kept becomes the message's: the same stored files under the same keys."""
    for file in kept:
        names = ("key", "name", "content_type", "size", "sha256")
        same = {name: getattr(file, name) for name in names}
        Attachment.objects.create(
            ticket_id=message.ticket_id, message=message, file=file.file.name, **same
        )
    KeptFile.objects.filter(pk__in=[file.pk for file in kept]).delete()


def discard_kept(kept: Sequence[KeptFile]) -> None:
    """Rows now, the stored files once that is certain."""
    KeptFile.objects.filter(pk__in=[file.pk for file in kept]).delete()
    for file in kept:
        transaction.on_commit(partial(file.file.storage.delete, str(file.file.name)), robust=True)


def sort_files(files: Sequence[SentFile]) -> tuple[list[CheckedFile], list[KeptFile]]:
    """New files, checked, and those that were kept. Raises InvalidInput as check_files."""
    kept = [file for file in files if isinstance(file, KeptFile)]
    fresh = check_files([file for file in files if not isinstance(file, KeptFile)])
    require_room(len(fresh), len(kept))
    return fresh, kept


def require_room(files: int, kept: int) -> None:
    if files + kept > MAX_FILES:
        raise _refuse(
            _("At most %(limit)s files at a time.") % {"limit": MAX_FILES}, "too_many_files"
        )


def store_all(make: Callable[[], Row], files: Iterable[CheckedFile]) -> list[Row]:
    """Write each file to the store, then the row that `make` begins; all of them or none."""
    stored: list[Row] = []
    try:
        for file in files:
            stored.append(_store(make(), file))  # noqa: PERF401 - what is stored so far must be known
    except BaseException:
        for row in stored:
            row.file.delete(save=False)
        raise
    return stored


def copy_files(message: Message, originals: Iterable[Attachment]) -> list[Attachment]:
    """The same files for another message, each with a key and bytes of its own: one can be erased
    without the other."""
    files = (CheckedFile(each.name, each.content_type, _bytes_of(each)) for each in originals)
    return store_files(message, files)


def _bytes_of(attachment: Attachment) -> bytes:
    with attachment.file.open("rb") as stored:
        return bytes(stored.read())


def _store(row: Row, file: CheckedFile) -> Row:
    row.name, row.content_type, row.size = file.name, file.content_type, len(file.content)
    row.sha256 = hashlib.sha256(file.content).hexdigest()
    try:
        row.file.save(file.name, ContentFile(file.content), save=False)
        _flush_to_disk(row)
        with transaction.atomic():
            row.save()
    except BaseException:
        # By its path: a full disk leaves half a file that the row does not know of yet.
        row.file.storage.delete(storage_path(row, file.name))
        raise
    return row


def _flush_to_disk(attachment: StoredFile) -> None:
    """A row must never outlive its file through a power cut."""
    try:
        descriptor = os.open(attachment.file.path, os.O_RDONLY)
    except NotImplementedError:  # a remote store keeps its own promise
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse(message: str, code: str) -> InvalidInput:
    return InvalidInput(message, code=code, fields={"files": message})
