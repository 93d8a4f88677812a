"""联络员登记表: checked line by line, nothing half-applied."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.choices import Role
from accounts.errors import ForbiddenError, InvalidError
from accounts.models import Department, DepartmentName, Event, Membership, SignInCode, User
from accounts.roster import CheckedRow, RosterRow, check_rows, roster_rows, roster_workbook
from accounts.usecases import enrol
from tests.conftest import NOON, TODAY
from tests.factories import member

HEAD = "单位\t姓名\t角色\t电话\t电子邮箱\t用户名\t分管单位"


def row(bureau: Department, **changes: object) -> RosterRow:
    values = {"line": 2, "unit": bureau.name, "name": "钱××", "phone": "0953-2010001"}
    return RosterRow(**(values | changes))  # type: ignore[arg-type]


def check(by: User, *rows: RosterRow) -> list[CheckedRow]:
    return check_rows(rows, districts={by.memberships.get().department.district_id}, by=by)


def register(by: User, *rows: RosterRow) -> list[SignInCode]:
    return enrol(rows=rows, by=by, at=NOON, now=NOON, today=TODAY)


def test_the_form_lists_the_units_and_the_roles() -> None:
    book = load_workbook(BytesIO(roster_workbook(["区发改局", "=1+1"])))

    sheet = book["联络员登记表"]
    assert [cell.value for cell in sheet[1]] == HEAD.split("\t")
    formulas = [pick.formula1 for pick in sheet.data_validations.dataValidation]
    assert formulas == ["名录!$A$1:$A$2", '"联络员,审签领导,副职（受委托签发人）,领导查阅"']
    assert (book["名录"]["A2"].value, book["名录"]["A2"].data_type) == ("=1+1", "s")


def test_rows_are_read_below_the_head_in_any_order_of_columns() -> None:
    lines = [(1, "利通区"), (3, "姓名\t单位\t电话"), (4, "钱××\t区发改局\t1"), (6, "孙××")]

    assert roster_rows(lines) == [
        RosterRow(4, unit="区发改局", name="钱××", phone="1"),
        RosterRow(6, name="孙××"),
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([(1, "钱××\t区发改局")], "没有找到表头"),
        ([(1, HEAD)], "表里没有人员"),
        ([(1, HEAD), *((n, "a\tb") for n in range(2, 600))], "最多登记500人"),
    ],
)
def test_a_form_that_says_nothing_is_refused(lines: list[tuple[int, str]], words: str) -> None:
    with pytest.raises(InvalidError, match=words):
        roster_rows(lines)


def test_all_of_the_form_is_registered_with_codes_to_print(
    bureau: Department, coordinator: User
) -> None:
    DepartmentName.objects.create(district=bureau.district, department=bureau, name="一局")
    codes = register(
        coordinator,
        row(bureau, unit="一局", email="q@example.org"),
        row(bureau, line=3, name="孙××", role="审签领导", phone="", username="Sun"),
    )

    assert [code.user.username for code in codes] == ["09532010001", "sun"]
    assert all(code.secret for code in codes)
    seats = Membership.objects.filter(department=bureau).values_list("user__name", "role")
    assert set(seats) == {("钱××", Role.LIAISON), ("孙××", Role.HEAD)}
    assert Event.objects.filter(action="enrol").count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": ""}, "没有填单位"),
        ({"unit": "区某某某局"}, "名录里没有“区某某某局”"),
        ({"name": ""}, "没有填姓名"),
        ({"phone": ""}, "没有填电话"),
        ({"role": "系统管理员"}, "角色只能填联络员、审签领导"),
        ({"email": "不是邮箱"}, "写得不对"),
        ({"name": "很" * 41}, "超过40个字"),
    ],
)
def test_each_line_says_what_is_wrong_with_it(
    bureau: Department, coordinator: User, changes: dict[str, str], words: str
) -> None:
    [entry] = check(coordinator, row(bureau, **changes))

    assert any(words in problem for problem in entry.problems)


def test_one_bad_line_lets_nobody_in(bureau: Department, coordinator: User) -> None:
    with pytest.raises(InvalidError, match="第3行：没有填姓名"):
        register(coordinator, row(bureau), row(bureau, line=3, name="", phone="1"))

    assert not User.objects.filter(name="钱××").exists()


def test_two_lines_with_one_username_are_named(bureau: Department, coordinator: User) -> None:
    _, second = check(coordinator, row(bureau), row(bureau, line=7, name="孙××"))

    assert "与第2行相同" in second.problems[0]


def test_whoever_is_registered_is_not_registered_again(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    again = row(bureau, name=liaison.name, username=liaison.username, phone="")
    [entry] = check(coordinator, again)

    assert (entry.is_known, entry.problems) == (True, [])
    assert register(coordinator, again) == []
    assert liaison.memberships.count() == 1


def test_a_second_role_is_added_to_a_known_person(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    register(
        coordinator,
        row(bureau, name=liaison.name, username=liaison.username, role="审签领导"),
    )

    assert set(liaison.memberships.values_list("role", flat=True)) == {Role.LIAISON, Role.HEAD}


def test_a_taken_username_and_an_administrator_stop_the_line(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    administrator = member(bureau, Role.SYSTEM_ADMIN)
    taken = row(bureau, username=liaison.username)
    admin = row(bureau, line=3, name=administrator.name, username=administrator.username)

    first, second = check(coordinator, taken, admin)

    assert "已由" in first.problems[0]
    assert "不能由登记表改动" in second.problems[0]


def test_a_liaison_who_is_there_is_told_of(
    bureau: Department, liaison: User, coordinator: User
) -> None:
    [entry] = check(coordinator, row(bureau))

    assert entry.problems == []
    assert f"已有联络员{liaison.name}" in entry.remarks[0]


def test_units_of_another_district_are_not_known(
    bureau: Department, coordinator: User, outsider: User
) -> None:
    elsewhere = outsider.memberships.get().department

    [entry] = check(coordinator, row(elsewhere))

    assert "名录里没有" in entry.problems[0]


@pytest.mark.parametrize("who", ["liaison", "supervisor", "viewer"])
def test_only_a_coordinator_registers_by_form(
    bureau: Department, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(ForbiddenError):
        register(request.getfixturevalue(who), row(bureau))
