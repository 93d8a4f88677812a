"""领导批示 stands on top until it is answered; calls are put on record."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from accounts.choices import DepartmentKind, Role
from accounts.errors import ConflictError, ForbiddenError, InvalidError
from accounts.models import Department, Event, User
from tests.conftest import NOON, TODAY
from tests.factories import AssignmentFactory, DepartmentFactory, MilestoneFactory, member
from tests.tracking.reporting import url
from tests.tracking.test_query_counts import questions
from tracking.models import Instruction, Milestone
from tracking.usecases import answer_instruction, record_call, record_instruction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demonstration_day")]
WORDS = "请发改局说明原因，月底前办结。"


def instruct(milestone: Milestone, by: User, **changed: Any) -> Instruction:
    given: dict[str, Any] = {
        "leader": "马××",
        "given_on": TODAY,
        "words": WORDS,
        "addressed_to": milestone.department_id,
        "answer_by": date(2017, 11, 30),
        "today": TODAY,
    }
    return record_instruction(
        assignment_id=milestone.assignment_id, by=by, at=NOON, **(given | changed)
    )


def shown(client: Client, user: User, address: str) -> str:
    client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_leaders_words_stand_on_top_until_they_are_answered(
    client: Client, milestone: Milestone, liaison: User, coordinator: User, supervisor: User
) -> None:
    row = instruct(milestone, supervisor)

    for person, address in ((liaison, "/my-work/"), (liaison, "/"), (coordinator, "/")):
        assert WORDS in shown(client, person, address)
    client.force_login(liaison)
    answer = client.post(
        f"/instructions/{row.pk}/answer/", {"answer": "已于今日公布清单", "expected_version": "1"}
    )
    assert answer.status_code == 302
    for person, address in ((liaison, "/my-work/"), (coordinator, "/")):
        assert WORDS not in shown(client, person, address)
    page = shown(client, liaison, f"/assignments/{milestone.assignment_id}/")
    assert "已于今日公布清单" in page
    assert "马××2017年11月20日批示" in page
    with pytest.raises(ConflictError, match="已经回复"):
        answer_instruction(instruction_id=row.pk, answer="再答", by=liaison, at=NOON)


def test_the_page_records_a_leaders_words_with_the_scan(
    client: Client, milestone: Milestone, supervisor: User
) -> None:
    client.force_login(supervisor)
    form = {
        "leader": "马××",
        "given_on": "2017-11-20",
        "words": WORDS,
        "addressed_to": milestone.department_id,
        "scan": SimpleUploadedFile("批示.pdf", b"%PDF-1.4 scan"),
    }

    answer = client.post(f"/assignments/{milestone.assignment_id}/instruct/", form)

    assert answer.status_code == 302
    row = Instruction.objects.get()
    assert row.scan is not None
    assert row.scan.name == "批示.pdf"
    del form["scan"]
    wrong = client.post(
        f"/assignments/{milestone.assignment_id}/instruct/", form | {"given_on": "2017-11-21"}
    )
    assert wrong.status_code == 400
    assert "批示日期不能晚于今天" in wrong.content.decode()
    assert WORDS in wrong.content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"leader": " "}, "批示领导和批示内容"),
        ({"words": "绝密★"}, "密级"),
        ({"answer_by": date(2017, 11, 19)}, "不能早于批示日期"),
        ({"addressed_to": 0}, "承办这项任务的单位"),
    ],
)
def test_a_record_says_who_what_and_to_whom(
    milestone: Milestone, supervisor: User, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InvalidError, match=sentence):
        instruct(milestone, supervisor, **changed)


def test_words_to_a_partner_are_answered_on_its_own_page(
    client: Client, milestone: Milestone, supervisor: User, liaison: User, outsider: User
) -> None:
    partner = AssignmentFactory.create(
        measure=milestone.assignment.measure,
        department__district=milestone.department.district,
        reports_through=milestone.assignment,
    )
    helper = member(partner.department, Role.LIAISON)
    row = instruct(milestone, supervisor, addressed_to=partner.department_id)

    assert f"/assignments/{partner.pk}/" in shown(client, helper, "/my-work/")
    assert WORDS in shown(client, helper, f"/assignments/{partner.pk}/")
    with pytest.raises(ForbiddenError):
        answer_instruction(instruction_id=row.pk, answer="代答", by=liaison, at=NOON)
    client.force_login(outsider)
    assert client.post(f"/instructions/{row.pk}/answer/", {"answer": "x"}).status_code == 404
    with pytest.raises(ForbiddenError):
        instruct(milestone, liaison)


def test_a_call_is_one_click_and_stands_on_the_milestone(
    client: Client, milestone: Milestone, supervisor: User, liaison: User, outsider: User
) -> None:
    client.force_login(supervisor)

    answer = client.post(f"{url(milestone)}call/", {"back": "calls"})

    assert answer.headers["Location"] == "/calls/"
    assert Event.objects.get(action="call").data["unit"] == milestone.department.name
    assert f"已电话催办{milestone.department}" in client.get(url(milestone)).content.decode()

    client.force_login(outsider)
    assert client.post(f"{url(milestone)}call/").status_code == 404
    with pytest.raises(ForbiddenError):
        record_call(milestone_id=milestone.pk, person="", by=liaison, at=NOON)


@pytest.fixture
def overdue(milestone: Milestone) -> Milestone:
    late: Milestone = MilestoneFactory.create(
        department=milestone.department, due_on=date(2017, 6, 30)
    )
    return late


def test_the_list_names_unit_people_telephone_item_and_days(
    client: Client, overdue: Milestone, liaison: User, supervisor: User
) -> None:
    User.objects.filter(pk=liaison.pk).update(phone="0953-2012345")

    html = shown(client, supervisor, "/calls/")
    book = load_workbook(BytesIO(client.get("/calls.xlsx").content))

    assert "0953-2012345" in html
    assert "逾期143天" in html
    heads, first, *_ = book["电话催办名单"].iter_rows(values_only=True)
    assert heads[:3] == ("单位", "联络员", "电话")
    assert first[:3] == (overdue.department.name, liaison.name, "0953-2012345")
    assert first[5] == "逾期143天"


def test_the_words_for_the_group_leave_out_party_organs_and_who_is_mending(
    client: Client, overdue: Milestone, bureau: Department, supervisor: User
) -> None:
    organ = DepartmentFactory.create(district=bureau.district, kind=DepartmentKind.PARTY)
    MilestoneFactory.create(department=organ, due_on=date(2017, 6, 30))

    html = shown(client, supervisor, "/calls/")

    words = html[html.index('id="group-words"') : html.index("</textarea>")]
    assert f"{bureau.name}：{overdue.reference}" in words
    assert "已逾期143天" in words
    assert organ.name not in words
    assert "没有写入的1项" in html


def test_units_do_not_see_the_list(client: Client, liaison: User, outsider: User) -> None:
    for person in (liaison, outsider):
        client.force_login(person)
        assert client.get("/calls/").status_code == 403
        assert client.get("/calls.xlsx").status_code == 403


def test_longer_lists_ask_no_more_questions(
    client: Client, milestone: Milestone, supervisor: User, coordinator: User, liaison: User
) -> None:
    def grow(count: int) -> None:
        for _ in range(count):
            row = MilestoneFactory.create(department=milestone.department, due_on=date(2017, 6, 1))
            record_call(milestone_id=row.pk, person="", by=supervisor, at=NOON)
            instruct(row, supervisor)

    def asked() -> list[int]:
        found = []
        for person, address in (
            (supervisor, "/calls/"),
            (coordinator, "/"),
            (liaison, "/my-work/"),
        ):
            client.force_login(person)
            found.append(questions(client, address))
        return found

    grow(2)
    few = asked()
    grow(4)

    assert asked() == few
