"""我的待办 of whoever fills in a sheet: what to do now, what comes, and what is not asked."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from accounts.models import Department, Group, User
from plans.choices import NameSort, ResponsibilityRole
from plans.models import Responsibility
from tests.factories import MeasureFactory, MilestoneFactory, SubmissionFactory
from tests.tracking.test_sheets import NOON, fill_in, send
from tracking.choices import MilestoneKind
from tracking.models import Sheet, Submission
from tracking.selectors import agenda_of
from tracking.selectors.sheet_agenda import sheet_agenda
from tracking.usecases import accept_rows, return_submission

IN_WINDOW = date(2017, 12, 15)


def test_rows_of_a_sheet_are_asked_for_as_one_thing(sheet: Sheet, liaison: User) -> None:
    agenda = agenda_of(liaison, today=IN_WINDOW)

    assert [(state.sheet, state.unsent) for state in agenda.sheets.to_fill] == [(sheet, 2)]
    assert agenda.sections == []
    assert not agenda.is_idle


def test_a_sheet_is_announced_before_it_opens_with_its_rows(sheet: Sheet, liaison: User) -> None:
    agenda = agenda_of(liaison, today=date(2017, 11, 20))

    assert [len(state.rows) for state in agenda.sheets.announced] == [2]
    assert (agenda.sheets.to_fill, agenda.sections) == ([], [])


def test_a_sheet_far_ahead_is_for_later(sheet: Sheet, liaison: User) -> None:
    agenda = sheet_agenda({sheet.department_id}, today=date(2017, 6, 1))

    assert not agenda.announced
    assert [state.sheet for state in agenda.later] == [sheet]


def test_a_sent_sheet_waits_and_an_accepted_one_has_passed(
    sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    assert [s.waiting for s in sheet_agenda({sheet.department_id}, today=IN_WINDOW).waiting] == [2]

    accept_rows(
        versions=dict(Submission.objects.values_list("pk", "version")), by=supervisor, at=NOON
    )

    agenda = sheet_agenda({sheet.department_id}, today=IN_WINDOW)
    assert not agenda.waiting
    assert [len(state.accepted) for state in agenda.passed] == [2]


def test_a_returned_row_brings_its_sheet_back(
    sheet: Sheet, liaison: User, supervisor: User
) -> None:
    fill_in(sheet, liaison)
    send(sheet, liaison)
    return_submission(
        submission_id=Submission.objects.order_by("pk")[0].pk,
        note="缺文号",
        redo_by=date(2017, 12, 29),
        by=supervisor,
        at=NOON,
        today=IN_WINDOW,
    )

    state = sheet_agenda({sheet.department_id}, today=IN_WINDOW).to_fill[0]

    assert (state.unsent, state.returned) == (0, 1)


def test_what_names_a_unit_only_collectively_is_listed_as_not_asked(
    sheet: Sheet, liaison: User, bureau: Department
) -> None:
    row = sheet.milestones.select_related("assignment__measure__edition")[0]
    other = MeasureFactory.create(edition=row.assignment.measure.edition)
    group = Group.objects.create(district=bureau.district, name="各部门", kinds=[bureau.kind])
    for measure in (other, row.assignment.measure):
        Responsibility.objects.create(
            measure=measure,
            ordinal=0,
            name="各部门",
            canonical="各部门",
            role=ResponsibilityRole.SHARE,
            sort=NameSort.GROUP,
            group=group,
            start=0,
            end=1,
        )

    unasked = agenda_of(liaison, today=IN_WINDOW).unasked

    assert (unasked.names, unasked.measures) == ("“各部门”", [other])


@pytest.mark.parametrize("url", ["/my-work/", "/"])
def test_more_rows_and_sheets_ask_no_more_questions(
    page: Client, sheet: Sheet, bureau: Department, settings: Settings, url: str
) -> None:
    settings.FIXED_TODAY = IN_WINDOW

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page.get(url).status_code == 200
        return len(asked)

    few = questions()
    edition = sheet.milestones.all()[0].assignment.measure.edition
    for _ in range(4):
        row = MilestoneFactory.create(
            department=bureau,
            kind=MilestoneKind.CYCLE,
            deadline=None,
            period="2017",
            sheet=sheet,
            assignment__measure__edition=edition,
        )
        SubmissionFactory.create(milestone=row)

    assert questions() == few
