"""Plays the story on an empty database, day by day, through the doors that people use."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import partial
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.files.base import File

from accounts.choices import DepartmentKind, Role
from accounts.events import record
from accounts.models import Department, District, Group, Membership, User
from accounts.usecase import usecase
from accounts.usecases import fill_calendar, load_register
from config.demo import people, story
from notifications.tick import tick
from plans.models import Deadline, Doubt, Edition
from plans.usecases import import_plan, settle_doubt
from tracking.choices import Decision, PastChoice, ReportMode, WorkStatus
from tracking.models import Dispatch, Milestone, Sheet, Submission
from tracking.selectors.distribution import Choice
from tracking.selectors.past import PastDay
from tracking.usecases import (
    NewEvidence,
    Report,
    SheetRow,
    accept_rows,
    accept_submission,
    acknowledge_dispatch,
    issue_plan,
    record_extension,
    return_submission,
    save_draft,
    save_sheet,
    send_for_sign_off,
    submit,
    submit_sheet,
)

SEEDS = settings.BASE_DIR / "seeds"
PLAN = SEEDS / "litong-plan-2016-2020.txt"
REGISTER = SEEDS / "litong-register.json"
STORY = SEEDS / "litong-story-2017.toml"
BEGUN, PLAYED = "demo_begun", "demo_played"
SHEET_DAYS = (14, 15, 16, 19, 20, 21)
SHANGHAI = ZoneInfo("Asia/Shanghai")
REVIEWED_BY = {
    DepartmentKind.PARTY: people.PARTY_SUPERVISOR,
    DepartmentKind.DISCIPLINE: people.PARTY_SUPERVISOR,
    DepartmentKind.PROCURATORATE: people.PARTY_SUPERVISOR,
}
COMMON_ANSWER = "由各乡镇、各部门分别落实，作为共性任务在年度集中填报表中反馈。"
ANSWERS = {
    "draft": "先核对；2016年9月12日以演示文号交办，正式文号以印发文件为准。",
    "no_lead": "属组织实施的总体要求，在各项任务中落实，不单独交办。",
    "before_plan": "补报完成情况：时限早于方案印发，由区财政局补报，不另定时限。",
    "lead_from_text": "确认：责任单位按正文所列，完成时限为2020年12月31日。",
}

Step = tuple[datetime, Callable[[], object]]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in Shanghai."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def play() -> None:
    """Make the people, hand the plan out, do what the story tells, and send the last day's mail."""
    for _, step in steps(prepare()):
        step()
    tick(at=at(story.UNTIL, 8, 30))
    finish(at=at(story.UNTIL, 8, 30))


def prepare() -> Edition:
    """Make the people and the calendar, and hand the plan out."""
    begin(at=at(story.IMPORTED_ON, 8))
    register = json.loads(REGISTER.read_text(encoding="utf-8"))
    district = load_register(data=register, by=None, at=at(story.IMPORTED_ON, 8, 5)).district
    appoint(district=district, at=at(story.IMPORTED_ON, 8, 10))
    fill_calendar(from_year=2016, to_year=2021, by=None, at=at(story.IMPORTED_ON, 8, 15))
    return _issue(district)


def steps(edition: Edition) -> list[Step]:
    """Return what people do until the demonstration's day, oldest first."""
    return _Player(edition).steps()


@usecase
def begin(*, at: datetime) -> None:
    """Make the people and note that the demonstration is being made."""
    password = make_password(people.PASSWORD)
    User.objects.bulk_create(
        User(
            username=person.username,
            name=person.name,
            email=f"{person.username}@litong.example",
            phone="0953-×××××××",
            password=password,
        )
        for person in people.PEOPLE
    )
    administrator = User.objects.get(username=people.ADMINISTRATOR.username)
    User.objects.filter(pk=administrator.pk).update(is_staff=True)
    record(administrator, BEGUN, by=administrator, at=at)


@usecase
def appoint(*, district: District, at: datetime) -> None:
    """Give the people their roles in their units."""
    units = {unit.name: unit for unit in Department.objects.filter(district=district)}
    users = {user.username: user for user in User.objects.all()}
    Membership.objects.bulk_create(
        Membership(
            user=users[person.username],
            department=units[person.unit],
            role=role,
            from_on=story.IMPORTED_ON,
        )
        for person in people.PEOPLE
        for role in person.roles
    )
    for person in people.PEOPLE:
        record(users[person.username], "appoint", by=None, at=at, department=units[person.unit])


