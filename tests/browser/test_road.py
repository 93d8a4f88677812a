"""The whole road in a real browser, with and without JavaScript: from the file to the reminder."""

import json
import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.usecases import fill_calendar, load_register
from config.demo import people, play
from notifications.tick import tick
from tests.browser.steps import Desks, go_to
from tests.conftest import SHANGHAI

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DATED = "第1项（4）"
CLAUSE = "实施在线监测并向社会公开"
"""What its deadline binds; the yearly sheet asks for the same measure once more."""
ALL_UNITS = 42
"""The thirty that the plan names, and those that answer for the common duties besides."""
MONDAY_MORNING = datetime(2017, 11, 20, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def office(on_demo_day: None) -> None:
    """A district with its units, people and calendar, and no plan yet."""
    play.begin(at=MONDAY_MORNING)
    register = json.loads(play.REGISTER.read_text(encoding="utf-8"))
    district = load_register(data=register, by=None, at=MONDAY_MORNING).district
    play.appoint(district=district, at=MONDAY_MORNING)
    fill_calendar(from_year=2016, to_year=2020, by=None, at=MONDAY_MORNING)


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def desks(
    request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer
) -> Iterator[Desks]:
    with Desks(chromium, live_server.url, javascript=request.param) as desks:
        yield desks


def test_the_road_from_the_file_to_the_reminder(office: None, desks: Desks) -> None:
    coordinator = desks.of(people.COORDINATOR)
    upload(coordinator)
    settle_what_stops_the_issue(coordinator)
    issue(coordinator)

    liaison = desks.of(people.LIAISON)
    open_from_my_work(liaison, DATED)
    report(liaison, "平台已与18个部门联通。")
    expect(liaison.locator("main")).to_contain_text("待审核")

    supervisor = desks.of(people.SUPERVISOR)
    open_from_queue(supervisor, DATED)
    send_back(supervisor, "请附联通运行说明的文号。")

    go_to(liaison, "我的待办")
    expect(liaison.locator("main")).to_contain_text("请附联通运行说明的文号。")
    open_from_my_work(liaison, DATED)
    report(liaison, "平台已与18个部门联通，运行说明利发改发〔2016〕××号。")

    open_from_queue(supervisor, DATED)
    accept(supervisor)
    go_to(liaison, "我的待办")
    expect(liaison.locator(".todo-item", has_text=CLAUSE)).to_have_count(0)

    tick(at=MONDAY_MORNING)
    open_reminder(liaison, "第5项（3）")
    expect(liaison.get_by_role("heading", level=1)).to_contain_text("第5项（3）")


def upload(page: Page) -> None:
    go_to(page, "实施方案")
    page.get_by_role("link", name=re.compile("导入")).first.click()
    page.get_by_label("选择文件").set_input_files(play.PLAN)
    page.get_by_role("button", name="导入并识别").click()
    expect(page.locator("main")).to_contain_text("82条任务")


def settle_what_stops_the_issue(page: Page) -> None:
    forms = page.locator("[aria-labelledby=errors] form.doubt-form")
    left = forms.count()
    assert left
    while left:
        forms.first.locator("[name=answer]").fill("已核对，作为共性任务另行部署。")
        forms.first.get_by_role("button").click()
        left -= 1
        expect(forms).to_have_count(left)


def issue(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^(去)?交办")).first.click()
    page.get_by_label("发文字号").fill("演示〔2016〕1号")
    page.get_by_label("印发日期").fill("2016-09-12")
    units = page.locator("[aria-labelledby=units] tbody tr").count()
    assert units == ALL_UNITS
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.locator("main tbody tr")).to_have_count(units)
    expect(page.locator("dl.figures")).to_contain_text(f"待签收{units}份")


def open_from_my_work(page: Page, reference: str) -> None:
    go_to(page, "我的待办")
    row = page.locator(".todo-item", has_text=reference).filter(has_text=CLAUSE)
    row.get_by_role("link", name=re.compile("填报|补正")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def report(page: Page, narrative: str) -> None:
    page.get_by_label("已完成").check()
    page.get_by_label("实际完成日期").fill("2016-12-16")
    page.get_by_label("进展情况").fill(narrative)
    page.get_by_label("文件名称").first.fill("联通运行说明")
    page.get_by_label("审签人").fill("张××")
    page.get_by_label("审签日期").fill("2017-11-20")
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", name="已报送，待审核")).to_be_visible()


def open_from_queue(page: Page, reference: str) -> None:
    go_to(page, "审核")
    page.locator("main tr", has_text=reference).get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("方案原文")


def send_back(page: Page, reason: str) -> None:
    form = page.locator("form", has=page.locator("[name=action][value=return]"))
    form.locator("textarea").fill(reason)
    form.get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("退回")


def accept(page: Page) -> None:
    form = page.locator("form", has=page.locator("[name=action][value=accept]"))
    form.get_by_label("认定办结").check()
    form.get_by_role("button", name="审核通过").click()
    expect(page.locator("main")).to_contain_text("审核通过")


def open_reminder(page: Page, reference: str) -> None:
    go_to(page, "本机邮箱")
    page.locator("main").get_by_role("link", name=re.compile("法治政府建设")).first.click()
    letter = page.locator("main")
    expect(letter).to_contain_text(reference)
    found = re.search(rf"{reference}.*?(http\S+)", letter.inner_text(), re.DOTALL)
    assert found
    letter.locator(f'a[href="{found[1]}"]').click()
