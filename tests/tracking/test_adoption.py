"""启用新文本: the work goes on with the measure, and only what the text changes changes."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from accounts.choices import Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, District, Event, User
from accounts.request_keys import RequestKeyClaim, carrying
from plans.choices import EditionStatus, Severity
from plans.models import Doubt, Edition
from plans.usecases import import_plan
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, SubmissionFactory, member
from tracking.choices import (
    AssignmentStatus,
    Decision,
    MilestoneKind,
    MilestoneStatus,
    PastChoice,
)
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.querysets import MilestoneQuerySet
from tracking.selectors.adopting import plan_adoption
from tracking.selectors.distribution import Choice
from tracking.selectors.past import PastDay
from tracking.usecases import (
    accept_submission,
    adopt_edition,
    issue_plan,
    record_extension,
    save_draft,
)
from tracking.usecases.submissions import Report

FIRST = """某区实施方案

一、主要任务

1.公布清单。2017年12月底前，编制并公布本级权责清单（区财政局牵头，区司法局配合）。

2.清理文件。2017年12月底前，完成规范性文件清理并公布结果（区司法局牵头，区民政局配合）。

3.加强宣传。开展经常性法治宣传教育活动（区民政局牵头）。
"""
NEW_DAY = date(2018, 6, 30)


@pytest.fixture
def units(district: District) -> dict[str, Department]:
    names = ("区财政局", "区司法局", "区民政局")
    return {name: DepartmentFactory.create(district=district, name=name) for name in names}


@pytest.fixture
def first(units: dict[str, Department], district: District, coordinator: User) -> Edition:
    """The text in force."""
    draft = import_plan(
        upload=ContentFile(FIRST.encode(), name="方案.txt"),
        district=district,
        by=coordinator,
        at=NOON,
    )
    return issue_plan(
        edition_id=draft.pk,
        document_number="某政发〔2016〕1号",
        issued_on=date(2016, 9, 12),
        by=coordinator,
        at=NOON,
    )


def later(first: Edition, by: User, *edits: tuple[str, str]) -> Edition:
    """The text with the edits, as a draft beside the one in force."""
    text = FIRST
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return import_plan(
        upload=ContentFile(text.encode(), name="新文本.txt"),
        district=first.plan.district,
        plan=first.plan,
        by=by,
        at=NOON,
    )


def adopt(edition: Edition, by: User, **given: object) -> Edition:
    arguments = {"document_number": "某政发〔2017〕2号", "issued_on": TODAY, "at": NOON} | given
    return adopt_edition(edition_id=edition.pk, by=by, **arguments)  # type: ignore[arg-type]


def of(path: str, unit: Department) -> Assignment:
    return Assignment.objects.get(measure__path=path, department=unit)


def finish(milestone: Milestone, by: User) -> None:
    report = SubmissionFactory.create(
        milestone=milestone, waiting=True, completed_on=date(2017, 6, 1)
    )
    accept_submission(submission_id=report.pk, decision=Decision.DONE, by=by, at=NOON)


def dates() -> MilestoneQuerySet:
    """The milestones of the plan's own dates."""
    return Milestone.objects.filter(kind=MilestoneKind.DEADLINE)


def actions() -> list[str]:
    work = Event.objects.filter(object_kind__in=["tracking.assignment", "tracking.milestone"])
    return list(work.order_by("seq").values_list("action", flat=True))


def test_the_same_text_changes_nothing_but_what_is_in_force(
    first: Edition, coordinator: User
) -> None:
    before = list(dates().values("due_on", "what", "status", "version", "department"))

    second = adopt(later(first, coordinator), coordinator)

    first.refresh_from_db()
    assert (first.status, second.status) == (EditionStatus.REPLACED, EditionStatus.ISSUED)
    after = list(dates().values("due_on", "what", "status", "version", "department"))
    assert after == before
    assert not Assignment.objects.exclude(measure__edition=second, version=1).exists()
    assert actions() == []
    assert not second.dispatches.exists()


def test_a_granted_extension_gives_way_only_to_a_new_day(first: Edition, coordinator: User) -> None:
    for milestone in dates().all():
        record_extension(
            milestone_id=milestone.pk,
            asked_on=TODAY,
            reason="等待上级规范",
            new_due_on=date(2018, 3, 30),
            approved_by="刘××",
            approved_on=TODAY,
            by=coordinator,
            at=NOON,
        )

    adopt(later(first, coordinator, ("2017年12月底前，编制", "2018年6月底前，编制")), coordinator)

    days = dates().order_by("assignment__measure__ordinal")
    assert [row.due_on for row in days] == [NEW_DAY, date(2018, 3, 30)]
    assert {row.original_due_on for row in days} == {date(2017, 12, 31)}