@usecase
def leave(*, username: str, until_on: date, by: User, at: datetime) -> None:
    """End the roles of somebody who has gone to another office."""
    user = User.objects.get(username=username)
    user.memberships.active().update(until_on=until_on)
    record(user, "leave", by=by, at=at)


@usecase
def finish(*, at: datetime) -> None:
    """Note that the demonstration is complete."""
    administrator = User.objects.get(username=people.ADMINISTRATOR.username)
    record(administrator, PLAYED, by=administrator, at=at)


def _user(person: people.Person) -> User:
    return User.objects.get(username=person.username)


def _issue(district: District) -> Edition:
    coordinator = _user(people.COORDINATOR)
    with PLAN.open("rb") as source:
        edition = import_plan(
            upload=File(source, name=PLAN.name),
            district=district,
            by=coordinator,
            at=at(story.IMPORTED_ON, 9),
        )
    for doubt in edition.doubts.open().filter(code__in=ANSWERS).select_related("measure"):
        settle_doubt(
            doubt_id=doubt.pk,
            answer=_answer(doubt),
            by=coordinator,
            at=at(story.IMPORTED_ON, 10),
        )
    return issue_plan(
        edition_id=edition.pk,
        document_number=story.DOCUMENT_NUMBER,
        issued_on=story.ISSUED_ON,
        choices=_choices(edition),
        past=_made_up(edition),
        by=coordinator,
        at=at(story.ISSUED_ON, 9),
    )


def _answer(doubt: Doubt) -> str:
    if doubt.measure and doubt.measure.path == "43":
        return COMMON_ANSWER
    return ANSWERS[doubt.code]


def _made_up(edition: Edition) -> dict[int, PastDay]:
    """Return what is decided about days before the issue: units report what they have done."""
    passed = Deadline.objects.filter(measure__edition=edition, due_on__lt=story.ISSUED_ON)
    return {deadline.pk: PastDay(PastChoice.MAKE_UP) for deadline in passed}


def _choices(edition: Edition) -> dict[int, Choice]:
    """Return what the coordinator decides where the words of the plan leave it open.

    Three duties bind each unit by their sense; two name no lead and are only upheld; the yearly
    report of 39 is asked of departments, not of townships.
    """
    groups = {row.name: row.pk for row in Group.objects.filter(district=edition.plan.district)}
    decided = {path: Choice(mode=ReportMode.COMMON) for path in ("2.1", "10", "21.1", "43")}
    decided["39"] = Choice(groups=frozenset({groups["各部门"]}))
    return {
        measure.pk: decided[measure.path]
        for measure in edition.measures.leaves().filter(path__in=decided)
    }


