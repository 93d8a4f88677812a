"""Every kind of page before axe: nothing that keeps somebody out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from config.demo import people
from tests.browser.steps import HREFS, sign_in
from tests.crawl import crawl

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRAVE = {"serious", "critical"}
ONLY_FAILURES = {"resultTypes": ["violations"]}
STRANGERS = ("/accounts/login/", "/accounts/password/reset/", "/accounts/code/", "/nowhere/")


def barriers(page: Page) -> list[str]:
    """Return what axe finds grave on the page that is open, and where."""
    found = Axe().run(page, options=ONLY_FAILURES).response["violations"]
    return [
        f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def barriers_met(page: Page) -> dict[str, list[str]]:
    """Return the barriers on what the signed-in person can reach, by address."""
    met: dict[str, list[str]] = {}

    def links_of(url: str) -> list[str]:
        try:
            page.goto(url)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            return []
        if found := barriers(page):
            met[url] = found
        return page.eval_on_selector_all("a[href]", HREFS)

    assert len(list(crawl(links_of, alike=1))) > 3
    return met


def test_nothing_on_a_page_keeps_a_person_out(demo: None, page: Page) -> None:
    met: dict[str, list[str]] = {}
    for person in people.INTRODUCED:
        page.context.clear_cookies()
        sign_in(page, person.username)
        met |= barriers_met(page)

    assert met == {}


def test_nothing_keeps_a_stranger_out(page: Page) -> None:
    for address in STRANGERS:
        page.goto(address)
        assert barriers(page) == [], address


def test_axe_sees_a_barrier(page: Page) -> None:
    page.set_content('<html lang="zh"><title>页</title><main><input></main></html>')

    assert barriers(page)