def test_what_is_done_keeps_its_day(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    milestone = dates().get(department=units["区财政局"])
    finish(milestone, coordinator)

    adopt(later(first, coordinator, ("2017年12月底前，编制", "2018年6月底前，编制")), coordinator)

    milestone.refresh_from_db()
    assert (milestone.status, milestone.due_on) == ("done", date(2017, 12, 31))
    assert of("1", units["区财政局"]).status == AssignmentStatus.DONE


def test_a_new_date_takes_finished_work_up_again(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    finish(dates().get(department=units["区财政局"]), coordinator)
    more = "编制并公布本级权责清单。2018年6月底前，建立清单动态调整制度"

    adopt(later(first, coordinator, ("编制并公布本级权责清单", more)), coordinator)

    done, new = dates().filter(department=units["区财政局"]).order_by("due_on")
    assert (done.status, done.mark) == (MilestoneStatus.DONE, "①")
    assert (new.status, new.mark, new.due_on) == (MilestoneStatus.OPEN, "②", NEW_DAY)
    assert of("1", units["区财政局"]).status == AssignmentStatus.IN_PROGRESS
    assert of("1", units["区司法局"]).status == AssignmentStatus.IN_PROGRESS


def test_a_new_lead_takes_open_work_over_and_the_draft_with_it(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    finance, justice = units["区财政局"], units["区司法局"]
    liaison = member(finance, Role.LIAISON)
    milestone = dates().get(department=finance)
    draft = save_draft(
        milestone_id=milestone.pk, report=Report(narrative="已起草"), by=liaison, at=NOON
    )

    adopt(
        later(
            first,
            coordinator,
            ("区财政局牵头，区司法局配合", "区司法局牵头，区财政局配合"),
        ),
        coordinator,
    )

    milestone.refresh_from_db()
    assert milestone.assignment == of("1", justice)
    assert (of("1", justice).role, of("1", justice).reports_through) == ("lead", None)
    assert (of("1", finance).role, of("1", finance).reports_through) == (
        "support",
        of("1", justice),
    )
    assert Submission.objects.visible_to(liaison).get() == draft
    heir = member(justice, Role.LIAISON)
    again = save_draft(
        milestone_id=milestone.pk, report=Report(narrative="已起草，征求意见中"), by=heir, at=NOON
    )
    assert again == draft
    assert sorted(actions()) == ["hand_over", "recast", "recast"]


def test_a_unit_that_is_no_longer_named_ends_with_a_reason(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    adopt(later(first, coordinator, ("，区民政局配合", "")), coordinator)

    ended = of("2", units["区民政局"])
    assert (ended.status, ended.measure.edition) == (AssignmentStatus.TERMINATED, first)
    reason = Event.objects.get(action="terminate").note
    assert reason == "《某区实施方案》（某政发〔2017〕2号）第2项的责任单位不再包括区民政局"


def test_a_dropped_measure_ends_with_its_dates_and_keeps_its_reports(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    liaison = member(units["区司法局"], Role.LIAISON)
    milestone = dates().get(department=units["区司法局"])
    draft = save_draft(
        milestone_id=milestone.pk, report=Report(narrative="正在清理"), by=liaison, at=NOON
    )
    line = FIRST.splitlines()[6]
    second = later(first, coordinator, (line, ""), ("3.加强", "2.加强"))

    adopt(second, coordinator)

    assert Assignment.objects.filter(status=AssignmentStatus.TERMINATED).count() == 2
    milestone.refresh_from_db()
    assert milestone.status == MilestoneStatus.CANCELLED
    assert Submission.objects.visible_to(liaison).get() == draft
    with pytest.raises(ConflictError):
        save_draft(milestone_id=milestone.pk, report=Report(narrative="续"), by=liaison, at=NOON)


def test_a_unit_that_is_added_gets_a_supplementary_dispatch(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    second = later(first, coordinator, ("（区民政局牵头）", "（区民政局牵头，区财政局配合）"))

    adopt(second, coordinator)

    dispatch = Dispatch.objects.get(edition=second)
    assert (dispatch.department, dispatch.title) == (units["区财政局"], "补充任务交办单")
    added = dispatch.assignments.get()
    assert added.reports_through == of("3", units["区民政局"])
    assert of("3", units["区民政局"]).dispatch.edition == first


def test_a_person_chooses_who_reports_on_a_new_measure(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    new = "4.编制目录。2018年6月底前，编制数据目录（区财政局、区民政局牵头）。\n"
    second = later(first, coordinator, ("（区民政局牵头）。\n", f"（区民政局牵头）。\n\n{new}"))
    (question,) = plan_adoption(second, {}, issued_on=TODAY, today=TODAY).questions

    adopt(second, coordinator, choices={question.measure.pk: Choice(reporter=units["区民政局"].pk)})

    assert dates().get(due_on=NEW_DAY).department == units["区民政局"]


def test_what_the_text_hands_out_anew_is_asked_about_with_what_stands_as_the_proposal(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    second = later(first, coordinator, ("区财政局牵头，区司法局配合", "区司法局、区财政局牵头"))

    (question,) = plan_adoption(second, {}, issued_on=TODAY, today=TODAY).questions

    assert question.measure.path == "1"
    assert question.recommended.reporter == units["区财政局"].pk


def test_the_unit_that_reports_goes_on_while_it_leads(
    first: Edition, coordinator: User, units: dict[str, Department]
) -> None:
    second = later(first, coordinator, ("区财政局牵头，区司法局配合", "区司法局、区财政局牵头"))

    adopt(second, coordinator)

    assert dates().get(assignment__measure__path="1").department == units["区财政局"]


def test_an_open_error_a_missing_number_or_a_second_time_stops_it(
    first: Edition, coordinator: User
) -> None:
    second = later(first, coordinator)
    with pytest.raises(InvalidError, match="发文字号"):
        adopt(second, coordinator, document_number=" ")
    doubt = Doubt.objects.create(
        edition=second, ordinal=99, code="x", severity=Severity.ERROR, message="", start=0, end=1
    )
    with pytest.raises(ConflictError, match="还有1处"):
        adopt(second, coordinator)
    doubt.delete()
    adopt(second, coordinator)
    with pytest.raises(ConflictError, match="已经启用过"):
        adopt(second, coordinator)


def test_the_same_request_adopts_once(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator)

    for _ in range(2):
        with carrying(RequestKeyClaim("once", "body")):
            adopt(second, coordinator)

    assert Event.objects.filter(action="adopt").count() == 1


def test_a_text_compared_with_an_earlier_one_is_not_adopted(
    first: Edition, coordinator: User
) -> None:
    second, third = later(first, coordinator), later(first, coordinator)
    adopt(second, coordinator)

    with pytest.raises(ConflictError, match="现行文本已经换了"):
        adopt(third, coordinator)


def test_a_later_text_is_adopted_not_issued(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator)
    with pytest.raises(ConflictError, match="启用新文本"):
        issue_plan(
            edition_id=second.pk, document_number="某1号", issued_on=TODAY, by=coordinator, at=NOON
        )
    Edition.objects.filter(pk=first.pk).update(status=EditionStatus.DRAFT)
    with pytest.raises(ConflictError, match="直接交办"):
        adopt(second, coordinator)


def test_only_a_coordinator_of_the_district_adopts(
    first: Edition, coordinator: User, liaison: User, supervisor: User
) -> None:
    second = later(first, coordinator)
    elsewhere = member(DepartmentFactory.create(), Role.COORDINATOR)

    for person in (liaison, supervisor, elsewhere):
        with pytest.raises(ForbiddenError):
            adopt(second, person)


BEHIND = date(2017, 6, 30)


@pytest.fixture
def moved_back(first: Edition, coordinator: User) -> Edition:
    """A later text that moves one day to before today."""
    return later(first, coordinator, ("2017年12月底前，编制", "2017年6月底前，编制"))


def test_a_day_moved_to_before_today_waits_for_a_decision(
    moved_back: Edition, coordinator: User
) -> None:
    adopt(moved_back, coordinator)

    milestone = dates().get(due_on=BEHIND)
    assert milestone.status == MilestoneStatus.UNDECIDED
    assert not dates().overdue(today=TODAY).exists()


def test_what_was_decided_about_a_moved_day_holds(moved_back: Edition, coordinator: User) -> None:
    deadline = moved_back.measures.get(number="1").deadlines.get()
    other = PastDay(PastChoice.NEW_DAY, NEW_DAY, "张××", TODAY)

    adopt(moved_back, coordinator, past={deadline.pk: other})

    milestone = dates().get(deadline=deadline)
    assert (milestone.status, milestone.due_on) == (MilestoneStatus.OPEN, NEW_DAY)
    assert milestone.extensions.get().old_due_on == BEHIND
    assert actions() == ["reword", "redate", "decide"]


def test_a_new_day_that_has_passed_waits_too(first: Edition, coordinator: User) -> None:
    second = later(first, coordinator, ("开展经常性", "2017年6月底前，制定宣传计划，开展经常性"))

    adopt(second, coordinator)

    assert dates().get(due_on=BEHIND).status == MilestoneStatus.UNDECIDED
