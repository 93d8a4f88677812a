"""Questions to the work: what is late, waiting or near is asked of the dates here."""

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.apps import apps
from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from accounts.scope import scope_of
from tracking.choices import (
    AssignmentStatus,
    MilestoneKind,
    MilestoneStatus,
    RequestStatus,
    SubmissionStatus,
    WorkStatus,
)
from tracking.lateness import in_time, is_late, state_on

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.models import (
        Assignment,
        Contribution,
        Dispatch,
        Instruction,
        Milestone,
        Sheet,
        Submission,
    )

R = TypeVar("R", bound=Model)

SENT = (SubmissionStatus.SUBMITTED, SubmissionStatus.ACCEPTED, SubmissionStatus.RETURNED)


def is_dated(to: str = "") -> Q:
    """Ask for the plan's own dates and for the periods of what recurs, which no yearly sheet
    holds; ``to`` leads from a row to the milestone."""
    recurs = Q(**{f"{to}kind": MilestoneKind.OCCURRENCE, f"{to}sheet": None})
    return Q(**{f"{to}kind": MilestoneKind.DEADLINE}) | recurs


def _mine(user: "User", to: str = "") -> Q:
    """Ask for what is of the person's units, of units that the person is in charge of, or of a
    district that the person oversees."""
    scope = scope_of(user)
    return Q(**{f"{to}department__in": scope.departments | scope.watched}) | Q(
        **{f"{to}department__district__in": scope.overseen}
    )


class DispatchQuerySet(QuerySet["Dispatch"]):
    """Papers by which work was handed out."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(_mine(user))

    def with_edition(self) -> Self:
        """Load what the head of the paper shows."""
        return self.select_related("department", "edition__plan", "edition__former").defer(
            "edition__text",
            "edition__places",
            "edition__former__text",
            "edition__former__places",
        )

    def waiting(self) -> Self:
        """Leave those not yet acknowledged, of units that have not ended."""
        return self.filter(acknowledged_at=None, department__ended_on=None)


class AssignmentQuerySet(QuerySet["Assignment"]):
    """Measures as units have to carry them out."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(_mine(user))

    def live(self) -> Self:
        """Leave those that have not been ended and that no other assignment continues."""
        return self.exclude(status__in=(AssignmentStatus.MERGED, AssignmentStatus.TERMINATED))

    def reporting(self) -> Self:
        """Leave those that report for themselves."""
        return self.filter(reports_through=None)

    def as_of(self, day: date) -> Self:
        """Leave what had been handed out by the end of a past day; ``stood_for`` is the assignment
        that has continued it since, if any."""
        since = Case(When(continued_by__dispatch__issued_on__gt=day, then=F("continued_by")))
        return self.filter(dispatch__issued_on__lte=day).annotate(stood_for=since)

    def with_measure(self) -> Self:
        """Load what a list row shows."""
        return self.select_related(
            "measure__part",
            "measure__edition__plan",
            "measure__parent",
            "department",
            "dispatch",
            "reports_through__department",
            "continued_by__department",
        ).defer("measure__edition__text", "measure__edition__places")


