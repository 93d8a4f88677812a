"""Search finds what contains the words, and only what the person may read."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, User
from tests.factories import MilestoneFactory, SubmissionFactory
from tracking.models import Evidence, Milestone, Submission
from tracking.selectors.search import PER_GROUP, Piece, excerpt, search

pytestmark = pytest.mark.usefixtures("demonstration_day")


def report(milestone: Milestone, text: str = "已建成数据共享平台") -> Submission:
    sent = SubmissionFactory.create(milestone=milestone, narrative=text, accepted=True)
    Evidence.objects.create(
        submission=sent, name="数据共享平台管理办法", document_number="〔2017〕8号"
    )
    return sent


def kinds(words: str, user: User) -> set[str]:
    return {group.key for group in search(words, user=user)}


def test_words_are_found_in_each_kind_of_text(milestone: Milestone, liaison: User) -> None:
    report(milestone)
    Department.objects.filter(pk=milestone.department_id).update(full_name="某区发展和改革局")

    assert kinds("共享", liaison) == {"reports", "documents"}
    assert kinds("公布清单", liaison) == {"measures", "assignments"}
    assert kinds("8号", liaison) == {"documents"}
    assert kinds("改革局", liaison) == {"departments"}
    assert kinds("  ", liaison) == set()


def test_nobody_finds_what_they_may_not_read(
    milestone: Milestone, supervisor: User, outsider: User
) -> None:
    report(milestone)
    other = MilestoneFactory.create(department__district=milestone.department.district)
    SubmissionFactory.create(milestone=other, narrative="数据共享草稿")

    (reports, documents) = search("共享", user=supervisor)

    assert (len(reports.hits), len(documents.hits)) == (1, 1)
    assert search("共享", user=outsider) == []


def test_the_signs_of_patterns_are_only_signs(milestone: Milestone, liaison: User) -> None:
    report(milestone, "完成率95%")

    assert kinds("95%", liaison) == {"reports"}
    assert kinds("9_%", liaison) == set()


def test_words_apart_are_all_found_and_each_is_lit(milestone: Milestone, liaison: User) -> None:
    report(milestone, "建成平台，数据已经共享")

    (reports,) = [group for group in search("共享 平台", user=liaison) if group.key == "reports"]

    lit = [piece.text for piece in reports.hits[0].pieces if piece.is_found]
    assert lit == ["平台", "共享"]
    assert kinds("共享 公路", liaison) == set()


def test_marks_are_found_as_the_page_shows_them(milestone: Milestone, liaison: User) -> None:
    report(milestone, "清单,已公布")

    assert kinds("清单，已", liaison) == {"reports"}
    assert kinds("清单,已", liaison) == {"reports"}


def test_the_words_are_lit_in_what_stands_around_them() -> None:
    assert excerpt("甲" * 50 + "清单,公布" + "乙" * 50, ["清单"]) == (
        Piece("…" + "甲" * 40, is_found=False),
        Piece("清单", is_found=True),
        Piece("，公布" + "乙" * 37 + "…", is_found=False),
    )


def test_a_group_is_short_until_more_is_asked_and_the_questions_stay_the_same(
    client: Client, bureau: Department, liaison: User
) -> None:
    client.force_login(liaison)

    def grow(count: int) -> int:
        for _ in range(count):
            report(MilestoneFactory.create(department=bureau))
        with CaptureQueriesContext(connection) as asked:
            assert "<mark>共享</mark>" in client.get("/search/?q=共享").content.decode()
        return len(asked)

    assert grow(2) == grow(PER_GROUP)
    shown = client.get("/search/?q=共享").content.decode()
    more = client.get("/search/?q=共享&in=reports").content.decode()

    assert "更多进展反馈" in shown
    assert more.count("<mark>") == PER_GROUP + 2
