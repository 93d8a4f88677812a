"""Files that mean harm, or are broken: each is refused in words, soon, and leaves nothing."""

import struct
import tempfile
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from plans.readers import DocumentError, document_from
from plans.readers.kinds import ENCRYPTED_OOXML, OLE
from tests.plans.readers.docx_files import NAMES, docx, packed, paragraph, relationships
from tests.plans.readers.pdf_files import pdf, set_in_pages, whole

GOOD = docx(paragraph("某区实施方案"))
OUTSIDE = ' TargetMode="External"'
MAIN = "word/document.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def document(body: str, doctype: str = "") -> bytes:
    """A Word file whose main part has a prolog of its own."""
    main = f"<?xml version='1.0'?>{doctype}<w:document {NAMES}><w:body>{body}</w:body></w:document>"
    return docx(more={MAIN: main})


def entity(declared: str, used: str) -> bytes:
    return document(f"<w:p><w:r><w:t>{used}</w:t></w:r></w:p>", f"<!DOCTYPE w [{declared}]>")


def linked(kind: str, target: str) -> bytes:
    rels = relationships((kind, target), mode=OUTSIDE)
    return docx(paragraph("方案"), more={"word/_rels/settings.xml.rels": rels})


def overlapping() -> bytes:
    """Two entries of the directory that share the bytes of one."""
    content = bytearray(packed({"a.xml": "甲" * 500, "b.xml": "乙" * 500, MAIN: "<a/>"}))
    first = content.find(b"PK\x01\x02")
    second = content.find(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    return bytes(content)


def lying(name: str, *, mode: int = 0) -> bytes:
    out = BytesIO(GOOD)
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        entry = ZipInfo(name)
        entry.external_attr = mode << 16
        archive.writestr(entry, "x")
    return out.getvalue()


def encrypted_entry() -> bytes:
    content = bytearray(GOOD)
    at = content.find(b"PK\x01\x02")
    flags = struct.unpack_from("<H", content, at + 8)[0]
    struct.pack_into("<H", content, at + 8, flags | 1)
    return bytes(content)


def deep() -> bytes:
    return document("<w:sdt><w:sdtContent>" * 200 + "</w:sdtContent></w:sdt>" * 200)


def locked_pdf() -> bytes:
    key = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (
        b"11" * 32,
        b"22" * 32,
    )
    return whole([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>"], trailer=key)


def looping_pdf() -> bytes:
    return whole([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"])


HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "flat bomb": ("a.docx", docx(more={"a.xml": b" " * 99_000_000}), "太大"),
    "large bomb": ("a.docx", docx(more={"a.xml": b" " * 105_000_000}), "太大"),
    "many entries": ("a.docx", packed({f"{n}.xml": "" for n in range(2_001)}), "太大"),
    "overlapping entries": ("a.docx", overlapping(), "压缩结构"),
    "a way out": ("a.docx", lying("../../etc/x.xml"), "压缩结构"),
    "a link": ("a.docx", lying("word/link.bin", mode=0o120777), "压缩结构"),
    "an encrypted entry": ("a.docx", encrypted_entry(), "密码"),
    "billion laughs": ("a.docx", entity(f'<!ENTITY l0 "ha">{LAUGHS}', "&l11;"), "压缩结构"),
    "billion laughs in a sheet": (
        "a.xlsx",
        packed({"xl/workbook.xml": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l11;</a>'}),
        "压缩结构",
    ),
    "a DTD in UTF-16": (
        "a.docx",
        docx(more={"word/x.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")}),
        "压缩结构",
    ),
    "macros": ("a.docx", docx(paragraph("方案"), more={"word/vbaProject.bin": b"x"}), "宏"),
    "macros by type": (
        "a.docx",
        docx(more={"[Content_Types].xml": "<Types>application/vnd.macroEnabled.main</Types>"}),
        "宏",
    ),
    "macros by name": ("a.docm", GOOD, "宏"),
    "a control": ("a.docx", docx(more={"word/activeX/activeX1.xml": "<a/>"}), "嵌有对象"),
    "an object": ("a.docx", docx(more={"word/embeddings/oleObject1.bin": b"x"}), "嵌有对象"),
    "a template on a server": (
        "a.docx",
        linked("attachedTemplate", "https://198.51.100.7/a.dotm"),
        "外部",
    ),
    "a template on a share": (
        "a.docx",
        linked("attachedTemplate", r"file:///\\198.51.100.7\a.dotm"),
        "外部",
    ),
    "an image elsewhere": ("a.docx", linked("image", "http://198.51.100.7/a.png"), "外部"),
    "an old file renamed": ("a.docx", OLE + b"\0" * 600, "旧版"),
    "a locked file": ("a.docx", OLE + b"\0" * 600 + ENCRYPTED_OOXML, "密码"),
    "a new file called .doc": ("a.doc", GOOD, "新版"),
    "a page called .doc": ("a.doc", b"<html><body>a</body></html>", "网页"),
    "a sheet called .docx": ("a.docx", packed({"xl/workbook.xml": "<a/>"}), "Excel"),
    "a Word file called .xlsx": ("a.xlsx", GOOD, "Word"),
    "a Word file called .txt": ("a.txt", GOOD, "不符"),
    "a program": ("a.exe", b"MZ\x90", "不能读取"),
    "a program called .pdf": ("a.pdf", b"MZ\x90", "不符"),
    "a double name": ("a.docx.exe", GOOD, "不能读取"),
    "a picture": ("a.jpg", b"\xff\xd8\xff", "扫描件"),
    "a picture called .pdf": ("a.pdf", b"\xff\xd8\xff\xe0", "扫描件"),
    "nothing": ("a.docx", b"", "空"),
    "half a file": ("a.docx", GOOD[: len(GOOD) // 2], "损坏"),
    "a zip of nothing": ("a.docx", packed({}), "不符"),
    "no text": ("a.docx", docx(paragraph("")), "没有文字"),
    "broken XML": ("a.docx", docx(more={MAIN: "<w:document"}), "损坏"),
    "a deep file": ("a.docx", deep(), "损坏"),
    "a locked PDF": ("a.pdf", locked_pdf(), "密码"),
    "half a PDF": ("a.pdf", b"%PDF-1.7\n1 0 obj", "损坏"),
    "a PDF that goes round": ("a.pdf", looping_pdf(), "损坏"),
    "a scanned PDF": ("a.pdf", pdf([[], []]), "扫描件"),
    "a PDF with a script": (
        "a.pdf",
        pdf(set_in_pages("方案"), catalog=b"/OpenAction<</S/JavaScript/JS(app.alert)>>"),
        "脚本",
    ),
    "a PDF that starts a program": (
        "a.pdf",
        pdf(set_in_pages("方案"), catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
        "脚本",
    ),
}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, which must be empty again afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("case", HOSTILE)
def test_what_means_harm_or_is_broken_is_refused_in_words(case: str, scratch: Path) -> None:
    name, content, reason = HOSTILE[case]
    began = time.monotonic()

    with pytest.raises(DocumentError) as refused:
        document_from(name, content)

    assert reason in refused.value.message
    assert "请" in refused.value.message, "the sentence says what to do"
    assert time.monotonic() - began < 10


def test_an_entity_cannot_read_a_file_of_the_server(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("canary", encoding="utf-8")

    with pytest.raises(DocumentError) as refused:
        document_from("a.docx", entity(f'<!ENTITY x SYSTEM "{canary.as_uri()}">', "&x;"))

    assert "canary" not in refused.value.message


def test_an_entity_in_a_page_reads_no_file(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("canary", encoding="utf-8")
    page = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{canary.as_uri()}">]><p>方案 &x;</p>'

    assert "canary" not in document_from("a.html", page.encode()).text.replace(canary.as_uri(), "")


def test_a_link_to_click_and_a_template_of_the_own_computer_are_no_harm() -> None:
    for kind, target in (
        ("hyperlink", "https://198.51.100.7/"),
        ("attachedTemplate", r"file:///C:\Users\a\Normal.dotm"),
    ):
        assert document_from("a.docx", linked(kind, target)).text == "方案\n"