class MilestoneQuerySet(QuerySet["Milestone"]):
    """Dated things that are owed."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, of assignments that report through them and of common
        duties that they sum up, of which the person wrote a report, or of the district that the
        person oversees."""
        departments = scope_of(user).departments
        watched = scope_of(user).watched
        if not departments and not watched:
            return self.filter(_mine(user))
        rows = self.model._default_manager.order_by().values_list("pk", flat=True)
        # Read first, by their own small indexes: as conditions of one query, every page would walk
        # all milestones to find a few.
        besides = rows.filter(
            assignment__reporters__department__in=departments | watched,
            assignment__reporters__reports_through__isnull=False,
        ).union(
            rows.filter(gathered_by__isnull=False, gathered_by__department__in=departments),
            rows.filter(submissions__author=user),
        )
        return self.filter(_mine(user) | Q(pk__in=list(besides)))

    def dated(self) -> Self:
        """Leave the plan's own dates and the periods of what recurs."""
        return self.filter(is_dated())

    def counted(self) -> Self:
        """Leave the plan's own dates and the periods of what recurs, each once: what 时间节点
        counts."""
        return self.dated().filter(gathered_by=None)

    def by_themselves(self) -> Self:
        """Leave those that are reported one by one, not on a sheet."""
        return self.filter(sheet=None)

    def owed_by(self, departments: set[int]) -> Self:
        """Leave those that one of the units has to report itself."""
        return self.filter(department__in=departments)

    def with_assignment(self) -> Self:
        """Load what a list row shows: the measure, its part, the unit, and as
        ``assignment.co_assignments`` those that report through it with their units."""
        followers = apps.get_model("tracking", "Assignment").objects.live()
        return (
            self.select_related(
                "assignment__measure__part",
                "assignment__measure__edition",
                "assignment__measure__parent",
                "assignment__dispatch",
                "department",
                "deadline",
                "recurrence",
                "sheet__year",
                "plan",
            )
            .defer("assignment__measure__edition__text", "assignment__measure__edition__places")
            .prefetch_related(
                Prefetch(
                    "assignment__reporters",
                    queryset=followers.select_related("department").order_by("id"),
                    to_attr="co_assignments",
                )
            )
        )

    def with_reports(self, *, until: date | None = None) -> Self:
        """Annotate ``claimed_on`` (the first report that said completed), ``last_sent_on``,
        ``last_status``, ``last_work_status`` and ``redo_by`` of the reports that left the house;
        with ``until`` of those sent by the end of that day, as they were decided by then."""
        submissions = _submissions(OuterRef("pk"))
        status: F | Case = F("status")
        redo_by: F | Case = F("review__redo_by")
        if until is not None:
            decided = Q(review__at__date__lte=until)
            submissions = submissions.filter(submitted_at__date__lte=until)
            status = Case(When(decided, then=F("status")), default=Value("submitted"))
            redo_by = Case(When(decided, then=F("review__redo_by")))
        newest = submissions.order_by("-number")
        return self.annotate(
            claimed_on=TruncDate(
                Subquery(
                    submissions.filter(work_status=WorkStatus.COMPLETED)
                    .order_by("number")
                    .values("submitted_at")[:1]
                )
            ),
            last_sent_on=TruncDate(Subquery(newest.values("submitted_at")[:1])),
            last_status=Subquery(newest.annotate(then=status).values("then")[:1]),
            last_work_status=Subquery(newest.values("work_status")[:1]),
            redo_by=Subquery(newest.annotate(then=redo_by).values("then")[:1]),
        )

    def with_state(self, *, today: date, soon_until: date) -> Self:
        """Annotate ``state``, a MilestoneState, as of the day.

        ``soon_until`` is the last due day that counts as near (WorkCalendar.after of today). Work
        is judged by the day it was completed, the report by the day it was sent: what was sent in
        time is not overdue while it waits, nor within the redo_by of a return.
        """
        done = Q(status=MilestoneStatus.DONE)
        state = state_on(done, "due_on", today=today, soon_until=soon_until)
        return self.with_reports().annotate(state=state)

    def as_of(self, day: date, *, soon_until: date) -> Self:
        """Leave, by due day, what had been handed out by the end of a past day, with ``due_then``
        and ``state`` as they were: asked of the moments of rows, reviews and extensions.

        What another unit has taken over since was owed from the day the measure was handed out.
        """
        before_others = apps.get_model("tracking", "Assignment").objects.filter(
            measure=OuterRef("assignment__measure"), dispatch__issued_on__lte=day
        )
        handed_out = Q(assignment__dispatch__issued_on__lte=day) | (
            Q(Exists(before_others)) & Q(gathered_by=None)
        )
        moved = apps.get_model("tracking", "Extension").objects.filter(
            milestone=OuterRef("pk"), recorded_at__date__gt=day
        )
        before = Subquery(moved.order_by("id").values("old_due_on")[:1])
        done = Q(status=MilestoneStatus.DONE, done_at__date__lte=day)
        state = state_on(done, "due_then", today=day, soon_until=soon_until)
        return (
            self.filter(handed_out)
            .annotate(due_then=Coalesce(before, F("due_on"), output_field=DateField()))
            .order_by("due_then", "id")
            .with_reports(until=day)
            .annotate(state=state)
        )

    def open(self) -> Self:
        """Leave what is still owed."""
        return self.filter(status=MilestoneStatus.OPEN)

    def waiting(self) -> Self:
        """Leave open ones whose report waits for a reviewer."""
        return self.open().filter(
            Exists(_submissions(OuterRef("pk")).filter(status=SubmissionStatus.SUBMITTED))
        )

    def overdue(self, *, today: date) -> Self:
        """Leave open ones past their day, except what waits for review and what was sent in time
        and is within the redo_by of its return."""
        waits = Q(last_status=SubmissionStatus.SUBMITTED)
        is_redone_in_time = Q(
            last_status=SubmissionStatus.RETURNED,
            redo_by__gte=today,
        ) & in_time("last_sent_on", "due_on")
        # SQL's NOT of an unknown is unknown, so what was never reported is named by itself.
        return (
            self.open()
            .filter(is_late("due_on", today))
            .with_reports()
            .filter(Q(last_status__isnull=True) | ~(waits | is_redone_in_time))
        )

    def unanswered(self) -> Self:
        """Leave open ones without a report that waits for a reviewer."""
        waiting = _submissions(OuterRef("pk")).filter(status=SubmissionStatus.SUBMITTED)
        return self.open().exclude(Exists(waiting))

    def to_redo(self) -> Self:
        """Leave open ones whose newest report came back to be mended, by ``redo_by``."""
        return self.open().with_reports().filter(last_status=SubmissionStatus.RETURNED)

    def in_order(self) -> Self:
        """Order by due day, oldest first, with a unique last key."""
        return self.order_by("due_on", "id")


