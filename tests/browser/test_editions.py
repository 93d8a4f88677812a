"""A later text in a real browser, with and without JavaScript: uploaded, compared, put in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from config.demo import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import go_to, sign_in
from tests.browser.test_pages import WIDER
from tests.second_edition import second_edition

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["javascript", "no-javascript"])
def desk(
    request: pytest.FixtureRequest, on_demo_day: None, chromium: Browser, live_server: LiveServer
) -> Iterator[Page]:
    """The coordinator's window on the demonstration."""
    call_command("seed_demo", verbosity=0)
    with chromium.new_context(
        base_url=live_server.url, viewport=DESK, java_script_enabled=request.param
    ) as context:
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, people.COORDINATOR.username)
        yield page


def test_a_later_text_is_uploaded_compared_and_put_in_force(desk: Page, tmp_path: Path) -> None:
    file = tmp_path / "第二稿.txt"
    file.write_text(second_edition(), encoding="utf-8")

    go_to(desk, "实施方案")
    desk.get_by_role("link", name="导入新文本").click()
    desk.get_by_label("选择文件").set_input_files(file)
    desk.get_by_role("button", name="导入并识别").click()
    desk.get_by_role("link", name="看新旧文本对照").click()
    expect(desk.get_by_role("link", name="全部变化 10")).to_be_visible()
    expect(desk.locator("article.change")).to_have_count(10)

    article = desk.locator("article.change", has_text="第22项（3）")
    article.get_by_role("link", name="改选对应").click()
    desk.get_by_text("其余74条").click()
    desk.get_by_label("第23项（4）").check()
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_role("link", name="全部变化 9")).to_be_visible()
    desk.get_by_role("button", name="撤销改选").click()
    expect(desk.get_by_role("link", name="全部变化 10")).to_be_visible()
    fits(desk)

    desk.get_by_role("link", name="去核对").click()
    desk.get_by_role("link", name="启用新文本").click()
    expect(desk.locator("section[aria-labelledby=moved]")).to_contain_text("2018年6月30日")
    fits(desk)
    desk.get_by_label("发文字号").fill("演示〔2017〕9号")
    desk.get_by_label("印发日期").fill("2017-11-20")
    desk.get_by_role("button", name="启用新文本").click()
    expect(desk.locator("main")).to_contain_text("新文本已启用")

    go_to(desk, "时间节点")
    expect(desk.locator("main tr", has_text="第1项（2）").first).to_contain_text("2018年6月30日")


def fits(page: Page) -> None:
    """Nothing stands out on a phone or on a desk."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate(WIDER) == []
