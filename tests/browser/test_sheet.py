"""A township fills in its yearly sheet and sends it, with and without JavaScript."""

from datetime import date

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from config.demo import people
from tests.browser.conftest import DESK
from tests.browser.steps import go_to, sign_in
from tracking.models import Sheet, Submission

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def december(on_demo_day: None, settings: Settings) -> Sheet:
    call_command("seed_demo", verbosity=0)
    settings.FIXED_TODAY = date(2017, 12, 15)
    return Sheet.objects.get(year__year=2017, department__name=people.TOWN.unit)


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_a_township_fills_in_its_sheet_and_sends_it(
    december: Sheet, chromium: Browser, live_server: LiveServer, *, javascript: bool
) -> None:
    with chromium.new_context(
        base_url=live_server.url, viewport=DESK, java_script_enabled=javascript
    ) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, people.TOWN.username)
        go_to(page, "我的待办")
        page.get_by_role("link", name="填报", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("2017年度集中填报表")
        expect(page.locator("#sheet-count")).to_have_text("已填0/6行")

        fill_in(page)
        if javascript:
            expect(page.locator("#sheet-count")).to_have_text("已填6/6行")
        page.get_by_label("审签人").fill("马××")
        page.get_by_label("审签日期").fill("2017-12-15")
        page.get_by_role("button", name="报送", exact=True).click()

        expect(page.locator("main")).to_contain_text("6行等待审核")
    assert Submission.objects.waiting().filter(milestone__sheet=december).count() == 6


def fill_in(page: Page) -> None:
    rows = page.locator(".sheet-row")
    for index in range(rows.count()):
        row = rows.nth(index)
        row.get_by_label("正在推进").check()
        row.get_by_label("进展情况").fill(f"第{index + 1}行的进展。")
        if row.get_by_label("本年次数").count():
            row.get_by_label("本年次数").fill("2")