def _submissions(milestone: OuterRef) -> "QuerySet[Submission]":
    reports: QuerySet[Submission] = apps.get_model("tracking", "Submission").objects.all()
    return reports.filter(milestone=milestone, status__in=SENT)


class SheetQuerySet(QuerySet["Sheet"]):
    """Yearly sheets of units."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        return self.filter(_mine(user))

    def open_on(self, day: date) -> Self:
        """Leave those that can be filled in on the day, whose last day may have passed."""
        return self.filter(year__opens_on__lte=day)

    def unsent(self) -> Self:
        """Leave those with rows that are owed and were never sent."""
        return self.filter(Exists(_unsent_rows()))

    def with_year(self) -> Self:
        """Load the year, its plan and the unit."""
        return self.select_related("year__plan", "department")


def _unsent_rows() -> "QuerySet[Milestone]":
    rows: QuerySet[Milestone] = apps.get_model("tracking", "Milestone").objects.all()
    return rows.filter(sheet=OuterRef("pk"), status=MilestoneStatus.OPEN).exclude(
        Exists(_submissions(OuterRef("pk")))
    )


class SubmissionQuerySet(QuerySet["Submission"]):
    """Reports."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's own units, and the person's own where another unit took the
        milestone over; overseers, and the unit that sums a common duty up, see what has left the
        house."""
        scope = scope_of(user)
        gathered = Q(milestone__gathered_by__department__in=scope.departments)
        return self.filter(
            Q(milestone__department__in=scope.departments)
            | Q(author=user.pk if scope.departments else None)
            | (gathered & Q(status__in=SENT))
            | Q(milestone__department__in=scope.watched, status__in=SENT)
            | Q(milestone__department__district__in=scope.overseen, status__in=SENT)
        )

    def waiting(self) -> Self:
        """Leave those that wait for a reviewer."""
        return self.filter(status=SubmissionStatus.SUBMITTED)

    def unfinished(self) -> Self:
        """Leave those that are still in the house."""
        return self.filter(status__in=(SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF))

    def with_milestone(self) -> Self:
        """Load what a queue row shows."""
        return self.select_related(
            "milestone__assignment__measure__part",
            "milestone__assignment__measure__edition",
            "milestone__department",
            "milestone__plan",
            "author",
        ).defer(
            "milestone__assignment__measure__edition__text",
            "milestone__assignment__measure__edition__places",
        )


class ContributionQuerySet(QuerySet["Contribution"]):
    """What supporting units add to the reports of others."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units and those to their reports; overseers see what went
        out with a report."""
        scope = scope_of(user)
        return self.filter(
            Q(department__in=scope.departments)
            | Q(milestone__department__in=scope.departments)
            | Q(department__in=scope.watched, taken_into__status__in=SENT)
            | Q(department__district__in=scope.overseen, taken_into__status__in=SENT)
        )

    def open(self) -> Self:
        """Leave those that no report has taken over."""
        return self.filter(taken_into=None)


class ReportedQuerySet(QuerySet[R]):
    """What belongs to a report: its review, its figures, its documents."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of reports that the person may read."""
        submissions = apps.get_model("tracking", "Submission").objects.visible_to(user)
        return self.filter(submission__in=submissions.values("pk"))


class RequestQuerySet(QuerySet[R]):
    """What units ask of the coordinator."""

    def visible_to(self, user: "User") -> Self:
        """Leave those of the person's units, or of the district that the person oversees."""
        to = "milestone__" if hasattr(self.model, "milestone") else "assignment__"
        return self.filter(_mine(user, to))

    def open(self) -> Self:
        """Leave those that wait for a decision."""
        return self.filter(status=RequestStatus.ASKED)


class InstructionQuerySet(QuerySet["Instruction"]):
    """What leaders ask of units."""

    def visible_to(self, user: "User") -> Self:
        """Leave those for the person's units, or of the district that the person oversees."""
        scope = scope_of(user)
        return self.filter(
            Q(addressed_to__in=scope.departments | scope.watched)
            | Q(addressed_to__district__in=scope.overseen)
        )

    def open(self) -> Self:
        """Leave those that nobody has answered."""
        return self.filter(answered_at=None)
