"""Stored files: a private root, generated names, a hash, and the row only after the bytes."""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from accounts.errors import InvalidError
from accounts.models import Department, District, StoredFile, User

MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".wps": "application/vnd.ms-works",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".html": "text/plain",
    ".htm": "text/plain",
    ".zip": "application/zip",
}
SIGNATURES = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04",),
    ".doc": (b"\xd0\xcf\x11\xe0",),
    ".xls": (b"\xd0\xcf\x11\xe0",),
    ".wps": (b"\xd0\xcf\x11\xe0",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG",),
}


class Upload(Protocol):
    """What Django's UploadedFile and our own makers of files have in common."""

    @property
    def name(self) -> str | None:
        """The name the sender gave it."""

    @property
    def size(self) -> int | None:
        """Its bytes as announced."""

    def chunks(self) -> Iterable[bytes]:
        """Yield the bytes."""


def clean_name(name: str) -> str:
    """Return a display name without folders, control or direction marks, at most 200 characters."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in base if unicodedata.category(c) not in {"Cc", "Cf", "Cs"}).strip()
    stem, dot, extension = kept.rpartition(".")
    return (f"{stem[: 199 - len(extension)]}.{extension}" if dot else kept[:200]) or "未命名"


def store(
    upload: Upload,
    *,
    district: District,
    by: User,
    at: datetime,
    department: Department | None = None,
    kinds: Iterable[str] = MEDIA_TYPES,
) -> StoredFile:
    """Write the bytes under a generated name, then make the row; InvalidError says what is wrong.

    Called inside a use case: when its transaction fails, the file is an orphan without a row, never
    a row without a file.
    """
    name = clean_name(upload.name or "")
    extension = Path(name).suffix.lower()
    refuse_unfit(upload, kinds=kinds)
    stored_as = f"{secrets.token_hex(16)}{extension}"
    digest, size = _write(upload, Path(settings.MEDIA_ROOT) / stored_as, extension)
    return StoredFile.objects.create(
        district=district,
        department=department,
        uploaded_by=by,
        uploaded_at=at,
        name=name,
        stored_as=stored_as,
        media_type=MEDIA_TYPES[extension],
        size=size,
        sha256=digest,
    )


def refuse_unfit(upload: Upload, *, kinds: Iterable[str] = MEDIA_TYPES) -> None:
    """Raise InvalidError for a file that ``store`` would not take, before anything is written."""
    name = clean_name(upload.name or "")
    extension = Path(name).suffix.lower()
    if extension not in set(kinds):
        raise InvalidError(
            f"不能上传“{extension or name}”格式的文件，请用 {'、'.join(sorted(kinds))}。"
        )
    refuse_oversize(upload)
    _refuse_false_content(next(iter(upload.chunks()), b""), extension)


def refuse_oversize(upload: Upload) -> None:
    """Raise InvalidError for a file that says it is larger than may be uploaded."""
    limit = settings.UPLOAD_MAX_BYTES
    if (upload.size or 0) > limit:
        raise InvalidError(f"文件超过{limit // 1024 // 1024}MB，请压缩或拆分后再上传。")


def _refuse_false_content(head: bytes, extension: str) -> None:
    if not head:
        raise InvalidError("文件是空的，请检查后重新上传。")
    if not head.startswith(SIGNATURES.get(extension, (b"",))):
        raise InvalidError(f"文件内容与扩展名“{extension}”不符，请检查后重新上传。")


def _write(upload: Upload, target: Path, extension: str) -> tuple[str, int]:
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with partial.open("wb") as out:
            for chunk in upload.chunks():
                head = head or chunk[:16]
                size += len(chunk)
                if size > settings.UPLOAD_MAX_BYTES:
                    raise InvalidError("文件太大，请压缩或拆分后再上传。")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _refuse_false_content(head, extension)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest(), size


def path_of(stored: StoredFile) -> Path:
    """Return where the bytes are."""
    return Path(settings.MEDIA_ROOT) / stored.stored_as


def discard(stored: StoredFile) -> None:
    """Delete a file of which nothing came: the row, and on commit the bytes."""
    path = path_of(stored)
    stored.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
