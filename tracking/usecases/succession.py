"""机构改革承接: the work of a unit that ends goes on in others, each task in one of them."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db.models import F, Max

from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.events import record
from accounts.models import Department, StoredFile, User
from accounts.succession import end_unit
from accounts.usecase import lock, refuse_unless, usecase
from accounts.usecases import refuse_future
from tracking.choices import STILL_OWED
from tracking.models import Assignment, Dispatch, Milestone, Sheet
from tracking.selectors.succession import Handing, preview_succession
from tracking.transitions import move


@usecase
def reorganise(
    *,
    department_id: int,
    main_id: int,
    choices: Mapping[int, int],
    effective_on: date,
    basis: str,
    by: User,
    at: datetime,
    now: datetime,
    today: date,
    shown: Collection[int] | None = None,
) -> Department:
    """End a unit and let others go on with its tasks: ``choices`` (assignment id → department id)
    where not the main one does. Whoever receives something gets a new dispatch.

    Where the successor stands on the measure already, the stronger role stays and the other ends as
    并入, so nobody leads and supports one task. ConflictError when nobody could review what a
    successor reports; StaleError when the tasks are no longer those that were ``shown``. ``now`` is
    the machine's own time, by which sessions and tokens of those who move end.
    """
    unit = lock(Department, department_id)
    authorize(by, "tracking.reorganise", unit)
    refuse_unless(unit.ended_on is None, f"{unit}已经由其他单位承接，请刷新后再看。")
    refuse_future(effective_on, today)
    if not basis.strip():
        raise InvalidError("请填写机构改革的依据（文件名称、文号）。")
    heirs = _heirs(unit, main_id, choices)
    main = heirs[main_id]
    list(Assignment.objects.filter(department=unit).select_for_update().values_list("pk"))
    chosen = {task: heirs[heir] for task, heir in choices.items()}
    preview = preview_succession(unit, main=main, chosen=chosen)
    tasks = {row.assignment.pk for row in preview.handings}
    if not set(choices) <= tasks or (shown is not None and set(shown) != tasks):
        raise StaleError("任务刚有变动，请重新预览后再确认。")
    if preview.unreviewed:
        names = "、".join(row.successor.name for row in preview.unreviewed)
        raise ConflictError(
            f"{names}填报的事项没有人可以审核（本单位的要回避），请先登记其他单位的审核人员。"
        )
    papers = _papers(unit, preview.handings, effective_on)
    for row in preview.handings:
        _hand(row, papers, unit, by=by, at=at)
    for dispatch in papers.values():
        record(
            dispatch,
            "issue",
            by=by,
            at=at,
            within=dispatch.edition,
            department=dispatch.department_id,
            note=f"承接自{unit}",
        )
    end_unit(
        unit,
        successors=dict.fromkeys([main, *(row.successor for row in preview.handings)]),
        main=main,
        effective_on=effective_on,
        basis=basis.strip(),
        today=today,
        by=by,
        now=now,
    )
    names = "、".join(dict.fromkeys([main.name, *(row.successor.name for row in preview.handings)]))
    note = f"{unit}由{names}承接，{effective_on:%Y年%-m月%-d日}起，依据：{basis.strip()}"
    for thing in dict.fromkeys([unit, main, *(row.successor for row in preview.handings)]):
        record(thing, "reorganise", by=by, at=at, district=unit.district_id, note=note)
    return unit


def _heirs(unit: Department, main_id: int, choices: Mapping[int, int]) -> dict[int, Department]:
    wanted = {main_id, *choices.values()}
    found = Department.objects.filter(district=unit.district_id).current().exclude(pk=unit.pk)
    heirs = found.select_for_update().in_bulk(wanted)
    if set(heirs) != wanted:
        raise InvalidError("承接单位要在本行政区的名录里选，不能是原单位或已撤销的单位。")
    return heirs


def _papers(
    unit: Department, handings: Collection[Handing], effective_on: date
) -> dict[tuple[int, int], Dispatch]:
    """Make a dispatch for each edition and unit that receives something."""
    wanted = dict.fromkeys(
        (row.assignment.measure.edition_id, row.successor.pk) for row in handings if row.is_kept
    )
    papers = {}
    for edition, heir in wanted:
        before = Dispatch.objects.filter(edition=edition, department=heir)
        papers[edition, heir] = Dispatch.objects.create(
            edition_id=edition,
            department_id=heir,
            issued_on=effective_on,
            serial=(before.aggregate(last=Max("serial"))["last"] or 0) + 1,
            taken_over_from=unit,
        )
    return papers


def _hand(
    row: Handing,
    papers: Mapping[tuple[int, int], Dispatch],
    unit: Department,
    *,
    by: User,
    at: datetime,
) -> None:
    """Let the successor's assignment go on: a new one like the unit's, or the one it has."""
    old, standing = row.assignment, row.standing
    if standing is not None and not row.is_kept:
        _merge(old, standing, by=by, at=at)
        return
    done_at, status = old.done_at, old.status
    through, gathered = old.reports_through, old.gathered_by
    if standing is not None:
        move(standing, "merge")
        standing.save(update_fields=["status"])
    move(old, "merge")
    old.save(update_fields=["status"])
    heir = Assignment.objects.create(
        dispatch=papers[old.measure.edition_id, row.successor.pk],
        measure=old.measure,
        department=row.successor,
        role=old.role,
        reports_through=None if through == standing else through,
        gathered_by=None if gathered == standing else gathered,
        status=status,
        done_at=done_at,
    )
    record(heir, "take_over", by=by, at=at, department=heir.department_id, note=f"承接自{unit}")
    for ended in filter(None, (old, standing)):
        _continue(ended, heir, by=by, at=at)


def _merge(ended: Assignment, kept: Assignment, *, by: User, at: datetime) -> None:
    move(ended, "merge")
    _continue(ended, kept, by=by, at=at)


def _continue(ended: Assignment, kept: Assignment, *, by: User, at: datetime) -> None:
    """Give what the ended assignment owed, its reports and followers to the one that goes on."""
    _take_followers(ended, kept)
    twins = {_what_of(row): row for row in kept.milestones.all()}
    for milestone in Milestone.objects.filter(assignment=ended).order_by("id"):
        twin = twins.get(_what_of(milestone))
        if twin is None:
            _move_milestone(milestone, kept)
        else:
            _drop_milestone(milestone, twin)
    ended.continued_by = kept
    ended.version += 1
    ended.save(update_fields=["status", "continued_by", "version"])
    record(
        ended,
        "merge",
        by=by,
        at=at,
        department=ended.department_id,
        data={"unit": kept.department.name},
    )


def _take_followers(ended: Assignment, kept: Assignment) -> None:
    """Let those that report through the ended one, or are summed up by it, go on with the other."""
    others = Assignment.objects.exclude(pk__in=(kept.pk, ended.pk))
    newer = F("version") + 1
    others.filter(gathered_by=ended).update(gathered_by=kept, version=newer)
    if ended.reports_through_id is None:
        others.filter(reports_through=ended).update(reports_through=kept, version=newer)
    if kept.gathered_by_id == ended.pk or (
        kept.reports_through_id is not None and ended.reports_through_id is None
    ):
        kept.reports_through = kept.gathered_by = None
        kept.version += 1
        kept.save(update_fields=["reports_through", "gathered_by", "version"])


def _what_of(milestone: Milestone) -> tuple[str, int | None, int | None, str]:
    """Return what a milestone is owed for; two of one assignment never owe the same."""
    return milestone.kind, milestone.deadline_id, milestone.recurrence_id, milestone.period


def _move_milestone(milestone: Milestone, kept: Assignment) -> None:
    """Give the milestone with its reports and evidence to the unit, on its own sheet."""
    StoredFile.objects.filter(
        evidence__submission__milestone=milestone, department=milestone.department_id
    ).update(department=kept.department_id)
    if milestone.sheet is not None:
        milestone.sheet, _ = Sheet.objects.get_or_create(
            year=milestone.sheet.year, department=kept.department
        )
    milestone.assignment, milestone.department = kept, kept.department
    milestone.version += 1
    milestone.save(update_fields=["assignment", "department", "sheet", "version"])


def _drop_milestone(milestone: Milestone, twin: Milestone) -> None:
    """Cancel what the unit that goes on owes already, unless its report is being looked at."""
    Milestone.objects.filter(gathered_by=milestone).exclude(pk=twin.pk).update(gathered_by=twin)
    if twin.gathered_by_id == milestone.pk:
        Milestone.objects.filter(pk=twin.pk).update(gathered_by=None)
    if milestone.status not in STILL_OWED:
        return
    refuse_unless(
        not milestone.submissions.waiting().exists(),
        f"{milestone.reference}有原单位已报送待审核的反馈，请先审核，再办理承接。",
    )
    move(milestone, "drop")
    milestone.version += 1
    milestone.save(update_fields=["status", "version"])
