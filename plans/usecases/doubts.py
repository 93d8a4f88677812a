"""核对: what a person answers to a doubt of a draft, and taking the answer back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from accounts.authorize import authorize
from accounts.choices import DepartmentKind
from accounts.errors import InvalidError
from accounts.events import record
from accounts.models import Department, DepartmentName, District, User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import (
    AS_COMMON,
    CONFIRMED_TOGETHER,
    STRENGTH,
    NameSort,
    ResponsibilityRole,
    Severity,
)
from plans.models import Correction, Doubt, Edition, Measure, Responsibility
from plans.usecases.drafts import open_draft, reopen, settle, units_of

AS_READ = "按识别结果确认"
NUMBER_LATER = "印发后，在交办时填写发文字号和印发日期"
WITHHELD = "不交办"
ON_UNITS = ("responsibilities", "department", "lead")


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that the register lacks."""

    name: str
    kind: DepartmentKind
    full_name: str = ""


@usecase
def settle_doubt(
    *,
    doubt_id: int,
    by: User,
    at: datetime,
    answer: str = "",
    unit: int | None = None,
    new_unit: NewUnit | None = None,
    leads: Sequence[int] = (),
    as_common: bool = False,
    expected_version: int | None = None,
) -> Doubt:
    """Answer a doubt of a draft; without an answer it is confirmed as read.

    An unknown unit needs ``unit`` (a department of the register, which remembers the name) or
    ``new_unit``. A measure without a lead needs ``leads`` (departments, the reporting one first),
    or an answer that says why it is not handed out, or ``as_common``: every unit answers for
    itself. ConflictError when it has been settled.
    """
    doubt = lock(Doubt, doubt_id)
    edition = open_draft(doubt.edition_id, by, expected_version)
    refuse_unless(doubt.severity != Severity.NOTE, "已更正的内容不需要处理。")
    refuse_unless(doubt.settled_at is None, "这一处已经处理过了，请刷新后再看。")
    answer = answer.strip()
    if doubt.code == "unknown_department":
        authorize(by, "accounts.manage_register")
        known = _unit(edition.plan.district, unit, new_unit, by=by, at=at)
        _link_unit(doubt, edition, known, by=by, at=at)
        answer = answer or f"即{known.name}"
    elif doubt.code == "no_lead" and leads:
        named = _name_leads(doubt, edition, leads, by=by, at=at)
        answer = answer or f"由{'、'.join(named)}牵头"
    elif doubt.code == "no_lead":
        if not answer and not as_common:
            raise InvalidError("请选择牵头单位，或者作为共性任务；不交办的，请写明理由。")
        answer = f"{WITHHELD}：{answer}" if answer else AS_COMMON
    elif doubt.code == "draft":
        answer = answer or NUMBER_LATER
    settle(doubt, edition, answer or AS_READ, by=by, at=at)
    doubt.save(update_fields=["settled_at", "settled_by", "answer"])
    return doubt


@usecase
def confirm_doubts(
    *, edition_id: int, code: str, by: User, at: datetime, expected_version: int | None = None
) -> Edition:
    """Confirm as read all doubts of a kind that are only to be checked, or that ask no more."""
    edition = open_draft(edition_id, by, expected_version)
    asked = edition.doubts.open().filter(code=code)
    if code not in CONFIRMED_TOGETHER:
        asked = asked.filter(severity=Severity.CHECK)
    confirm_as_read(asked, edition, by=by, at=at)
    return edition


def confirm_as_read(asked: Iterable[Doubt], edition: Edition, *, by: User, at: datetime) -> None:
    """Settle the doubts as read."""
    doubts = list(asked)
    for doubt in doubts:
        settle(doubt, edition, AS_READ, by=by, at=at)
    Doubt.objects.bulk_update(doubts, ["settled_at", "settled_by", "answer"])


@usecase
def reopen_doubt(
    *, doubt_id: int, by: User, at: datetime, expected_version: int | None = None
) -> Doubt:
    """Take an answer back together with what it changed in the reading."""
    doubt = lock(Doubt, doubt_id)
    edition = open_draft(doubt.edition_id, by, expected_version)
    refuse_unless(doubt.settled_at is not None, "这一处还没有处理。")
    corrections = list(doubt.corrections.standing())
    _refuse_overtaken(doubt, corrections)
    if doubt.code == "unknown_department":
        _unlink_unit(doubt, edition, corrections)
    elif corrections:
        _take_leads_back(doubt, corrections[-1])
    doubt.corrections.standing().update(undone_at=at, undone_by=by)
    reopen(doubt, edition, by=by, at=at)
    doubt.save(update_fields=["settled_at", "settled_by", "answer"])
    return doubt


def _refuse_overtaken(doubt: Doubt, corrections: Sequence[Correction]) -> None:
    """Refuse to take back an answer on which a person has built since."""
    if not corrections:
        return
    fields = ["responsibilities"] if doubt.code == "unknown_department" else ON_UNITS
    later = Correction.objects.standing().filter(
        measure__in=[row.measure_id for row in corrections],
        field__in=fields,
        pk__gt=max(row.pk for row in corrections),
    )
    refuse_unless(not later.exists(), "这里的责任单位之后又作了更正，请先撤销之后的更正。")


