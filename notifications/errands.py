"""What a digest says beside single milestones: sheets, papers to sign for, reports to decide on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Model, Q
from django.utils import timezone

from accounts.links import absolute
from accounts.models import Department, User
from accounts.scope import scope_of
from notifications.matters import Group, Item, Matters
from notifications.wording import on, short_title, weekday
from plans.models import Plan
from plans.typography import full_width
from tracking.choices import MilestoneStatus, SubmissionStatus, WorkStatus
from tracking.models import Dispatch, Milestone, Sheet, Submission

M = TypeVar("M", bound=Model)
OPEN = Q(milestones__status=MilestoneStatus.OPEN)
FILLED = OPEN & Q(milestones__submissions__work_status__in=WorkStatus.values)


@dataclass(frozen=True, slots=True)
class Errand:
    """One person's groups of things to be done, and the plans they come from."""

    groups: list[Group]
    plans: list[Plan]


class Errands:
    """What some people have to do beside single milestones, as it is now: read at once."""

    def __init__(self, wanted: Collection[Matters], *, today: date) -> None:
        def ids(*places: str) -> set[int]:
            return {pk for row in wanted for place in places for pk in getattr(row, place)}

        self._today = today
        self._sheets = _sheets(ids("sheets", "sheets_to_sign", "sheets_to_review"))
        self._papers = _dispatches(ids("dispatches"))
        self._to_sign = _reports(ids("to_sign"), SubmissionStatus.SIGN_OFF)
        self._to_review = _reports(ids("to_review"), SubmissionStatus.SUBMITTED)

    @property
    def units(self) -> set[int]:
        """Ids of the units whose own they are."""
        own = {row.department_id for row in self._sheets}
        own |= {row.department_id for row in self._papers}
        return own | {row.milestone.department_id for row in self._to_sign}

    def of(self, person: User, matters: Matters) -> Errand:
        """Group one person's; a group without units is not the person's own to report."""
        mine = scope_of(person).departments
        today = self._today
        sheets = _among(self._sheets, matters.sheets)
        signing = _among(self._sheets, matters.sheets_to_sign)
        reviewing = _among(self._sheets, matters.sheets_to_review)
        papers = _among(self._papers, matters.dispatches)
        own = [paper for paper in papers if paper.department_id in mine]
        others = [paper for paper in papers if paper.department_id not in mine]
        to_sign = [row for row in self._to_sign if row.milestone_id in set(matters.to_sign)]
        to_review = [row for row in self._to_review if row.milestone_id in set(matters.to_review)]
        groups = [
            _group("集中填报表{}张", [_sheet_item(row, today) for row in sheets], sheets),
            _group("交办单待签收{}份", [_paper_item(row, today) for row in own], own),
            _group(
                "待审签{}件",
                [
                    *(_signing_item(row) for row in to_sign),
                    *(_sheet_to_sign(row) for row in signing),
                ],
                [*(row.milestone for row in to_sign), *signing],
            ),
            _group(
                "待审核{}件",
                [
                    *(_review_item(row, today) for row in to_review),
                    *(_sheet_to_review(row) for row in reviewing),
                ],
                [],
            ),
            _group("{}家单位未签收交办单", [_unsigned_item(row, today) for row in others], []),
        ]
        plans = [row.year.plan for row in (*sheets, *signing, *reviewing)]
        plans += [row.edition.plan for row in papers]
        plans += [row.milestone.plan for row in (*to_sign, *to_review)]
        return Errand([group for group in groups if group.items], plans)


class OpeningSheets:
    """The next sheets of some units that are not open yet: one query."""

    def __init__(self, units: Collection[int], *, today: date) -> None:
        rows = Sheet.objects.filter(
            department__in=units,
            year__opens_on__gt=today,
            year__year=today.year,
            milestones__status=MilestoneStatus.OPEN,
        )
        self._today = today
        self._rows = list(rows.select_related("year").order_by("year__opens_on", "id").distinct())

    def words(self, units: Collection[Department]) -> str:
        """Say from which day the next sheet of the units is open; "" where none is near."""
        ids = {unit.pk for unit in units}
        soon = next((row for row in self._rows if row.department_id in ids), None)
        if soon is None:
            return ""
        year = soon.year
        name = f"《{year.year}年度集中填报表》"
        return f"{on(year.opens_on, self._today)}起开放{name}，一次填完、一次审签。"


def _among(rows: Sequence[M], ids: Collection[int]) -> list[M]:
    wanted = set(ids)
    return [row for row in rows if row.pk in wanted]


