"""What people do again and again in the browser."""

from typing import Self

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from config.demo.people import PASSWORD, Person
from tests.browser.conftest import DESK

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


class Desks:
    """A window for each person, all of them of one size and with or without JavaScript."""

    def __init__(
        self, browser: Browser, url: str, *, javascript: bool, size: ViewportSize = DESK
    ) -> None:
        self.browser, self.url = browser, url
        self.javascript, self.size = javascript, size
        self.contexts: list[BrowserContext] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for context in self.contexts:
            context.close()

    def of(self, person: Person) -> Page:
        """Return the window of a person who has signed in and says yes when asked again."""
        context = self.browser.new_context(
            base_url=self.url, viewport=self.size, java_script_enabled=self.javascript
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("dialog", lambda dialog: dialog.accept())
        sign_in(page, person.username)
        return page