def _unit(
    district: District, unit: int | None, new_unit: NewUnit | None, *, by: User, at: datetime
) -> Department:
    if unit is not None:
        return units_of(district, [unit])[0]
    if new_unit is None or not new_unit.name.strip():
        raise InvalidError("请选择这是名录里的哪家单位，或者填写新增单位的名称和类别。")
    name, full_name = new_unit.name.strip(), new_unit.full_name.strip()
    for said in filter(None, (name, full_name)):
        if Department.objects.filter(district=district).named(said).exists():
            raise InvalidError(f"名录里已有“{said}”，请直接选择。")
    last = Department.objects.filter(district=district).aggregate(last=Max("ordinal"))["last"]
    made = Department.objects.create(
        district=district,
        name=name,
        full_name=full_name,
        kind=new_unit.kind,
        ordinal=(last or 0) + 1,
    )
    record(made, "add_department", by=by, at=at, district=district, note=name)
    return made


def names_like(doubt: Doubt, edition: Edition) -> list[Responsibility]:
    """Return the rows of the edition that name the unit of which the doubt speaks."""
    rows = Responsibility.objects.filter(measure__edition=edition, sort=NameSort.DEPARTMENT)
    asked = rows.filter(start=doubt.start, end=doubt.end).first()
    canonical = asked.canonical if asked else _removed_name(doubt)
    return list(rows.filter(canonical=canonical)) if canonical else []


def _removed_name(doubt: Doubt) -> str:
    """Return the name of which the doubt speaks where a correction has taken its row away."""
    measure = doubt.measure
    assert measure is not None
    span = (doubt.start - measure.start, doubt.end - measure.start)
    return next(
        (
            row["canonical"]
            for correction in measure.corrections.filter(field="responsibilities")
            for row in correction.before
            if (row["start"], row["end"]) == span
        ),
        "",
    )


def _link_unit(doubt: Doubt, edition: Edition, unit: Department, *, by: User, at: datetime) -> None:
    """Link every row of the name; where the unit stands already, its stronger role stays linked."""
    named = names_like(doubt, edition)
    asked = [row for row in named if row.department_id is None]
    others = {
        row.measure_id: row
        for row in Responsibility.objects.filter(measure__edition=edition, department=unit)
    }
    linked: dict[int, Responsibility] = {}
    for row in sorted(asked, key=lambda row: (STRENGTH[row.role], row.ordinal)):
        other = others.get(row.measure_id)
        weaker = other is None or STRENGTH[other.role] > STRENGTH[row.role]
        if row.measure_id not in linked and weaker:
            linked[row.measure_id] = row
    Responsibility.objects.filter(
        pk__in=[others[measure].pk for measure in linked if measure in others]
    ).update(department=None)
    Responsibility.objects.filter(pk__in=[row.pk for row in linked.values()]).update(
        department=unit
    )
    name = named[0].canonical if named else ""
    if name and not Department.objects.filter(district=edition.plan.district).named(name).exists():
        DepartmentName.objects.create(
            district=edition.plan.district, department=unit, name=name[:100]
        )
    Correction.objects.bulk_create(
        Correction(
            measure_id=row.measure_id,
            field="department",
            before={"name": row.name, "department": None},
            after={"name": row.name, "department": unit.name},
            by=by,
            at=at,
            doubt=doubt,
        )
        for row in linked.values()
    )


def _unlink_unit(doubt: Doubt, edition: Edition, corrections: Sequence[Correction]) -> None:
    measures = {correction.measure_id for correction in corrections}
    rows = [
        row
        for row in names_like(doubt, edition)
        if row.department is not None and row.measure_id in measures
    ]
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).update(department=None)
    for row in rows:
        _link_weaker(row)
    DepartmentName.objects.filter(
        district=edition.plan.district,
        name__in={row.canonical for row in rows},
        department__in={row.department_id for row in rows},
    ).delete()


def _link_weaker(row: Responsibility) -> None:
    """Link the row of the same unit under its own name that had to give way to this one."""
    unit = row.department
    assert unit is not None
    gave_way = Responsibility.objects.filter(
        measure=row.measure_id, department=None, canonical=unit.name
    ).first()
    if gave_way is not None:
        gave_way.department = unit
        gave_way.save(update_fields=["department"])


def _name_leads(
    doubt: Doubt, edition: Edition, leads: Sequence[int], *, by: User, at: datetime
) -> list[str]:
    """Make the departments lead the measure; return their names."""
    measure = doubt.measure
    assert measure is not None
    before = _roles(measure)
    standing = {row.department_id: row for row in measure.responsibilities.all()}
    ordinal = max((row.ordinal for row in standing.values()), default=0)
    units = units_of(edition.plan.district, leads)
    for unit in units:
        row = standing.get(unit.pk)
        if row is not None:
            row.role = ResponsibilityRole.LEAD
            row.save(update_fields=["role"])
            continue
        ordinal += 1
        Responsibility.objects.create(
            measure=measure,
            ordinal=ordinal,
            name=unit.name,
            canonical=unit.name,
            role=ResponsibilityRole.LEAD,
            sort=NameSort.DEPARTMENT,
            department=unit,
            start=measure.start,
            end=measure.end,
        )
    Correction.objects.create(
        measure=measure,
        field="lead",
        before=before,
        after=_roles(measure),
        by=by,
        at=at,
        doubt=doubt,
    )
    return [unit.name for unit in units]


def _take_leads_back(doubt: Doubt, correction: Correction) -> None:
    measure = doubt.measure
    assert measure is not None
    written = {row["department"]: row["role"] for row in correction.before}
    for row in measure.responsibilities.exclude(department=None):
        if row.department_id not in written:
            row.delete()
        elif row.role != written[row.department_id]:
            row.role = written[row.department_id]
            row.save(update_fields=["role"])


def _roles(measure: Measure) -> list[dict[str, Any]]:
    rows = measure.responsibilities.exclude(department=None).values_list("department", "role")
    return [{"department": department, "role": role} for department, role in rows]
