"""Stored files: what is refused, and where the bytes go."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from accounts.errors import InvalidError
from accounts.files import clean_name, path_of, store
from accounts.models import District, User
from tests.conftest import NOON


def test_a_file_is_kept_under_a_generated_name_with_its_hash(
    district: District, coordinator: User
) -> None:
    upload = SimpleUploadedFile("../../制度.txt", "内容".encode())

    stored = store(upload, district=district, by=coordinator, at=NOON)

    assert stored.name == "制度.txt"
    assert path_of(stored).read_text() == "内容"
    assert "制度" not in stored.stored_as
    assert len(stored.sha256) == 64


@pytest.mark.parametrize(
    ("name", "body"),
    [("a.exe", b"MZ"), ("a.pdf", b"not a pdf"), ("a.txt", b""), ("a.docx", b"\xd0\xcf\x11\xe0")],
)
def test_a_wrong_file_is_refused_and_leaves_nothing(
    name: str, body: bytes, district: District, coordinator: User, settings: Settings
) -> None:
    with pytest.raises(InvalidError):
        store(SimpleUploadedFile(name, body), district=district, by=coordinator, at=NOON)

    assert [path for path in settings.MEDIA_ROOT.glob("*") if path.is_file()] == []


def test_a_file_over_the_limit_is_refused(
    district: District, coordinator: User, settings: Settings
) -> None:
    settings.UPLOAD_MAX_BYTES = 10

    with pytest.raises(InvalidError):
        store(SimpleUploadedFile("a.txt", b"x" * 11), district=district, by=coordinator, at=NOON)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a/b\\c.txt", "c.txt"), ("x\u202etxt.exe", "xtxt.exe"), ("\x00.pdf", ".pdf"), ("", "未命名")],
)
def test_display_names_hold_no_path_and_no_hidden_sign(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_very_long_name_keeps_its_extension() -> None:
    assert clean_name("长" * 300 + ".pdf").endswith("长.pdf")
    assert len(clean_name("长" * 300 + ".pdf")) == 200
