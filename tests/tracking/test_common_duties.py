"""共性任务: what each unit answers for itself, and what a unit owes once a year."""

from datetime import date

import pytest

from accounts.choices import DepartmentKind
from accounts.models import Department, District, Group, User
from plans.choices import Frequency, NameSort, ResponsibilityRole, Severity
from plans.models import Doubt, Edition, Measure, Recurrence, Responsibility
from plans.usecases import settle_doubt
from tests.conftest import NOON
from tests.factories import DeadlineFactory, DepartmentFactory, MeasureFactory
from tracking.choices import MilestoneKind, ReportMode
from tracking.models import Assignment, Dispatch, Milestone, Sheet
from tracking.selectors import paper_of
from tracking.selectors.distribution import Choice
from tracking.selectors.preview import preview_issue
from tracking.usecases import issue_plan

LEAD, SHARE = ResponsibilityRole.LEAD, ResponsibilityRole.SHARE
ISSUED_ON = date(2016, 9, 12)


@pytest.fixture
def towns(district: District) -> list[Department]:
    return DepartmentFactory.create_batch(3, district=district, kind=DepartmentKind.TOWNSHIP)


@pytest.fixture
def group(district: District, towns: list[Department]) -> Group:
    return Group.objects.create(district=district, name="各乡镇", kinds=["township"])


@pytest.fixture
def measure(draft: Edition, bureau: Department, group: Group) -> Measure:
    """Led by the bureau, shared by every township, in words that bind each of them."""
    measure = MeasureFactory.create(edition=draft)
    add(measure, bureau, None, LEAD)
    add(measure, None, group, SHARE)
    Doubt.objects.create(
        edition=draft,
        ordinal=0,
        measure=measure,
        code="each_unit",
        severity=Severity.CHECK,
        message="写明“各乡镇要”，按文意应由各单位分别落实",
        suggestion="列为共性任务",
        start=2,
        end=4,
    )
    return measure


def add(measure: Measure, unit: Department | None, group: Group | None, role: str) -> None:
    Responsibility.objects.create(
        measure=measure,
        ordinal=measure.responsibilities.count(),
        name=str(unit or group),
        canonical=str(unit or group),
        role=role,
        sort=NameSort.DEPARTMENT if unit else NameSort.GROUP,
        department=unit,
        group=group,
        start=2,
        end=4,
    )


def recur(measure: Measure, what: str, frequency: Frequency = Frequency.YEARLY) -> None:
    Recurrence.objects.create(
        measure=measure,
        ordinal=measure.recurrences.count(),
        text="每年",
        frequency=frequency,
        what=what,
        start=2,
        end=4,
    )


def hand_out(draft: Edition, by: User, **given: object) -> Edition:
    arguments = {"document_number": "演示〔2016〕1号", "issued_on": ISSUED_ON, "at": NOON} | given
    return issue_plan(edition_id=draft.pk, by=by, **arguments)  # type: ignore[arg-type]


def test_a_group_means_the_units_that_the_register_adds_by_name_and_none_that_ended(
    draft: Edition, measure: Measure, group: Group, towns: list[Department], coordinator: User
) -> None:
    added = DepartmentFactory.create(district=draft.plan.district, kind=DepartmentKind.GOVERNMENT)
    group.members.add(added)
    Department.objects.filter(pk=towns[0].pk).update(ended_on=ISSUED_ON)

    hand_out(draft, coordinator)

    gathered = Assignment.objects.exclude(gathered_by=None).values_list("department_id", flat=True)
    assert set(gathered) == {added.pk, towns[1].pk, towns[2].pk}


def test_each_township_answers_for_itself_and_the_lead_sums_up(
    draft: Edition, measure: Measure, coordinator: User, bureau: Department
) -> None:
    DeadlineFactory.create(measure=measure, due_on=date(2017, 12, 31))

    hand_out(draft, coordinator)

    lead = Milestone.objects.counted().get()
    assert lead.department == bureau
    assert lead.gathered.count() == 3
    assert not Assignment.objects.exclude(reports_through=None).exists()
    assert Dispatch.objects.count() == 4


def test_the_rows_of_a_common_duty_stand_on_the_sheet_of_their_year(
    draft: Edition, measure: Measure, coordinator: User, towns: list[Department]
) -> None:
    DeadlineFactory.create(measure=measure, due_on=date(2017, 12, 31))

    hand_out(draft, coordinator)

    row = Milestone.objects.get(department=towns[0], kind=MilestoneKind.DEADLINE)
    assert row.sheet is not None
    assert (row.sheet.department, row.sheet.year.year) == (towns[0], 2017)


