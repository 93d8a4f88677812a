"""What the dates say about a milestone, as questions to the database: due, late, in time."""

from datetime import date

from django.db.models import Case, CharField, F, Q, Value, When

from tracking.choices import MilestoneState, MilestoneStatus, PastChoice, SubmissionStatus

# The last day on which a milestone is in time: what is made up, its day of reporting.
LAST_DAY = Case(When(past_choice=PastChoice.MAKE_UP, then=F("report_by")), default=F("due_on"))


def last_day_in(first: date, last: date) -> Q:
    """Ask for what is due in the days [first, last]; what is made up, by its day of reporting."""
    made_up = Q(past_choice=PastChoice.MAKE_UP, report_by__range=(first, last))
    return Q(due_on__range=(first, last)) | made_up


def is_late(due: str, today: date) -> Q:
    """Ask whether the due day has passed; what was due before it was handed out has time until the
    day by which it is made up."""
    still_made_up = Q(past_choice=PastChoice.MAKE_UP, report_by__gte=today)
    return Q(**{f"{due}__lt": today}) & ~still_made_up


def in_time(day: str, due: str) -> Q:
    """Ask whether something came on a day that was in time for the due day."""
    made_up = Q(**{"past_choice": PastChoice.MAKE_UP, f"{day}__lte": F("report_by")})
    return Q(**{f"{day}__lte": F(due)}) | made_up


def state_on(done: Q, due: str, *, today: date, soon_until: date) -> Case:
    """Say which MilestoneState a milestone with its reports has; ``done`` asks whether it was
    done, ``due`` names its due day."""
    late = is_late(due, today)
    sent_in_time = in_time("last_sent_on", due)
    return Case(
        When(status=MilestoneStatus.CANCELLED, then=Value(MilestoneState.CANCELLED)),
        When(status=MilestoneStatus.SUSPENDED, then=Value(MilestoneState.SUSPENDED)),
        When(status=MilestoneStatus.UNDECIDED, then=Value(MilestoneState.UNDECIDED)),
        When(done & Q(completed_on__gt=F(due)), then=Value(MilestoneState.DONE_LATE)),
        When(
            done & Q(claimed_on__isnull=False) & ~in_time("claimed_on", due),
            then=Value(MilestoneState.DONE_REPORTED_LATE),
        ),
        When(done, then=Value(MilestoneState.DONE)),
        When(last_status=SubmissionStatus.SUBMITTED, then=Value(MilestoneState.WAITING)),
        When(
            Q(last_status=SubmissionStatus.RETURNED)
            & (~late | (sent_in_time & Q(redo_by__gte=today))),
            then=Value(MilestoneState.REDOING),
        ),
        When(late & Q(last_status__isnull=True), then=Value(MilestoneState.OVERDUE_UNREPORTED)),
        When(
            late & Q(last_status=SubmissionStatus.RETURNED, redo_by__gte=today),
            then=Value(MilestoneState.OVERDUE_REDOING),
        ),
        When(late, then=Value(MilestoneState.OVERDUE_UNFINISHED)),
        When(**{f"{due}__lte": soon_until}, then=Value(MilestoneState.SOON)),
        When(last_status__isnull=False, then=Value(MilestoneState.PROGRESSING)),
        default=Value(MilestoneState.SILENT),
        output_field=CharField(),
    )
