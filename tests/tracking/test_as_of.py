"""A past day asked of what has changed since: who carries a task out, and which figures count."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Department, User
from tests.conftest import NOON, TODAY
from tests.factories import DepartmentFactory, DispatchFactory, MilestoneFactory, SubmissionFactory
from tracking.models import Milestone
from tracking.usecases import reorganise

pytestmark = pytest.mark.usefixtures("demonstration_day")

BEFORE = "2017-11-19"


@pytest.fixture
def owed(bureau: Department) -> Milestone:
    return MilestoneFactory.create(
        department=bureau,
        due_on=date(2017, 6, 30),
        assignment__dispatch=DispatchFactory.create(department=bureau, issued_on=date(2016, 9, 12)),
    )


@pytest.fixture
def taken_over(owed: Milestone, bureau: Department, coordinator: User) -> Milestone:
    heir = DepartmentFactory.create(district=bureau.district, name="区司法局")
    reorganise(
        department_id=bureau.pk,
        main_id=heir.pk,
        choices={},
        effective_on=TODAY,
        basis="利党发〔2019〕1号",
        by=coordinator,
        at=NOON,
        now=NOON,
        today=TODAY,
    )
    return owed


def page(client: Client, path: str, **asked: str) -> str:
    return client.get(path, query_params=asked).content.decode()


def test_what_another_unit_took_over_stood_in_the_lists_before(
    client: Client, taken_over: Milestone, bureau: Department, coordinator: User
) -> None:
    client.force_login(coordinator)
    address = f'href="/milestones/{taken_over.pk}/"'

    assert address in page(client, "/milestones/", as_of=BEFORE)
    before = page(client, "/assignments/", as_of=BEFORE, state="overdue")
    now = page(client, "/assignments/")

    assert before.count(address) == 1
    assert f">{bureau}</td>" in before
    assert "已由区司法局承接" not in before
    assert now.count(address) == 1
    assert "已由区司法局承接" in now
    assert "截至当日应完成1个" in page(client, "/", as_of=BEFORE)


def test_nothing_stood_before_it_was_handed_out(
    client: Client, taken_over: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator)

    for path in ("/milestones/", "/assignments/"):
        shown = page(client, path, as_of="2016-09-11")
        assert "以下是2016年9月11日的情况" in shown
        assert "没有符合条件的" in shown
    assert "还没有交办的实施方案" in page(client, "/", as_of="2016-09-11")


def test_a_past_day_offers_nothing_to_do(
    client: Client, taken_over: Milestone, coordinator: User
) -> None:
    client.force_login(coordinator)

    for path in ("/", "/milestones/", "/assignments/", "/metrics/"):
        main = page(client, path, as_of=BEFORE).partition('<main id="main"')[2]
        assert 'method="post"' not in main
        assert "回到今天" in main


def test_liaisons_and_nonsense_get_their_page_of_today(
    client: Client, owed: Milestone, liaison: User, coordinator: User
) -> None:
    client.force_login(liaison)
    assert "以下是" not in page(client, "/", as_of=BEFORE)
    client.force_login(coordinator)
    for nonsense in ("", "2030-01-01", str(TODAY), "昨天", "2017-02-30"):
        assert "以下是" not in page(client, "/", as_of=nonsense)


@pytest.mark.parametrize("path", ["/", "/milestones/", "/assignments/"])
def test_a_past_day_asks_the_same_number_of_questions_at_any_length(
    client: Client, taken_over: Milestone, bureau: Department, coordinator: User, path: str
) -> None:
    client.force_login(coordinator)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(client, path, as_of=BEFORE)
        return len(asked)

    few = questions()
    for _ in range(5):
        row = MilestoneFactory.create(
            department__district=bureau.district,
            assignment__measure__edition=taken_over.assignment.measure.edition,
            assignment__dispatch__issued_on=date(2016, 9, 12),
        )
        SubmissionFactory.create(milestone=row, accepted=True)

    assert questions() == few