def test_what_the_lead_reports_alone_stands_on_no_sheet(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    DeadlineFactory.create(measure=measure)

    hand_out(draft, coordinator)

    assert Milestone.objects.counted().get().sheet is None


def test_a_person_can_let_the_lead_report_for_all(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    DeadlineFactory.create(measure=measure)

    hand_out(draft, coordinator, choices={measure.pk: Choice(mode=ReportMode.UNIFIED)})

    assert Dispatch.objects.count() == 1
    assert not Milestone.objects.exclude(gathered_by=None).exists()


def test_a_unit_that_is_left_out_owes_no_common_duty(
    draft: Edition, measure: Measure, coordinator: User, towns: list[Department]
) -> None:
    hand_out(draft, coordinator, left_out={towns[0].pk})

    assert set(Dispatch.objects.values_list("department", flat=True)) >= {towns[1].pk, towns[2].pk}
    assert not Dispatch.objects.filter(department=towns[0]).exists()


def test_a_named_unit_of_the_group_answers_for_itself_in_its_own_role(
    draft: Edition, measure: Measure, coordinator: User, towns: list[Department]
) -> None:
    add(measure, towns[0], None, ResponsibilityRole.SUPPORT)

    hand_out(draft, coordinator)

    row = Assignment.objects.get(department=towns[0])
    assert (row.role, row.reports_through) == (ResponsibilityRole.SUPPORT, None)
    assert row.gathered_by is not None


def test_each_unit_owes_only_the_clause_that_addresses_it(
    draft: Edition, measure: Measure, coordinator: User, bureau: Department
) -> None:
    Edition.objects.filter(pk=draft.pk).update(period_end=2017)
    recur(measure, "每年举办一期培训班")
    recur(measure, "各乡镇每年组织两次集中学法")

    hand_out(draft, coordinator)

    of_2017 = Milestone.objects.filter(kind=MilestoneKind.OCCURRENCE, period="2017")
    assert of_2017.filter(department=bureau).count() == 2
    assert set(of_2017.exclude(department=bureau).values_list("what", flat=True)) == {
        "各乡镇每年组织两次集中学法"
    }


def test_a_duty_without_lead_is_summed_up_by_the_office_that_hands_out(
    draft: Edition, group: Group, coordinator: User
) -> None:
    measure = MeasureFactory.create(edition=draft)

    hand_out(draft, coordinator, choices={measure.pk: Choice(mode=ReportMode.COMMON)})

    summed = Assignment.objects.exclude(gathered=None).distinct().get()
    assert coordinator.memberships.filter(department=summed.department).exists()
    assert summed.gathered.count() == 3


def test_a_duty_that_the_check_called_common_is_handed_out_to_each_unit(
    draft: Edition, group: Group, coordinator: User
) -> None:
    measure = MeasureFactory.create(edition=draft)
    doubt = Doubt.objects.create(
        edition=draft,
        ordinal=0,
        measure=measure,
        code="no_lead",
        severity=Severity.ERROR,
        message="没有写明责任单位",
        start=2,
        end=4,
    )
    settle_doubt(doubt_id=doubt.pk, as_common=True, by=coordinator, at=NOON)

    hand_out(draft, coordinator)

    summed = Assignment.objects.exclude(gathered=None).distinct().get()
    assert (summed.measure, summed.gathered.count()) == (measure, 3)


def test_a_duty_without_lead_is_not_handed_out_unless_somebody_says_so(
    draft: Edition, group: Group, coordinator: User
) -> None:
    MeasureFactory.create(edition=draft)

    hand_out(draft, coordinator)

    assert not Assignment.objects.exists()


def test_whoever_reports_has_a_row_on_every_yearly_sheet_to_the_end_of_the_plan(
    draft: Edition, coordinator: User, bureau: Department
) -> None:
    Edition.objects.filter(pk=draft.pk).update(period_end=2020)
    add(MeasureFactory.create(edition=draft), bureau, None, LEAD)

    hand_out(draft, coordinator)

    years = Sheet.objects.filter(department=bureau).values_list("year__year", flat=True)
    assert list(years.order_by("year__year")) == [2017, 2018, 2019, 2020]


def test_a_plan_of_the_first_half_year_asks_for_a_sheet_the_same_year(
    draft: Edition, coordinator: User, bureau: Department
) -> None:
    Edition.objects.filter(pk=draft.pk).update(period_end=2016)
    add(MeasureFactory.create(edition=draft), bureau, None, LEAD)

    hand_out(draft, coordinator, issued_on=date(2016, 3, 1))

    assert Sheet.objects.get().year.year == 2016


def test_the_preview_says_how_many_answer_for_a_day(
    draft: Edition, measure: Measure, coordinator: User
) -> None:
    DeadlineFactory.create(measure=measure, due_on=date(2017, 12, 31))

    preview = preview_issue(draft, today=ISSUED_ON)

    day = preview.days[0]
    assert (day.count, day.common, day.answers) == (1, 1, 3)
    assert [question.measure for question in preview.questions] == [measure]


def test_the_paper_of_a_township_lists_what_each_unit_owes_with_its_days(
    draft: Edition, measure: Measure, coordinator: User, towns: list[Department]
) -> None:
    DeadlineFactory.create(measure=measure, due_on=date(2017, 12, 31))

    hand_out(draft, coordinator)

    paper = paper_of(Dispatch.objects.get(department=towns[0]))
    assert (len(paper.lead), len(paper.others), len(paper.common)) == (0, 0, 1)
    assert paper.common_days == [(date(2017, 12, 31), [measure.reference])]


def test_the_rows_of_a_paper_add_up_to_what_the_unit_received(
    draft: Edition, measure: Measure, coordinator: User, bureau: Department
) -> None:
    Edition.objects.filter(pk=draft.pk).update(period_end=2018)
    add(MeasureFactory.create(edition=draft), bureau, None, LEAD)

    hand_out(draft, coordinator)

    for dispatch in Dispatch.objects.all():
        paper = paper_of(dispatch)
        listed = len(paper.lead) + len(paper.others) + len(paper.common)
        assert listed == dispatch.assignments.count()
        assert not [day for row in paper.lead for day in row.days]
