"""年度日程 as pages show it: the days, and how far the units are with the sheet of the year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.calendar import WorkCalendar
from plans.models import Plan
from tracking.models import ReportingYear, Sheet

AHEAD = timedelta(days=60)
NAMES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class YearAtWork:
    """A year with the units that owe a sheet and those that have not sent it."""

    year: ReportingYear
    owed: int
    missing: tuple[str, ...]
    late: int
    today: date

    @property
    def sent(self) -> int:
        """How many units have sent their sheet."""
        return self.owed - len(self.missing)

    @property
    def is_open(self) -> bool:
        """Whether the sheet can be filled in."""
        return self.year.opens_on <= self.today

    @property
    def missing_shown(self) -> str:
        """The first units that have not sent it."""
        names = "、".join(self.missing[:NAMES_SHOWN])
        return f"{names}等" if len(self.missing) > NAMES_SHOWN else names


def proposed_year(plan: Plan, year: int, calendar: WorkCalendar) -> ReportingYear:
    """Return the days that a year gets at the issue: sheet in December, reports in the spring."""
    return ReportingYear(
        plan=plan,
        year=year,
        opens_on=calendar.after(date(year, 12, 10), 1),
        closes_on=calendar.last_on_or_before(date(year, 12, 22)),
        reports_on=calendar.last_on_or_before(date(year + 1, 2, 28)),
        draft_on=calendar.last_on_or_before(date(year + 1, 3, 9)),
        sent_on=calendar.last_on_or_before(date(year + 1, 3, 30)),
    )


def years_at_work(plans: Iterable[Plan], *, today: date) -> list[YearAtWork]:
    """Return of each plan the year whose sheet is open or comes within two months: 3 queries."""
    years = ReportingYear.objects.filter(plan__in=list(plans), opens_on__lte=today + AHEAD)
    newest = {year.plan_id: year for year in years.select_related("plan").order_by("year")}
    return progress_of(newest.values(), today=today)


def progress_of(years: Iterable[ReportingYear], *, today: date) -> list[YearAtWork]:
    """Return how far the units are with the sheets of the years: two queries."""
    chosen = list(years)
    sheets = Sheet.objects.filter(year__in=chosen).exclude(milestones=None)
    unsent = set(sheets.unsent().values_list("pk", flat=True))
    owed: dict[int, list[Sheet]] = {}
    for sheet in sheets.with_year().order_by("department__ordinal", "id").distinct():
        owed.setdefault(sheet.year_id, []).append(sheet)
    return [
        YearAtWork(
            year=year,
            owed=len(owed.get(year.pk, ())),
            missing=tuple(
                sheet.department.name for sheet in owed.get(year.pk, ()) if sheet.pk in unsent
            ),
            late=sum(sheet.is_late for sheet in owed.get(year.pk, ())),
            today=today,
        )
        for year in chosen
    ]
