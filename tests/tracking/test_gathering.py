"""The one who sums a common duty up: how many reported, who did not, and what they wrote."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import Department, User
from tests.factories import DepartmentFactory, MilestoneFactory, SubmissionFactory
from tracking.choices import WorkStatus
from tracking.models import Milestone, Submission
from tracking.selectors.gathering import gathering_of, gatherings_of


@pytest.fixture
def units(milestone: Milestone) -> list[Milestone]:
    return [unit(milestone, name) for name in ("甲镇", "乙镇", "丙镇")]


def unit(summing: Milestone, name: str) -> Milestone:
    owed: Milestone = MilestoneFactory.create(
        assignment__measure=summing.assignment.measure,
        assignment__gathered_by=summing.assignment,
        department=DepartmentFactory.create(district=summing.department.district, name=name),
        deadline=summing.deadline,
        gathered_by=summing,
    )
    return owed


def reported(owed: Milestone, **fields: object) -> Submission:
    report: Submission = SubmissionFactory.create(milestone=owed, waiting=True, **fields)
    return report


def test_the_sum_counts_who_reported_and_names_who_did_not(
    milestone: Milestone, units: list[Milestone]
) -> None:
    reported(units[0], work_status=WorkStatus.COMPLETED, completed_on=date(2017, 11, 1))
    reported(units[1], times=2)
    SubmissionFactory.create(milestone=units[2])

    gathering = gatherings_of([milestone.pk])[milestone.pk]

    assert (gathering.owed, len(gathering.reported), gathering.missing) == (3, 2, ["丙镇"])
    assert gathering.sentence == (
        "应报3家，2家单位已报，其中已完成1家、正在推进1家；共开展2次；未报1家：丙镇。"
    )


def test_the_one_who_sums_up_reads_every_text_that_left_the_house(
    milestone: Milestone, units: list[Milestone], page: Client
) -> None:
    reported(units[0], narrative="甲镇已编制目录")
    SubmissionFactory.create(milestone=units[1], narrative="乙镇的草稿")

    html = page.get(f"/milestones/{milestone.pk}/gathered/").content.decode()

    assert "甲镇已编制目录" in html
    assert "乙镇的草稿" not in html
    assert "已报1家，应报3家" in page.get(f"/milestones/{milestone.pk}/").content.decode()
    assert "未报：乙镇、丙镇" in page.get("/my-work/").content.decode()


def test_the_sum_goes_into_the_draft_before_what_is_written(
    milestone: Milestone, units: list[Milestone], page: Client
) -> None:
    reported(units[0])
    draft = SubmissionFactory.create(milestone=milestone, narrative="已写的话")

    page.post(
        f"/milestones/{milestone.pk}/gathered/",
        {"request_key": str(uuid4()), "expected_version": str(draft.version)},
    )

    draft.refresh_from_db()
    first, last = draft.narrative.split("\n")
    assert first.startswith("应报3家，1家单位已报")
    assert last == "已写的话"


def test_a_sum_on_an_old_page_overwrites_nothing(
    milestone: Milestone, units: list[Milestone], page: Client
) -> None:
    reported(units[0])
    draft = SubmissionFactory.create(milestone=milestone, narrative="已写的话")

    page.post(
        f"/milestones/{milestone.pk}/gathered/",
        {"request_key": str(uuid4()), "expected_version": "0"},
    )

    draft.refresh_from_db()
    assert draft.narrative == "已写的话"


def test_the_texts_leave_as_a_table_without_formulas(
    milestone: Milestone, units: list[Milestone], page: Client
) -> None:
    reported(units[0], narrative="=1+1")

    answer = page.get(f"/milestones/{milestone.pk}/gathered/?export=xlsx")

    table = load_workbook(BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in table.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_a_unit_does_not_read_what_the_others_wrote(
    milestone: Milestone, units: list[Milestone], client: Client
) -> None:
    report = reported(units[0], narrative="甲镇已编制目录")
    reported(units[1], narrative="乙镇的内容")
    client.force_login(report.author)

    assert client.get(f"/milestones/{milestone.pk}/gathered/").status_code == 404
    assert client.get(f"/milestones/{units[1].pk}/").status_code == 404


def test_what_gathers_nothing_has_no_such_page(milestone: Milestone, page: Client) -> None:
    assert page.get(f"/milestones/{milestone.pk}/gathered/").status_code == 404


def test_more_units_ask_no_more_questions(
    milestone: Milestone, units: list[Milestone], liaison: User, bureau: Department
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            gathering_of(milestone, liaison)
        return len(asked)

    reported(units[0])
    questions()  # the person's roles are read once
    few = questions()
    for number in range(5):
        reported(unit(milestone, f"新{number}镇"))

    assert questions() == few
