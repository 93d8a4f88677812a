"""The check of a plan from the upload to the issue: by keyboard alone, and without JavaScript."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from accounts.models import Department, User
from accounts.usecases import load_register
from plans.models import Edition
from tests.browser.conftest import DESK
from tests.conftest import NOON
from tests.factories import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEDS = Path(__file__).parents[2] / "seeds"
PLAN = SEEDS / "litong-plan-2016-2020.txt"
FURTHEST = 120


@pytest.fixture
def coordinator(live_server: LiveServer) -> User:
    """A coordinator of 区政府法制办 in a district with its register and no plan yet."""
    register = json.loads((SEEDS / "litong-register.json").read_text(encoding="utf-8"))
    load_register(data=register, by=None, at=NOON)
    return member(Department.objects.get(name="区政府法制办"), Role.COORDINATOR)


def sign_in(context: BrowserContext, person: User, url: str) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": url}])


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(FURTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is out of reach of the Tab key")


def press(page: Page, *keys: str) -> None:
    page.wait_for_load_state()
    for key in keys:
        page.keyboard.press(key)


def said(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


class TestByKeyboard:
    """No click anywhere: keys, and Tab where a page has none of its own."""

    def test_a_plan_is_uploaded_checked_and_issued(
        self, coordinator: User, page: Page, live_server: LiveServer
    ) -> None:
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page.context, coordinator, live_server.url)
        upload_by_keyboard(page)
        settle_by_keyboard(page)
        press(page, "c")
        page.wait_for_url("**/measures/*/")
        walk_by_keyboard(page)
        correct_by_keyboard(page)
        cut_by_keyboard(page)
        set_aside_by_keyboard(page)
        press(page, "l")
        page.wait_for_url("**/plans/*/#measure-*")
        press(page, "i")
        page.wait_for_url("**/issue/**")
        issue_by_keyboard(page)

        edition = Edition.objects.get()
        assert edition.status == "issued"
        assert edition.measures.filter(checked_by=coordinator).count() == 3
        assert edition.doubts.open().filter(severity="error").count() == 0


def upload_by_keyboard(page: Page) -> None:
    page.goto(reverse("plans:import"))
    tab_to(page, page.get_by_label("选择文件"))
    with page.expect_file_chooser() as chooser:
        press(page, "Space")
    chooser.value.set_files(PLAN)
    tab_to(page, page.get_by_role("button", name="导入并识别"))
    press(page, "Enter")
    said(page, "82条任务")


def settle_by_keyboard(page: Page) -> None:
    """Accept what is proposed for everything that stops the issue."""
    for left in range(6, 0, -1):
        said(page, f"必须处理还有 {left} 处")
        press(page, "n")
        assert page.evaluate("Boolean(document.activeElement.closest('.doubt-form'))")
        press(page, "Control+Enter")
    said(page, "必须处理的已全部处理")
    page.keyboard.press("Escape")


def walk_by_keyboard(page: Page) -> None:
    """Confirm what is in doubt and mark as checked, one key a measure."""
    for checked in (1, 2, 3):
        expect(page.get_by_role("button", name="没有异议，已核对，到下一条")).to_be_visible()
        press(page, "c")
        said(page, f"已核对 {checked}/82")


def correct_by_keyboard(page: Page) -> None:
    """Give another role, pick another unit, add a target; take all of it back."""
    press(page, "p", "Tab", "ArrowDown", "Escape", "P", "ArrowDown", "Control+Enter")
    said(page, "已保存更正")
    expect(page.get_by_label("分工").first).to_have_value("share")
    said(page, "区委办公室（配合）")
    press(page, "g")
    page.keyboard.type("完成率")
    tab_to(page, page.locator("[name=metrics-0-value]"))
    page.keyboard.type("90")
    press(page, "Control+Enter")
    said(page, "完成率不低于90")
    for undone in (1, 2):
        press(page, "u")
        expect(page.locator(".timeline li.muted")).to_have_count(undone)
    following = page.get_by_role("link", name="下一处待核实").get_attribute("href")
    press(page, "n")
    page.wait_for_url(f"**{following}")
    press(page, "a")
    said(page, "撤回处理")


def cut_by_keyboard(page: Page) -> None:
    """Merge with the next, split again, undo both."""
    while page.locator("[data-keys=m]").count() == 0:
        following = page.get_by_role("link", name="下一条").get_attribute("href")
        press(page, "j")
        page.wait_for_url(f"**{following}")
    said(page, "共82条")
    press(page, "m")
    said(page, "已与下一条合并")
    said(page, "共81条")
    press(page, "s", "ArrowDown", "Enter")
    said(page, "已分成两条")
    said(page, "共82条")
    press(page, "u")
    said(page, "共81条")
    press(page, "u")
    said(page, "共82条")


def set_aside_by_keyboard(page: Page) -> None:
    press(page, "d")
    page.keyboard.type("只是说明")
    press(page, "Enter")
    expect(page.get_by_role("button", name="恢复为任务")).to_be_visible()
    press(page, "u")
    expect(page.get_by_role("button", name="恢复为任务")).to_have_count(0)


def type_day(page: Page, field: Locator) -> None:
    """Type 2016-09-12 in the order of the browser's own language."""
    for digits in ("20160912", "09122016"):
        tab_to(page, field)
        page.keyboard.type(digits)
        if field.input_value() == "2016-09-12":
            return
        while field.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Shift+Tab")
    raise AssertionError("the day cannot be typed")


