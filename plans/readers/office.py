"""Older Word and WPS files, turned into .docx by LibreOffice where it is installed."""

import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from plans.readers.document import DocumentError
from plans.readers.isolation import run
from plans.readers.kinds import AS_DOCX
from plans.readers.limits import OFFICE_MEMORY, OFFICE_SECONDS

PROGRAMS = ("soffice", "libreoffice")


def converter() -> str:
    """Return the program that reads older files; DocumentError says what to do without one."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise DocumentError("old_kind", f"这台服务器不能读取旧版 Word、WPS 文件。{AS_DOCX}")
    return program


def as_docx(name: str, content: bytes) -> bytes:
    """Return an older file as a .docx; DocumentError says how to save it as one by hand."""
    program = converter()
    with TemporaryDirectory() as folder:
        source = Path(folder) / f"source{PurePath(name).suffix.lower()}"
        source.write_bytes(content)
        command = [
            *(sys.executable, "-m", "plans.readers.confine", program),
            f"-env:UserInstallation=file://{folder}/profile",
            *("--headless", "--norestore", "--convert-to", "docx", "--outdir", folder),
            str(source),
        ]
        with suppress(subprocess.TimeoutExpired):
            run(command, seconds=OFFICE_SECONDS, memory=OFFICE_MEMORY)
        target = source.with_suffix(".docx")
        if not target.exists():
            raise DocumentError("broken", f"文件没有转换成功，可能已损坏或设有密码。{AS_DOCX}")
        return target.read_bytes()
