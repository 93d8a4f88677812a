"""The day of each person, at a desk and on a telephone, with and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from config.demo import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import Desks, go_to
from tracking.models import Assignment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WINDOWS = [(DESK, True), (DESK, False), (PHONE, True), (PHONE, False)]
NAMES = ["desk", "desk-no-javascript", "phone", "phone-no-javascript"]
LATE = "第1项（5）"


@pytest.fixture(params=WINDOWS, ids=NAMES)
def desks(
    request: pytest.FixtureRequest, demo: None, chromium: Browser, live_server: LiveServer
) -> Iterator[Desks]:
    size: ViewportSize
    size, javascript = request.param
    with Desks(chromium, live_server.url, javascript=javascript, size=size) as desks:
        yield desks


def test_everybody_gets_through_the_day(desks: Desks, subtests: pytest.Subtests) -> None:
    """On one demonstration, one person after the other, as the work goes from hand to hand."""
    for person, day in DAYS:
        with subtests.test(person.username):
            day(desks.of(person))


def said(page: Page, *words: str) -> None:
    for word in words:
        expect(page.locator("main")).to_contain_text(word)


def follow(page: Page, name: str) -> None:
    """Follow a link of the page that is open."""
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def item(page: Page, *words: str) -> Page:
    """Open what the list shows first with these words."""
    row = page.locator(".todo-item")
    for word in words:
        row = row.filter(has_text=word)
    row.first.locator(".todo-title").click()
    return page


def fold_out(page: Page, name: str) -> None:
    page.locator("summary", has_text=name).first.click()


def the_liaison_reports_what_is_late(page: Page) -> None:
    said(page, "区发改局 · 我的待办", "逾期143天", "年底前到期", "近期不用填")
    item(page, LATE)
    said(page, "填报进展", "延期1次", "已过143天")
    page.get_by_label("正在推进").check()
    page.get_by_label("进展情况").fill("清单已完成合法性审核，待区政府常务会议审议。")
    fold_out(page, "存在问题、下一步安排")
    page.get_by_label("预计完成日期").fill("2017-12-20")
    page.get_by_label("审签人").fill("张××")
    page.get_by_label("审签日期").fill("2017-11-20")
    page.get_by_role("button", name="报送", exact=True).click()
    expect(page.get_by_role("heading", name="已报送，待审核")).to_be_visible()
    go_to(page, "我的待办")
    said(page, "已报送")


def the_liaison_asks_for_a_later_day(page: Page) -> None:
    go_to(page, "我的待办")
    item(page, "第19项（4）")
    fold_out(page, "申请延期")
    page.get_by_label("申请延至").fill("2018-03-30")
    page.get_by_label("延期理由").fill("信用信息平台接口由自治区统一开发，预计明年2月下发。")
    page.get_by_label("目前进展").fill("制度已印发，接口正在联调。")
    page.get_by_role("button", name="提交延期申请").click()
    said(page, "延期申请待批", "批复前完成时限不变")


def the_liaison(page: Page) -> None:
    the_liaison_reports_what_is_late(page)
    the_liaison_asks_for_a_later_day(page)


def the_head_signs(page: Page) -> None:
    said(page, "待您审签", "本单位情况", "牵头任务7项（其中共同牵头3项）")
    item(page, "第5项（3）")
    said(page, "待审签")
    follow(page, "打印审签单")
    said(page, "审签单")
    page.go_back()
    expect(page.get_by_label("审签人")).to_have_value("张××")
    page.get_by_role("button", name="报送", exact=True).click()
    send_again_if_asked(page)
    expect(page.get_by_role("heading", name="已报送，待审核")).to_be_visible()


def send_again_if_asked(page: Page) -> None:
    """Remarks are shown once before a report goes out."""
    again = page.get_by_role("button", name="报送", exact=True)
    if again.count():
        again.click()


def the_coordinator(page: Page) -> None:
    said(page, "今天要办", "待审核反馈", "联络员缺失", "逾期", "应完成21个，已完成17个（81.0%）")
    item(page, "第19项（4）", "延期待报批")
    said(page, "延期理由", "接口正在联调")
    page.get_by_label("批准领导").fill("刘××")
    page.get_by_label("批准日期").fill("2017-11-20")
    page.get_by_role("button", name="同意延期").click()
    said(page, "已同意")
    go_to(page, "审核")
    page.locator("main tr", has_text="第13项").get_by_role("link").first.click()
    page.get_by_label("认定办结").check()
    page.get_by_role("button", name="审核通过").click()
    said(page, "审核通过")
    page.goto("/")
    follow(page, "电话催办名单")
    said(page, "发工作群的催办文字", "区政府法制办")
    expect(page.get_by_label("催办文字", exact=True)).to_have_value(re.compile("第21项（3）"))


def the_supervisor(page: Page) -> None:
    said(page, "政府口逾期", "非政府口逾期", "由区委督查室（王××）协调")
    follow(page, "审核")
    page.locator("main tr", has_text="第32项").get_by_role("link").first.click()
    said(page, "方案原文", "本次反馈")
    form = page.locator("form", has=page.locator("[name=action][value=return]"))
    form.locator("textarea").fill("请附人民调解委员会名册。")
    form.get_by_role("button").click()
    said(page, "退回补正")
    page.goto("/calls/")
    row = page.locator("main tr", has_text="第21项（3）")
    row.get_by_role("button", name="已电话催办").click()
    expect(page.locator("main tr", has_text="第21项（3）")).to_contain_text("1次")
    page.locator("main tr", has_text="第21项（3）").get_by_role("link").first.click()
    follow(page, "书面催办")
    page.get_by_label("催办说明").fill("请于11月24日前报送。")
    page.get_by_role("button", name="催办1项").click()
    said(page, "已催办")
    task = Assignment.objects.reporting().get(measure__path="21.3", role="lead")
    page.goto(f"/assignments/{task.pk}/")
    fold_out(page, "登记领导批示")
    page.get_by_label("批示领导").fill("刘××")
    page.get_by_label("批示日期").fill("2017-11-20")
    page.get_by_label("批示内容").fill("请说明原因，月底前办结。")
    page.get_by_role("button", name="登记领导批示").click()
    said(page, "待回复", "请说明原因，月底前办结。")


def the_town(page: Page) -> None:
    said(page, "现在没有要填的", "12月11日", "2017年度集中填报表")
    follow(page, "先看一看")
    said(page, "12月11日起填报")
    follow(page, "承办科室填写单")
    said(page, "金积镇")


def the_leader(page: Page) -> None:
    said(page, "一、总体。", "应完成21个", "二、逾期事项。", "三、下月。", "口径：")
    page.locator("main table").get_by_role("link").first.click()
    said(page, "完成时限", "办理记录")
    expect(page.locator("main").get_by_role("button", name="报送")).to_have_count(0)


def the_administrator(page: Page) -> None:
    said(page, "提醒扫描", "数据库", "三员", "未分设")
    follow(page, "发件")
    said(page, "已发送")
    page.goto("/staffing/")
    said(page, "区民政局")
    page.goto("/register/accounts/department/")
    expect(page.locator("#content")).to_contain_text("区发改局")
    page.goto("/calendar/?year=2018")
    said(page, "2018年")


DAYS = (
    (people.LIAISON, the_liaison),
    (people.HEAD, the_head_signs),
    (people.COORDINATOR, the_coordinator),
    (people.SUPERVISOR, the_supervisor),
    (people.TOWN, the_town),
    (people.VICE_MAYOR, the_leader),
    (people.ADMINISTRATOR, the_administrator),
)
