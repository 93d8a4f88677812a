"""Which kind of file this is, by its name and by its content; what is not read says what to do."""

from dataclasses import dataclass
from pathlib import PurePath

from plans.readers.document import DocumentError

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PDF = b"%PDF-"
ENCRYPTED_OOXML = "EncryptedPackage".encode("utf-16-le")
IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*", b"BM")
HTML_HEADS = (b"<!doctype html", b"<html", b"<head", b"<body")
AS_DOCX = "请用 Word 或 WPS 打开后，另存为 .docx 再上传。"
AS_XLSX = "请用 Excel 或 WPS 打开后，另存为 .xlsx 再上传。"
SCANNED = (
    "这是扫描件（图片），里面没有文字。请上传 Word 原稿，"
    "或用扫描、WPS 等软件的“文字识别（OCR）”转成 .docx 并校对后再上传。"
)
LOCKED = "文件设有打开密码，请在 Word、WPS 或阅读软件中取消密码后再上传。"
EMPTY = "文件是空的，没有文字内容：{name}。请检查后重新上传。"
FALSE_NAME = "文件内容与扩展名“{extension}”不符，请检查后重新上传。"

REFUSED = {
    (".docm", ".dotm", ".xlsm", ".xlsb", ".xltm"): (
        "macros",
        "启用宏的文件不能上传，请在 Word（WPS）中另存为不含宏的 .docx（.xlsx）再上传。",
    ),
    (".xls", ".et", ".csv", ".ods"): ("other_kind", AS_XLSX),
    (".rtf", ".odt", ".dot", ".dotx", ".uot", ".wpt", ".mht", ".mhtml"): ("other_kind", AS_DOCX),
    (".ofd", ".ceb"): (
        "other_kind",
        "版式文件（.ofd、.ceb）目前不能读取，请用阅读软件导出为 .pdf，或上传 Word 原稿。",
    ),
    (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff"): ("scanned", SCANNED),
    (".zip", ".rar", ".7z"): ("other_kind", "请先解压，再上传其中的方案文件。"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is read."""

    name: str
    media_type: str
    head: bytes = b""


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    ".txt": Kind("text", "text/plain"),
    ".md": Kind("text", "text/plain"),
    ".html": Kind("html", "text/html"),
    ".htm": Kind("html", "text/html"),
    ".docx": Kind("docx", f"{OFFICE}.wordprocessingml.document", ZIP),
    ".xlsx": Kind("xlsx", f"{OFFICE}.spreadsheetml.sheet", ZIP),
    ".pdf": Kind("pdf", "application/pdf", PDF),
    ".doc": Kind("doc", "application/msword", OLE),
    ".wps": Kind("doc", "application/vnd.ms-works", OLE),
}
READABLE = tuple(KINDS)


def kind_of(name: str, content: bytes) -> Kind:
    """Return the kind of a file; DocumentError where name and content do not agree."""
    extension = PurePath(name).suffix.lower()
    for extensions, (code, message) in REFUSED.items():
        if extension in extensions:
            raise DocumentError(code, message)
    if extension not in KINDS:
        raise DocumentError(
            "other_kind",
            f"不能读取“{extension or name}”格式的文件，请用 {'、'.join(READABLE)}。",
        )
    if not content:
        raise DocumentError("empty", EMPTY.format(name=name))
    kind = KINDS[extension]
    if kind.head and not content.startswith(kind.head):
        _refuse_false_name(extension, kind, content)
    if not kind.head and content.startswith((ZIP, OLE, PDF, *IMAGES[:3])):
        raise DocumentError("false_name", FALSE_NAME.format(extension=extension))
    if kind.head == OLE and ENCRYPTED_OOXML in content:
        raise DocumentError("password", LOCKED)
    return kind


def _refuse_false_name(extension: str, kind: Kind, content: bytes) -> None:
    """Say what the file is, where that can be told."""
    if kind.head == ZIP and content.startswith(OLE):
        if ENCRYPTED_OOXML in content:
            raise DocumentError("password", LOCKED)
        wanted = AS_DOCX if kind.name == "docx" else AS_XLSX
        raise DocumentError(
            "false_name", f"这是旧版格式的文件，只是扩展名是“{extension}”。{wanted}"
        )
    if kind.head == OLE and content.startswith(ZIP):
        message = f"文件其实是新版格式，扩展名却是“{extension}”。{AS_DOCX}"
        raise DocumentError("false_name", message)
    if content[:512].lstrip().lower().startswith(HTML_HEADS):
        message = f"文件其实是网页，扩展名却是“{extension}”。请把扩展名改为 .html 再上传。"
        raise DocumentError("false_name", message)
    if content.startswith(IMAGES):
        raise DocumentError("scanned", SCANNED)
    raise DocumentError("false_name", FALSE_NAME.format(extension=extension))
