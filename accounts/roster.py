"""联络员登记表: a workbook of who is what in which unit, out and in, checked line by line."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO

import rules
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.choices import Role
from accounts.errors import InvalidError
from accounts.models import Department, DepartmentName, Membership, User
from accounts.scope import keep_scopes
from accounts.usecases.people import NewPerson

HEADS = {
    "单位": "unit",
    "姓名": "name",
    "角色": "role",
    "电话": "phone",
    "电子邮箱": "email",
    "用户名": "username",
    "分管单位": "charges",
}
WIDTHS = (28, 14, 22, 18, 28, 16, 40)
ROLES = {str(role.label): role for role in (Role.LIAISON, Role.HEAD, Role.DEPUTY, Role.VIEWER)}
SEPARATORS = re.compile("[、，,；;]")
MOST_ROWS = 500
ROWS_PREPARED = 300


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One line of the workbook as it was typed."""

    line: int
    unit: str = ""
    name: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    username: str = ""
    charges: str = ""

    @property
    def newcomer(self) -> NewPerson:
        """The person of the line."""
        return NewPerson(self.name, self.phone, self.email, self.username)


@dataclass(slots=True)
class CheckedRow:
    """A line with what the register says to it: what stops it, and what is worth knowing."""

    row: RosterRow
    department: Department | None
    role: Role
    person: User | None = None
    is_known: bool = False
    charges: list[Department] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def roster_workbook(units: Sequence[str]) -> bytes:
    """Return the empty form: the units and the roles are picked from lists."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "联络员登记表"
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True), start=1):
        cell = sheet.cell(1, column, head)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row in range(2, ROWS_PREPARED + 2):
        sheet.cell(row, 4).number_format = "@"
        sheet.cell(row, 6).number_format = "@"
    names = book.create_sheet("名录")
    names.sheet_state = "hidden"
    for number, unit in enumerate(units, start=1):
        names.cell(number, 1, unit).data_type = "s"
    picks = [("A", f"名录!$A$1:$A${max(len(units), 1)}"), ("C", f'"{",".join(ROLES)}"')]
    for letter, formula in picks:
        pick = DataValidation(type="list", formula1=formula, allow_blank=True)
        pick.error = "请从列表中选择。"
        sheet.add_data_validation(pick)
        pick.add(f"{letter}2:{letter}{ROWS_PREPARED + 1}")
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def roster_rows(lines: Iterable[tuple[int, str]]) -> list[RosterRow]:
    """Return the rows below the head, from numbered lines whose cells are parted by tabs."""
    columns: dict[str, int] = {}
    rows: list[RosterRow] = []
    for number, line in lines:
        cells = [cell.strip() for cell in line.split("\t")]
        if not columns:
            if {"单位", "姓名"} <= set(cells):
                columns = {HEADS[head]: at for at, head in enumerate(cells) if head in HEADS}
            continue
        typed = {key: cells[at] for key, at in columns.items() if at < len(cells)}
        if any(typed.values()):
            rows.append(RosterRow(number, *(typed.get(key, "") for key in HEADS.values())))
    if not columns:
        raise InvalidError("没有找到表头：第一行要有“单位”“姓名”等栏目。请下载登记表，填好再上传。")
    if not rows:
        raise InvalidError("表里没有人员，请从第二行起每人填一行。")
    if len(rows) > MOST_ROWS:
        raise InvalidError(f"一次最多登记{MOST_ROWS}人，请分几次上传。")
    return rows


def check_rows(
    rows: Sequence[RosterRow], *, districts: Collection[int], by: User
) -> list[CheckedRow]:
    """Say of each line what stops it; a fixed number of queries, however many lines."""
    units = _units(districts)
    checked = [_of_register(row, units) for row in rows]
    names = [row.newcomer.signs_in_as for row in rows]
    people = {person.username: person for person in User.objects.filter(username__in=names)}
    keep_scopes(list(people.values()))
    found = {entry.department.pk for entry in checked if entry.department}
    seats = set(
        Membership.objects.active()
        .filter(department__in=found)
        .values_list("department", "role", "user__username", "user__name")
    )
    first_line: dict[str, int] = {}
    for entry, username in zip(checked, names, strict=True):
        if username and first_line.setdefault(username, entry.row.line) != entry.row.line:
            entry.problems.append(
                f"用户名（电话）与第{first_line[username]}行相同，请改一个；一人兼两职的只填一行。"
            )
        person = people.get(username)
        if person is not None:
            _compare(entry, person, by)
        if entry.department is not None:
            _look_around(entry, entry.department.pk, username, seats)
    return checked


def _units(districts: Collection[int]) -> dict[str, Department]:
    """Return the units of the districts by every name they have."""
    known = list(Department.objects.filter(district__in=districts).current())
    by_id = {unit.pk: unit for unit in known}
    others = DepartmentName.objects.filter(department__in=by_id).values_list("name", "department")
    units = {name: by_id[pk] for name, pk in others}
    units |= {unit.full_name: unit for unit in known if unit.full_name}
    return units | {unit.name: unit for unit in known}


def _of_register(row: RosterRow, units: dict[str, Department]) -> CheckedRow:
    """Look the unit and the role up, and see that the line is whole."""
    entry = CheckedRow(row, units.get(row.unit), ROLES.get(row.role, Role.LIAISON))
    if not row.unit:
        entry.problems.append("没有填单位。")
    elif entry.department is None:
        near = get_close_matches(row.unit, units, n=1)
        hint = f"，是不是“{near[0]}”" if near else ""
        entry.problems.append(f"单位名录里没有“{row.unit}”{hint}。请从下拉列表里选。")
    if row.role and row.role not in ROLES:
        entry.problems.append(f"角色只能填{'、'.join(ROLES)}，不填按联络员。")
    if not row.name:
        entry.problems.append("没有填姓名。")
    _look_up_charges(entry, units)
    if not row.newcomer.signs_in_as:
        entry.problems.append("没有填电话，也没有填用户名，登录时无从辨认。")
    for label, text, most in (("姓名", row.name, 40), ("电话", row.phone, 40)):
        if len(text) > most:
            entry.problems.append(f"{label}超过{most}个字，请检查是不是填错了栏。")
    if row.email:
        try:
            validate_email(row.email)
        except ValidationError:
            entry.problems.append(f"电子邮箱“{row.email}”写得不对。")
    return entry


def _look_up_charges(entry: CheckedRow, units: dict[str, Department]) -> None:
    """Look up the units that a leader is in charge of, parted by 、 or a comma."""
    names = [name.strip() for name in SEPARATORS.split(entry.row.charges) if name.strip()]
    if names and entry.role != Role.VIEWER:
        entry.problems.append(f"“分管单位”只有{Role.VIEWER.label}填写。")
        return
    entry.charges = [units[name] for name in names if name in units]
    if unknown := [name for name in names if name not in units]:
        entry.problems.append(f"分管单位里，单位名录没有{'、'.join(unknown)}。")


def _compare(entry: CheckedRow, person: User, by: User) -> None:
    """Take the line for somebody who is registered, or say whose name it is."""
    if person.name != entry.row.name:
        entry.problems.append(f"用户名“{person.username}”已由{person.name}使用，请另填用户名。")
    elif not rules.has_perm("accounts.change_contact", by, person):
        entry.problems.append(f"{person.name}已有账号，其任职不能由登记表改动。")
    else:
        entry.person = person


def _look_around(
    entry: CheckedRow, unit: int, username: str, seats: set[tuple[int, str, str, str]]
) -> None:
    """Say who stands in the unit already."""
    if entry.person and (unit, entry.role.value, username, entry.person.name) in seats:
        entry.is_known = True
        entry.remarks.append("已经登记过，不重复登记。")
        return
    others = sorted(
        name
        for department, role, other, name in seats
        if department == unit and role == entry.role == Role.LIAISON and other != username
    )
    if others:
        entry.remarks.append(
            f"已有联络员{'、'.join(others)}，本次增加一名；是换人的，请用“更换联络员”。"
        )
    if entry.person and not entry.problems:
        entry.remarks.append("已有账号，只增加任职。")
