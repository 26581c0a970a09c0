"""Files that people send: judged by their content, stored under a random key."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bahasa.secrets import mask_secrets
from helpdesk.common.errors import InvalidInput
from helpdesk.common.wording import gettext as _
from tickets.models import Attachment, Message, storage_path

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


@dataclass(frozen=True)
class CheckedFile:
    name: str
    content_type: str
    content: bytes


def check_files(files: Sequence[UploadedFile]) -> list[CheckedFile]:
    """The files with their true types. Raises InvalidInput before anything is stored."""
    if len(files) > MAX_FILES:
        raise _refuse(
            _("At most %(limit)s files at a time.") % {"limit": MAX_FILES}, "too_many_files"
        )
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
    return CheckedFile(name=name, content_type=content_type, content=content)


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
    stored: list[Attachment] = []
    try:
        for file in files:
            stored.append(_store(message, file))  # noqa: PERF401 - what is stored so far must be known
    except BaseException:
        for attachment in stored:
            attachment.file.delete(save=False)
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


def _store(message: Message, file: CheckedFile) -> Attachment:
    attachment = Attachment(
        ticket_id=message.ticket_id,
        message=message,
        name=file.name,
        content_type=file.content_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
    )
    try:
        attachment.file.save(file.name, ContentFile(file.content), save=False)
        _flush_to_disk(attachment)
        with transaction.atomic():
            attachment.save()
    except BaseException:
        # By its path: a full disk leaves half a file that the attachment does not know of yet.
        attachment.file.storage.delete(storage_path(attachment, file.name))
        raise
    return attachment


def _flush_to_disk(attachment: Attachment) -> None:
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