class _Player:
    """Knows who does what, and puts the steps of all strands into the order of their moments."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.users = {user.username: user for user in User.objects.all()}
        self.liaisons: dict[str, User] = {}
        self.common = story.read_common(STORY)
        for person in people.PEOPLE:
            if Role.LIAISON in person.roles:
                self.liaisons[person.unit] = self.users[person.username]

    def steps(self) -> list[Step]:
        """Return all steps, oldest first."""
        steps = [*self._acknowledgements(), self._leave(), *self._sheets()]
        for minute, strand in enumerate(story.read_story(STORY)):
            steps += self._strand(strand, minute)
        return sorted(steps, key=itemgetter(0))

    def _acknowledgements(self) -> Iterator[Step]:
        days = [date(2016, 9, day) for day in (12, 13, 14, 14, 18, 19)]
        rows = Dispatch.objects.filter(edition=self.edition).select_related("department")
        for index, dispatch in enumerate(rows.order_by("department__ordinal", "id")):
            moment = at(days[index % len(days)], 15, index)
            by = self.liaisons[dispatch.department.name]
            yield (
                moment,
                partial(acknowledge_dispatch, dispatch_id=dispatch.pk, by=by, at=moment),
            )

    def _sheets(self) -> Iterator[Step]:
        """Let every unit fill in its first sheet, and the reviewers go through it."""
        sheets = Sheet.objects.filter(
            year__plan=self.edition.plan_id, year__year=story.SHEET_YEAR
        ).select_related("department", "year")
        for index, sheet in enumerate(sheets.order_by("department__ordinal", "id")):
            filled = at(date(story.SHEET_YEAR, 12, SHEET_DAYS[index % len(SHEET_DAYS)]), 10, index)
            yield filled, partial(self._fill_in, sheet, filled)
            decided = at(date(story.SHEET_YEAR, 12, 28), 16, index)
            yield decided, partial(self._accept, sheet, decided)

    def _fill_in(self, sheet: Sheet, moment: datetime) -> None:
        by = self.liaisons[sheet.department.name]
        rows = sheet.milestones.select_related("assignment__measure")
        said = {row.pk: self.common[row.assignment.measure.path] for row in rows}
        save_sheet(
            sheet_id=sheet.pk,
            rows={
                pk: SheetRow(Report(WorkStatus.COMPLETED, word.completed_on, False, word.narrative))
                for pk, word in said.items()
            },
            by=by,
            at=moment,
        )
        submit_sheet(
            sheet_id=sheet.pk,
            signed_by=people.SIGNS.get(sheet.department.name, people.SIGNATURE),
            signed_on=moment.date(),
            by=by,
            at=moment,
            today=moment.date(),
        )

    def _accept(self, sheet: Sheet, moment: datetime) -> None:
        waiting = Submission.objects.waiting().filter(milestone__sheet=sheet)
        accept_rows(
            versions=dict(waiting.values_list("pk", "version")),
            by=self._reviewer(sheet.department),
            at=moment,
        )

    def _leave(self) -> Step:
        moment = at(story.LIAISON_LEFT_ON, 17)
        by = self.users[people.COORDINATOR.username]
        return moment, partial(
            leave, username=people.LEFT, until_on=story.LIAISON_LEFT_ON, by=by, at=moment
        )

    def _strand(self, strand: story.Strand, minute: int) -> Iterator[Step]:
        milestone = self._milestone(strand)
        for moved in strand.moved:
            moment = at(moved.approved_on, 16, minute)
            yield moment, partial(self._extend, milestone, moved, moment)
        for told in strand.told:
            moment = at(told.written_on, 9, minute)
            yield moment, partial(self._write, milestone, told, moment)
            moment = at(told.written_on, 10, minute)
            yield moment, partial(self._send, milestone, told, moment)
            if told.decided_on:
                moment = at(told.decided_on, 15, minute)
                yield moment, partial(self._decide, milestone, told, moment)

    def _milestone(self, strand: story.Strand) -> Milestone:
        of_measure = Milestone.objects.counted().filter(
            assignment__measure__edition=self.edition, assignment__measure__path=strand.measure
        )
        ordered = of_measure.select_related("department").order_by("original_due_on", "id")
        return ordered[strand.date_number - 1]

    def _extend(self, milestone: Milestone, moved: story.Moved, moment: datetime) -> None:
        record_extension(
            milestone_id=milestone.pk,
            asked_on=moved.asked_on,
            reason=moved.reason,
            new_due_on=moved.new_due_on,
            approved_by=story.LEADER,
            approved_on=moved.approved_on,
            by=self.users[people.COORDINATOR.username],
            at=moment,
        )

    def _write(self, milestone: Milestone, told: story.Told, moment: datetime) -> None:
        paper = told.paper
        save_draft(
            milestone_id=milestone.pk,
            report=Report(
                work_status=told.status, completed_on=told.completed_on, narrative=told.narrative
            ),
            evidence=[NewEvidence(paper.name, paper.number, paper.issued_on)] if paper else [],
            by=self.liaisons[milestone.department.name],
            at=moment,
        )

    def _send(self, milestone: Milestone, told: story.Told, moment: datetime) -> None:
        unit = milestone.department.name
        by = self.liaisons[unit]
        draft = milestone.submissions.unfinished().get()
        if not told.is_sent:
            send_for_sign_off(submission_id=draft.pk, by=by, at=moment)
            return
        submit(
            submission_id=draft.pk,
            signed_by=people.SIGNS.get(unit, people.SIGNATURE),
            signed_on=told.written_on,
            by=by,
            at=moment,
            today=told.written_on,
        )

    def _decide(self, milestone: Milestone, told: story.Told, moment: datetime) -> None:
        common: dict[str, Any] = {
            "submission_id": milestone.submissions.waiting().get().pk,
            "by": self._reviewer(milestone.department),
            "at": moment,
            "note": told.note,
        }
        if told.decision == Decision.RETURNED:
            assert told.redo_by is not None
            assert told.decided_on is not None
            return_submission(**common, redo_by=told.redo_by, today=told.decided_on)
        else:
            assert told.decision is not None
            accept_submission(**common, decision=told.decision)

    def _reviewer(self, unit: Department) -> User:
        """Return somebody of another office: nobody reviews what their own office reports."""
        if unit.name in {"区政府办公室", "区委办公室", "区政府督查室", "区委督查室"}:
            person = people.COORDINATOR
        else:
            person = REVIEWED_BY.get(DepartmentKind(unit.kind), people.SUPERVISOR)
        return self.users[person.username]
