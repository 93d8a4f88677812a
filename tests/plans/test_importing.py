"""Importing a document: what becomes a row, what becomes a doubt, what is refused."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Count
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, District, Event, Group, StoredFile, User
from plans.choices import DeadlineKind, Severity
from plans.models import Deadline, Edition, Indicator, Metric, Passage, Plan, Responsibility
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.plans.conftest import HOME_PLAN

SMALL = """某区实施方案

一、主要任务

1.公布清单。2017年12月底前，公布清单（区财政局牵头，区教体局、财政局配合）。

2.清理文件。（区教体局牵头，各协作单位配合）
"""


def small(text: str = SMALL, name: str = "方案.txt") -> "ContentFile[bytes]":
    return ContentFile(text.encode(), name=name)


def test_the_home_plan_is_imported_with_every_leaf_date_and_target(edition: Edition) -> None:
    leaves = edition.measures.leaves()

    assert leaves.count() == 82
    assert edition.parts.count() == 8
    assert Deadline.objects.filter(kind=DeadlineKind.DATE, due_on__isnull=False).count() == 37
    assert Deadline.objects.filter(due_on=date(2016, 12, 31)).count() == 19
    assert Indicator.objects.count() == 41
    assert Metric.objects.filter(indicator__isnull=False).count() == 69
    assert edition.stage == "征求意见稿"
    assert (edition.document_number, edition.status) == ("", "draft")


def test_measures_form_a_tree_as_the_document_numbers_them(edition: Edition) -> None:
    leaf = edition.measures.get(path="1.5")

    assert leaf.reference == "第1项（5）"
    assert leaf.parent is not None
    assert (leaf.parent.path, leaf.parent.is_leaf) == ("1", False)
    assert edition.measures.get(path="8").parent is None
    assert list(edition.measures.in_order().values_list("path", flat=True)[:3]) == [
        "1",
        "1.1",
        "1.2",
    ]


def test_every_span_is_the_place_of_its_text(edition: Edition) -> None:
    for row in Responsibility.objects.filter(measure__edition=edition):
        assert "".join(edition.text[row.start : row.end].split()) == "".join(row.name.split())
    for deadline in Deadline.objects.all():
        assert deadline.text in edition.text[deadline.start : deadline.end]


def test_the_passages_are_the_whole_text_once(edition: Edition) -> None:
    passages = list(Passage.objects.filter(edition=edition).order_by("ordinal"))

    assert "".join(edition.text[p.start : p.end] for p in passages) == edition.text
    assert {p.measure_id for p in passages if p.kind == "task"} == set(
        edition.measures.leaves().values_list("pk", flat=True)
    )
    assert sum(p.indicator_id is not None for p in passages) == 41


def test_names_are_linked_to_the_register(edition: Edition) -> None:
    rows = Responsibility.objects.filter(measure__edition=edition)

    assert not rows.filter(sort="department", department=None).exists()
    assert not rows.filter(sort="group", group=None).exists()
    assert rows.filter(role="lead", department__name="区政府法制办").count() == 28
    assert not edition.doubts.filter(code="unknown_department").exists()


def test_repairs_are_notes_and_only_six_matters_or_fewer_stop_the_issue(edition: Edition) -> None:
    notes = edition.doubts.filter(severity=Severity.NOTE)
    by_reason = dict(notes.values_list("message").annotate(n=Count("id")).order_by())

    assert by_reason["条款序号缺左括号"] == 96
    stopping = edition.doubts.stopping().values_list("code", flat=True)
    assert sorted(stopping) == ["before_plan", "draft", "lead_from_text", *["no_lead"] * 3]
    assert not edition.doubts.open().filter(severity=Severity.NOTE).exists()


def test_the_import_is_on_record(edition: Edition, checker: User) -> None:
    event = Event.objects.about(edition).get(action="import")

    assert (event.actor, event.note, event.data["tasks"]) == (checker, "方案.txt", 82)


def test_a_unit_that_the_register_does_not_know_is_one_doubt_for_all_its_places(
    litong: District, checker: User
) -> None:
    text = SMALL.replace("区教体局", "区卫计生局")

    edition = import_plan(upload=small(text), district=litong, by=checker, at=NOON)

    doubt = edition.doubts.get(code="unknown_department")
    assert "区卫计生局" in doubt.message
    assert "共2处" in doubt.message
    assert doubt.suggestion == "区卫计局"
    assert doubt.severity == Severity.ERROR


def test_a_unit_named_twice_keeps_its_stronger_role(litong: District, checker: User) -> None:
    edition = import_plan(upload=small(), district=litong, by=checker, at=NOON)

    rows = Responsibility.objects.filter(measure__edition=edition, canonical="区财政局")
    assert [(row.role, row.department is not None) for row in rows] == [
        ("lead", True),
        ("support", False),
    ]
    assert edition.doubts.get(code="named_twice").severity == Severity.CHECK


def test_a_group_that_is_new_is_entered_as_open_ended(litong: District, checker: User) -> None:
    import_plan(upload=small(), district=litong, by=checker, at=NOON)

    assert Group.objects.get(name="各协作单位").is_open_ended


def test_a_second_document_of_a_plan_is_its_next_edition(edition: Edition, checker: User) -> None:
    again = import_plan(
        upload=small(), district=edition.plan.district, by=checker, at=NOON, plan=edition.plan
    )

    assert (again.plan, again.number) == (edition.plan, 2)


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        ("方案.docx", b"PK\x03\x04", "另存"),
        ("方案.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx"),
        ("空.txt", b"", "空的"),
        ("空白.txt", b"  \n ", "没有文字"),
        ("乱.txt", b"\xff\xff\xff\xff", "编码"),
        ("零.txt", "1.公布\0清单".encode("utf-16"), "不是文本"),
        ("便条.txt", "请于明天开会。".encode(), "没有从文件里识别到"),
        ("长.txt", ("某区实施方案\n" + "1.甲(区财政局牵头)\n" * 2_001).encode(), "2001条措施"),
        ("密.txt", ("某区实施方案\n1.甲。" + "达到90%，" * 30_001).encode(), "远超过一份方案"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words_and_leaves_nothing(
    name: str, body: bytes, sentence: str, litong: District, checker: User, settings: Settings
) -> None:
    with pytest.raises(InvalidError, match=sentence):
        import_plan(upload=SimpleUploadedFile(name, body), district=litong, by=checker, at=NOON)

    assert not Plan.objects.exists()
    assert not StoredFile.objects.exists()
    assert list(settings.MEDIA_ROOT.glob("*")) == []


def test_a_liaison_cannot_import(litong: District, liaison: User) -> None:
    with pytest.raises(ForbiddenError):
        import_plan(upload=small(), district=litong, by=liaison, at=NOON)


def test_a_coordinator_cannot_import_into_another_district(
    litong: District, coordinator: User
) -> None:
    with pytest.raises(ForbiddenError):
        import_plan(upload=small(), district=litong, by=coordinator, at=NOON)


def test_the_number_of_queries_does_not_grow_with_the_plan(
    litong: District, checker: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(40):
        import_plan(
            upload=ContentFile(HOME_PLAN.read_bytes(), name="a.txt"),
            district=litong,
            by=checker,
            at=NOON,
        )


def test_the_host_of_a_unit_is_not_taken_for_the_unit(edition: Edition) -> None:
    inspectors = Department.objects.get(name="区政府督查室")

    measures = edition.measures.filter(responsibilities__department=inspectors)
    assert [measure.reference for measure in measures] == ["第45项"]


def test_a_number_that_is_a_measure_here_and_a_heading_there_stays_two_measures(
    litong: District, checker: User
) -> None:
    text = """某区实施方案

一、第一部分

1.公布清单（区财政局牵头）。

二、第二部分

1.清理文件。

（1）清理规章（区民政局牵头）。

（2）清理规范性文件（区财政局牵头）。
"""

    edition = import_plan(upload=small(text), district=litong, by=checker, at=NOON)

    tree = edition.measures.in_order().values_list("path", "is_leaf", "parent__path")
    assert [is_leaf for _, is_leaf, _ in tree] == [True, False, True, True]
    assert tree[2][2] == tree[3][2] == tree[1][0] != tree[0][0]