def issue_by_keyboard(page: Page) -> None:
    tab_to(page, page.get_by_label("发文字号"))
    page.keyboard.type("演示〔2016〕1号")
    type_day(page, page.get_by_label("印发日期"))
    button = page.get_by_role("button", name="交办", exact=True)
    tab_to(page, button)
    press(page, "Enter")
    expect(button).to_have_count(0)


@pytest.fixture
def plain(chromium: Browser, live_server: LiveServer, coordinator: User) -> Iterator[Page]:
    """A browser without JavaScript."""
    context = chromium.new_context(
        base_url=live_server.url, viewport=DESK, java_script_enabled=False
    )
    sign_in(context, coordinator, live_server.url)
    yield context.new_page()
    context.close()


def test_without_javascript_a_plan_is_checked_page_by_page(plain: Page) -> None:
    page = plain
    page.goto(reverse("plans:import"))
    page.get_by_label("选择文件").set_input_files(PLAN)
    page.get_by_role("button", name="导入并识别").click()
    said(page, "82条任务")

    page.get_by_role("link", name=re.compile("^逐条核对")).click()
    page.get_by_role("button", name="没有异议，已核对，到下一条").click()
    said(page, "已核对 1/82")
    page.get_by_label("标题").fill("改过的标题")
    page.get_by_text("增加一条周期要求").click()
    page.get_by_label("要做的事").last.fill("通报进展")
    page.get_by_role("button", name="保存更正").click()
    said(page, "每年 通报进展")

    page.get_by_text("合并、分开、归入文字").click()
    page.locator(".sentences input").first.check()
    page.get_by_role("button", name="从这里分成两条").click()
    said(page, "已分成两条")
    page.get_by_text("合并、分开、归入文字").click()
    page.get_by_role("button", name="与下一条合并").click()
    said(page, "已与下一条合并")
    for _ in range(2):
        page.get_by_role("button", name="撤销", exact=True).first.click()
        said(page, "已撤销")
    said(page, "共82条")

    page.get_by_text("不是任务", exact=True).click()
    page.get_by_label("理由").fill("只是说明")
    page.get_by_role("button", name="标为不是任务").click()
    said(page, "只是说明")
    page.get_by_role("button", name="恢复为任务").click()

    page.get_by_role("link", name="在全文中看").click()
    page.get_by_role("link", name="归入任务").first.click()
    page.get_by_role("button", name="单列为一条任务").click()
    said(page, "文字已归类")
    said(page, "共83条")
