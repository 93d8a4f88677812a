"""启用新文本: a new text takes the place of the one in force, and the work goes on under it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils.timezone import localdate

from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import ConflictError, InvalidError
from accounts.events import record
from accounts.models import User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import EditionStatus
from plans.models import Edition
from plans.usecases.codes import give_codes
from tracking.choices import AssignmentStatus, MilestoneKind, MilestoneStatus, SubmissionStatus
from tracking.models import Assignment, Dispatch, Milestone, Submission
from tracking.selectors.adopting import STANDING, plan_adoption
from tracking.selectors.adoption import Added, Adoption, Kept, name_of
from tracking.selectors.distribution import Choice, Handout, Part, home_of
from tracking.selectors.owed import years_of
from tracking.selectors.past import PastDay, put_past
from tracking.transitions import move
from tracking.usecases.handing_out import Milestones, plan_years
from tracking.usecases.history import record_work
from tracking.usecases.past import check_past, record_past

MOVED = (
    "assignment",
    "department",
    "deadline",
    "recurrence",
    "sheet",
    "mark",
    "what",
    "due_on",
    "report_by",
    "original_due_on",
    "status",
    "past_choice",
    "past_chosen_at",
    "version",
)


@usecase
def adopt_edition(
    *,
    edition_id: int,
    document_number: str,
    issued_on: date,
    by: User,
    at: datetime,
    choices: Mapping[int, Choice] | None = None,
    left_out: Collection[int] | None = None,
    past: Mapping[int, PastDay] | None = None,
    expected_version: int | None = None,
) -> Edition:
    """Put a checked later edition in force in place of the one that is.

    Assignments, milestones, reports and extensions go on with the measure of their lineage; what
    did not change is not touched. A moved day moves ``due_on`` of what is still owed, never the
    original day. New units and new measures are handed out by a supplementary dispatch, as
    ``choices`` and ``left_out`` say or else as recommended; what the text no longer holds ends with
    a reason. New days that have passed are as ``past`` (by deadline id) decides, or wait for a
    decision. ConflictError while a doubt stops it, or when another text has come into force.
    """
    edition = lock(Edition, edition_id, expected_version)
    authorize(by, "tracking.adopt_edition", edition)
    refuse_unless(edition.status == EditionStatus.DRAFT, "这份文本已经启用过了。")
    former = _lock_former(edition)
    stopping = edition.doubts.stopping().count()
    refuse_unless(not stopping, f"还有{stopping}处必须处理的待核实事项，处理完才能启用。")
    document_number = document_number.strip()
    if not document_number:
        raise InvalidError("请填写发文字号。征求意见稿没有文号，印发后再启用。")
    check_past(past or {}, today=localdate(at))
    adoption = plan_adoption(
        edition,
        choices or {},
        issued_on=issued_on,
        today=localdate(at),
        home=home_of(by, edition),
        document_number=document_number,
        left_out=left_out,
    )
    former.status = EditionStatus.REPLACED
    former.version += 1
    former.save(update_fields=["status", "version"])
    edition.status = EditionStatus.ISSUED
    edition.document_number = document_number
    edition.issued_on = issued_on
    edition.dispatched_at = at
    edition.version += 1
    edition.save()
    give_codes(edition)
    _Work(edition, adoption, by=by, at=at, past=past or {}).go_on()
    record(edition, "adopt", by=by, at=at, within=former, note=edition.document_number)
    return edition


def _lock_former(edition: Edition) -> Edition:
    """Lock the edition in force and all the work under it."""
    rows = edition.plan.editions.select_for_update().filter(status=EditionStatus.ISSUED)
    former = rows.first()
    if former is None:
        raise ConflictError("这个方案还没有交办过，请直接交办。")
    if edition.former_id != former.pk:
        raise ConflictError("对照之后，现行文本已经换了。请把这份文件重新导入，再对照、启用。")
    work = Assignment.objects.filter(measure__edition=former).select_for_update(of=("self",))
    dated = Milestone.objects.filter(assignment__in=[row.pk for row in work])
    list(dated.select_for_update(of=("self",)).values_list("pk"))
    return former


class _Work:
    """The work under the former text, put under the new one: the same few queries for any size."""

    def __init__(
        self,
        edition: Edition,
        adoption: Adoption,
        *,
        by: User,
        at: datetime,
        past: Mapping[int, PastDay],
    ) -> None:
        self.edition = edition
        self.adoption = adoption
        self.by = by
        self.at = at
        self.past = past
        self.today = localdate(at)
        self.calendar = WorkCalendar.load()
        self.assignments: dict[tuple[int, int], Assignment] = {}

    def go_on(self) -> None:
        """Do all that the adoption says."""
        self._follow()
        self._hand_out()
        self._report_through()
        issued_on = self.edition.issued_on
        assert issued_on is not None
        years = years_of(self.edition, self.adoption.handouts, issued_on)
        plan_years(self.edition, years, self.calendar)
        self.maker = Milestones(
            self.edition,
            self.adoption.handouts,
            self.assignments,
            self.calendar,
            past=self.past,
            today=self.today,
        )
        self._keep_milestones()
        self._take_back()
        self._add_milestones()
        self._end()

    def _record(
        self,
        thing: Assignment | Milestone | Submission,
        action: str,
        note: str = "",
        data: Mapping[str, str] | None = None,
    ) -> None:
        record_work(thing, action, by=self.by, at=self.at, note=note, data=data)

    def _follow(self) -> None:
        """Point the assignments that go on to their measure; note a new role and new words."""
        moved = {row.milestone.assignment_id for row in self.adoption.moved}
        for row in self.adoption.followings:
            assignment = row.assignment
            if row.is_recast:
                roles = {"old_role": assignment.role, "role": row.role}
                self._record(assignment, "recast", data=roles)
            elif row.is_reworded and assignment.pk not in moved:
                self._record(assignment, "reword")
            assignment.version += row.is_recast or row.is_reworded
            assignment.role = row.role
            assignment.measure = row.measure
            self.assignments[row.measure.pk, assignment.department_id] = assignment

    def _hand_out(self) -> None:
        """Make the supplementary dispatches with the assignments that units did not have before."""
        dispatches = {
            dispatch.department_id: dispatch
            for dispatch in Dispatch.objects.bulk_create(
                Dispatch(
                    edition=self.edition,
                    department=unit,
                    issued_on=self.edition.issued_on or self.at,
                )
                for unit in self.adoption.departments
            )
        }
        for made in Assignment.objects.bulk_create(
            Assignment(
                dispatch=dispatches[row.part.department.pk],
                measure=row.measure,
                department=row.part.department,
                role=row.part.role,
            )
            for row in self.adoption.issued
        ):
            self.assignments[made.measure_id, made.department_id] = made
        for dispatch in dispatches.values():
            record(
                dispatch,
                "issue",
                by=self.by,
                at=self.at,
                within=self.edition,
                department=dispatch.department_id,
            )

    def _report_through(self) -> None:
        """Say of every assignment who reports for it or sums it up."""
        for handout in self.adoption.handouts:
            reporter = self._assignment(handout, handout.reporter)
            reporter.reports_through = reporter.gathered_by = None
            for part in handout.followers:
                row = self._assignment(handout, part)
                row.reports_through, row.gathered_by = reporter, None
            for part in handout.gathered:
                row = self._assignment(handout, part)
                row.reports_through, row.gathered_by = None, reporter
        Assignment.objects.bulk_update(
            self.assignments.values(),
            ["measure", "role", "reports_through", "gathered_by", "version"],
        )

    def _assignment(self, handout: Handout, part: Part) -> Assignment:
        return self.assignments[handout.measure.pk, part.department.pk]

    def _keep_milestones(self) -> None:
        """Move days and owners of what is still owed; what is done keeps both."""
        dated: list[Milestone] = []
        for row in self.adoption.kept:
            milestone = row.milestone
            milestone.deadline = row.dated.deadline if row.dated else None
            milestone.recurrence = row.recurrence
            milestone.mark = row.dated.mark if row.dated else ""
            if milestone.status in STANDING:
                milestone.what = row.what
            if row.to:
                self._hand_over(row)
            if row.new_due_on:
                days = {"old_due_on": str(milestone.due_on), "new_due_on": str(row.new_due_on)}
                milestone.due_on = row.new_due_on
                milestone.report_by = self.calendar.last_on_or_before(row.new_due_on)
                milestone.status, milestone.past_choice = MilestoneStatus.OPEN, ""
                self._record(milestone, "redate", note=self._name, data=days)
                if row.new_due_on < self.today:
                    put_past(milestone, self.past, today=self.today, calendar=self.calendar)
                    dated.append(milestone)
            if milestone.sheet_id and (row.to or row.new_due_on):
                milestone.sheet = self.maker.sheet_of(row.owed.year, milestone.department)
            milestone.version += bool(row.to or row.new_due_on)
        record_past(dated, self.past, by=self.by, at=self.at)
        Milestone.objects.bulk_update([row.milestone for row in self.adoption.kept], MOVED)

    def _hand_over(self, row: Kept) -> None:
        assert row.to is not None
        milestone = row.milestone
        units = {"old_unit": milestone.department.name, "unit": row.to.name}
        milestone.assignment = self.assignments[row.measure.pk, row.to.pk]
        milestone.department = row.to
        if milestone.is_dated:
            self._record(milestone, "hand_over", note=self._name, data=units)

    def _take_back(self) -> None:
        """Make drafts again of what waits for the head of a unit that hands over: another signs."""
        handed_over = [row.milestone.pk for row in self.adoption.handed_over]
        reports = list(
            Submission.objects.filter(
                milestone__in=handed_over, status=SubmissionStatus.SIGN_OFF
            ).select_related("milestone__assignment")
        )
        for report in reports:
            move(report, "take_back")
            report.version += 1
            self._record(report, "take_back", note=self._name)
        Submission.objects.bulk_update(reports, ["status", "version"])

    def _add_milestones(self) -> None:
        """Make what is newly owed, first by those who report, then what is gathered into it."""
        into: dict[tuple[object, ...], Milestone] = {
            (row.measure.pk, row.milestone.department_id, row.owed.key): row.milestone
            for row in self.adoption.kept
        }
        own = [row for row in self.adoption.added if row.part is row.handout.reporter]
        gathered = [row for row in self.adoption.added if row.part is not row.handout.reporter]
        self.maker.make_sheets((row.handout, row.part, row.owed) for row in (*own, *gathered))
        made = Milestone.objects.bulk_create(
            self.maker.row(row.handout, row.part, row.owed) for row in own
        )
        for row, milestone in zip(own, made, strict=True):
            into[self._key(row)] = milestone
        answers = Milestone.objects.bulk_create(
            self.maker.row(row.handout, row.part, row.owed, into.get(self._key(row)))
            for row in gathered
        )
        new = {(row.measure.pk, row.part.department.pk) for row in self.adoption.issued}
        for milestone in made:
            owner = (milestone.assignment.measure_id, milestone.department_id)
            if milestone.kind == MilestoneKind.DEADLINE and owner not in new:
                self._record(milestone, "add", data={"due_on": str(milestone.due_on)})
        settled = [row for row in (*made, *answers) if row.past_choice]
        record_past(settled, self.past, by=self.by, at=self.at)
        Milestone.objects.bulk_update(settled, ["past_chosen_at"])
        self._reopen(
            {row.assignment.measure_id for row in made if row.kind == MilestoneKind.DEADLINE}
        )

    def _key(self, row: Added) -> tuple[object, ...]:
        """Name what the unit that reports owes in the same matter."""
        return row.handout.measure.pk, row.handout.reporter.department.pk, row.owed.key

    def _reopen(self, measures: set[int]) -> None:
        """Take up again what was done and now owes another date, with those that report through."""
        reopened = [
            row
            for (measure, _), row in self.assignments.items()
            if measure in measures and row.status == AssignmentStatus.DONE
        ]
        for row in reopened:
            move(row, "reopen", note=self._name)
            row.done_at = None
            row.version += 1
            self._record(row, "reopen", note=self._name)
        Assignment.objects.bulk_update(reopened, ["status", "done_at", "version"])

    def _end(self) -> None:
        """End what the text no longer holds; reports and drafts stay where they are."""
        for ended in self.adoption.ended:
            self._close(ended.assignment, "terminate", ended.reason)
        Assignment.objects.bulk_update(
            [row.assignment for row in self.adoption.ended], ["status", "version"]
        )
        for cancelled in self.adoption.cancelled:
            self._close(
                cancelled.milestone,
                "cancel",
                cancelled.reason,
                is_told=cancelled.milestone.kind == MilestoneKind.DEADLINE,
            )
        Milestone.objects.bulk_update(
            [row.milestone for row in self.adoption.cancelled], ["status", "version"]
        )

    def _close(
        self, thing: Assignment | Milestone, step: str, reason: str, *, is_told: bool = True
    ) -> None:
        move(thing, step, note=reason)
        thing.version += 1
        if is_told:
            self._record(thing, step, note=reason)

    @property
    def _name(self) -> str:
        return name_of(self.edition, self.edition.document_number)
