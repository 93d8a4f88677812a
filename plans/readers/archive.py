"""Opening an OOXML file: limits before anything is unpacked, and what may not be in one."""

import re
import stat
import struct
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree

from plans.readers.document import DocumentError

MOST_ENTRIES = 2_000
MOST_BYTES = 100 * 1024 * 1024
MOST_RATIO = 100
SMALL_BYTES = 1024 * 1024
LOCAL_HEADER = 30
ENCRYPTED_FLAG = 1
DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
LOCAL_TEMPLATE = re.compile(r"(?:file:///)?[A-Za-z]:[\\/]|[^\\/:]+\Z")
BROKEN = "文件已损坏或没有传完整，请在 Word（WPS）中打开、另存后再上传。"
TRICKED = "文件的压缩结构不正常，没有读取。请在 Word（WPS）中打开、另存为新文件后再上传。"
TOO_LARGE = "文件解压后太大，没有读取。请删去图片等附件、只留正文后再上传。"
# The last is what zipfile says of a compression or encryption that it does not know.
UNREADABLE = (
    BadZipFile,
    KeyError,
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    NotImplementedError,
)


class Package:
    """The parts of an OOXML file, checked before they are unpacked."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, struct.error) as error:
            raise DocumentError("broken", BROKEN) from error
        self._entries = self._zip.infolist()
        self._names = {entry.filename for entry in self._entries}
        self._check_sizes()
        _check_places(self._entries, content)
        _check_kinds(self._entries)
        for entry in self._entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                self._check_part(entry)

    def __contains__(self, name: str) -> bool:
        """Tell whether the file has a part."""
        return name in self._names

    def read(self, name: str) -> bytes:
        """Return the bytes of a part."""
        try:
            return self._zip.read(name)
        except UNREADABLE as error:
            raise DocumentError("broken", BROKEN) from error

    def tree(self, name: str) -> "etree._Element":
        """Return the root of an XML part."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]
                raise MemoryError from error
            raise DocumentError("broken", BROKEN) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise DocumentError("dtd", TRICKED)
        return root

    def related(self, name: str, kind: str) -> str | None:
        """Return the first part of a kind that a `.rels` part names and the file has."""
        if name not in self:
            return None
        kinds = {
            str(found.get("Id")): str(found.get("Type", "")).rsplit("/", 1)[-1]
            for found in self.tree(name).iter(f"{RELATIONSHIPS}Relationship")
        }
        targets = self.targets(name)
        return next((t for key, t in targets.items() if kinds[key] == kind and t in self), None)

    def targets(self, name: str) -> dict[str, str]:
        """Return the parts that a `.rels` part names, by their ids."""
        if name not in self:
            return {}
        folder = name.rsplit("_rels/", 1)[0]
        return {
            str(found.get("Id")): target[1:] if target.startswith("/") else folder + target
            for found in self.tree(name).iter(f"{RELATIONSHIPS}Relationship")
            if (target := str(found.get("Target", "")))
        }

    def _check_sizes(self) -> None:
        total = sum(entry.file_size for entry in self._entries)
        packed = sum(entry.compress_size for entry in self._entries)
        if len(self._entries) > MOST_ENTRIES or total > MOST_BYTES:
            raise DocumentError("bomb", TOO_LARGE)
        if total > SMALL_BYTES and total > MOST_RATIO * max(packed, 1):
            raise DocumentError("bomb", TOO_LARGE)

    def _check_part(self, entry: ZipInfo) -> None:
        part = self.read(entry.filename)
        if any(mark in part for mark in DOCTYPE):
            raise DocumentError("dtd", TRICKED)
        if entry.filename == "[Content_Types].xml" and b"macroEnabled" in part:
            _refuse_macros()
        if entry.filename.endswith(".rels"):
            self._check_relationships(entry.filename)

    def _check_relationships(self, name: str) -> None:
        """Refuse what points outside, but for links to click and a template on the own disk."""
        for found in self.tree(name).iter(f"{RELATIONSHIPS}Relationship"):
            kind, target = str(found.get("Type", "")), str(found.get("Target", ""))
            if found.get("TargetMode") != "External" or kind.endswith("/hyperlink"):
                continue
            if kind.endswith("/attachedTemplate") and LOCAL_TEMPLATE.match(target):
                continue
            raise DocumentError(
                "external",
                "文件里引用了外部的图片、模板或对象，为安全起见没有读取。"
                "请在 Word（WPS）中全选、复制到新建的空白文档，保存后再上传。",
            )


def _check_places(entries: list[ZipInfo], content: bytes) -> None:
    """Refuse names that lead elsewhere, encrypted entries, and entries that share bytes."""
    seen: set[str] = set()
    end = 0
    for entry in sorted(entries, key=lambda found: found.header_offset):
        name = entry.filename.replace("\\", "/")
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if name.startswith("/") or ".." in name.split("/") or is_link or name in seen:
            raise DocumentError("tricked", TRICKED)
        if entry.flag_bits & ENCRYPTED_FLAG:
            raise DocumentError("password", "文件设有密码，请取消密码后再上传。")
        header = content[entry.header_offset : entry.header_offset + LOCAL_HEADER]
        if len(header) < LOCAL_HEADER or entry.header_offset < end:
            raise DocumentError("tricked", TRICKED)
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        end = entry.header_offset + LOCAL_HEADER + name_length + extra_length + entry.compress_size
        seen.add(name)
    if end > len(content):
        raise DocumentError("broken", BROKEN)


def _check_kinds(entries: list[ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith(("vbaproject.bin", "vbadata.xml")):
            _refuse_macros()
        if "/activex/" in name or (
            "/embeddings/" in name and name.endswith((".bin", ".doc", ".xls", ".exe"))
        ):
            raise DocumentError(
                "embedded",
                "文件里嵌有对象（OLE 或控件），为安全起见没有读取。"
                "请在 Word（WPS）中删去嵌入的对象，另存后再上传。",
            )


def _refuse_macros() -> None:
    raise DocumentError(
        "macros",
        "文件含有宏，为安全起见没有读取。请在 Word（WPS）中另存为不含宏的 .docx（.xlsx）再上传。",
    )