def _group(heading: str, items: list[Item], owed: Sequence[Sheet | Dispatch | Milestone]) -> Group:
    return Group(heading.format(len(items)), len(items), items, [row.department for row in owed])


def _sheets(ids: Collection[int]) -> list[Sheet]:
    rows = Sheet.objects.filter(pk__in=ids).select_related(
        "department__district", "year__plan__district"
    )
    return list(
        rows.annotate(
            row_count=Count("milestones", OPEN, distinct=True),
            filled=Count("milestones", FILLED, distinct=True),
        ).order_by("year__closes_on", "id")
    )


def _dispatches(ids: Collection[int]) -> list[Dispatch]:
    rows = Dispatch.objects.filter(pk__in=ids).select_related(
        "department__district", "edition__plan__district"
    )
    return list(rows.defer("edition__text", "edition__places").order_by("issued_on", "id"))


def _reports(ids: Collection[int], status: SubmissionStatus) -> list[Submission]:
    rows = Submission.objects.filter(milestone__in=ids, status=status).select_related(
        "milestone__assignment__measure__edition",
        "milestone__department__district",
        "milestone__plan__district",
        "author",
    )
    deferred = rows.defer(
        "milestone__assignment__measure__edition__text",
        "milestone__assignment__measure__edition__places",
    )
    return list(deferred.order_by("milestone__due_on", "id"))


def _name(sheet: Sheet) -> str:
    return f"《{sheet.year.year}年度集中填报表》"


def _sheet_item(sheet: Sheet, today: date) -> Item:
    year = sheet.year
    filled: int = sheet.filled  # type: ignore[attr-defined]
    rows: int = sheet.row_count  # type: ignore[attr-defined]
    state = f"已填{filled}/{rows}行"
    if sheet.submitted_at is not None:
        title, line = "有退回补正的行", "请打开表格，修改退回的行后再次报送。"
    elif year.closes_on < today:
        title = f"{on(year.closes_on, today)}已截止，{state}"
        line = f"已过截止日{(today - year.closes_on).days}天，请尽快填完、审签后报送。"
    else:
        title = f"{on(year.closes_on, today)}截止，{state}"
        line = f"请于{on(year.closes_on, today)}（{weekday(year.closes_on)}）前报送。"
        if year.opens_on == today or not filled:
            line = f"{on(year.opens_on, today)}起开放，一次填完、一次审签。{line}"
    return Item(_name(sheet), title, [line], "填报", absolute("tracking:sheet", sheet.pk))


def _sheet_to_sign(sheet: Sheet) -> Item:
    line = "填写内容已送您审签，尚未报送。"
    return Item(_name(sheet), "待审签", [line], "查看", absolute("tracking:sheet", sheet.pk))


def _sheet_to_review(sheet: Sheet) -> Item:
    line = "已报送，等待审核。"
    return Item(
        sheet.department.name,
        _name(sheet),
        [line],
        "审核",
        absolute("tracking:sheet-review", sheet.pk),
    )


def _paper_item(paper: Dispatch, today: date) -> Item:
    return Item(
        "交办单",
        f"《{full_width(paper.edition.plan.title)}》任务交办单",
        [f"{on(paper.issued_on, today)}交办，尚未签收，请登录签收。"],
        "签收",
        absolute("tracking:dispatch", paper.pk),
    )


def _unsigned_item(paper: Dispatch, today: date) -> Item:
    return Item(
        paper.department.name,
        f"{short_title(paper.edition.plan)}任务交办单",
        [f"{on(paper.issued_on, today)}交办，尚未签收，请电话提醒。"],
        "查看",
        absolute("tracking:dispatch", paper.pk),
    )


def _signing_item(report: Submission) -> Item:
    milestone = report.milestone
    return Item(
        milestone.reference,
        full_width(milestone.what).strip("，。；、"),
        [f"反馈稿由{report.author.name}填写，已送您审签，尚未报送。"],
        "查看",
        absolute("tracking:submission", report.pk),
    )


def _review_item(report: Submission, today: date) -> Item:
    milestone = report.milestone
    assert report.submitted_at is not None
    sent = on(timezone.localdate(report.submitted_at), today)
    return Item(
        milestone.reference,
        full_width(milestone.what).strip("，。；、"),
        [f"{milestone.department.name}{sent}报送，还没有审核。"],
        "审核",
        absolute("tracking:review", report.pk),
    )
