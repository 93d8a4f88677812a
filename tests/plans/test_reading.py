"""From a file of any kind to a draft edition, and where its doubts stand in the file."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from accounts.errors import InvalidError
from accounts.models import District, StoredFile, User
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.plans.readers.docx_files import cell, docx, level, lists, paragraph, table

PLAN = docx(
    paragraph("某区实施方案"),
    paragraph("主要任务", number=1),
    paragraph("公布清单。公布权责清单（区财政局牵头，区卫计生局配合）。", number=1, level=1),
    table([cell("说明"), cell("略")]),
    numbering=lists(
        {0: level(0, "chineseCounting", "%1、") + level(1, "decimal", "%2.")}, {1: (0, "")}
    ),
)


def test_a_word_file_becomes_an_edition_whose_doubts_say_where_they_stand(
    litong: District, checker: User, client: Client
) -> None:
    edition = import_plan(
        upload=ContentFile(PLAN, name="方案.docx"), district=litong, by=checker, at=NOON
    )
    client.force_login(checker)

    page = client.get(reverse("plans:edition", args=[edition.pk])).content.decode()

    assert list(edition.places[0]) == [0, "第1段"]
    assert edition.measures.get().number == "1"
    assert '<span class="muted">第3段</span>' in page


def test_a_file_whose_name_lies_leaves_nothing(litong: District, checker: User) -> None:
    with pytest.raises(InvalidError, match="不符"):
        import_plan(upload=ContentFile(PLAN, name="方案.pdf"), district=litong, by=checker, at=NOON)

    assert not StoredFile.objects.exists()
