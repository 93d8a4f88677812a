"""What people do again and again in the browser."""

from playwright.sync_api import Page

from config.demo.people import PASSWORD

HREFS = "links => links.map(link => link.getAttribute('href'))"


def sign_in(page: Page, username: str) -> None:
    """Sign in as somebody of the demonstration."""
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def go_to(page: Page, entry: str) -> None:
    """Click an entry of the menu."""
    menu = page.get_by_role("navigation", name="主导航")
    menu.get_by_role("link", name=entry, exact=True).click()
