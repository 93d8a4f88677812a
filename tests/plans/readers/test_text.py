import hashlib
from pathlib import Path

import pytest

from plans.readers import DocumentError, document_from, read_document

TEXT = "南江市工作方案\n1.做甲。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
def test_the_usual_encodings_give_the_same_text(encoding: str) -> None:
    assert document_from("plan.txt", TEXT.encode(encoding)).text == TEXT


def test_line_ends_of_other_systems_become_newlines() -> None:
    assert document_from("plan.txt", TEXT.replace("\n", "\r\n").encode()).text == TEXT


def test_a_document_carries_the_hash_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "方案.txt"
    path.write_text(TEXT, encoding="utf-8")

    document = read_document(path)

    assert document.name == "方案.txt"
    assert document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (" \n\u3000\n".encode(), "empty"),
        (b"PK\x03\x04\x00\x00", "false_name"),
        (b"\xff\xff\xff\x81", "undecodable"),
    ],
)
def test_what_holds_no_text_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        document_from("plan.txt", content)

    assert refused.value.code == code
    assert "文件" in refused.value.message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="找不到文件"):
        read_document(tmp_path / "none.txt")
