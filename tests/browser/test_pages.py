"""Every page of the demonstration in a real browser, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from playwright.sync_api import Error as PlaywrightError
from pytest_django.live_server_helper import LiveServer

from config.demo import people
from tests.browser.conftest import DESK, PHONE
from tests.browser.steps import HREFS, sign_in
from tests.crawl import crawl

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter(e => e.getBoundingClientRect().right > room + 1)
    .map(e => e.tagName + '.' + e.className).slice(0, 4);
}"""
TOFU = """characters => {
  const canvas = new OffscreenCanvas(40, 40);
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.font = '24px ' + getComputedStyle(document.body).fontFamily;
  pen.textBaseline = 'top';
  const drawn = c => {
    pen.clearRect(0, 0, 40, 40);
    pen.fillText(c, 4, 4);
    return pen.getImageData(0, 0, 40, 40).data.join();
  };
  const tofu = new Set(['\\u{10FFFF}', '\\u{EFFFF}', '\\u0378'].map(drawn));
  return characters.filter(c => tofu.has(drawn(c)));
}"""


class Watch:
    """Notes what goes wrong on a page behind the reader's back."""

    def __init__(self, page: Page, own: str) -> None:
        self.own = own
        self.wrong: list[str] = []
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
        page.on("requestfailed", self.on_failure)
        page.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.location['url']}: {message.text}")

    def on_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a download does to its navigation
            self.wrong.append(f"{request.url}: {request.failure}")

    def on_request(self, request: Request) -> None:
        if not request.url.startswith((self.own, "data:", "blob:")):
            self.wrong.append(f"outside: {request.url}")


def look_at_every_page(page: Page, watch: Watch, characters: set[str]) -> int:
    """Open what the signed-in person can reach, at both sizes; return how many pages that was."""

    def links_of(url: str) -> list[str]:
        try:
            page.goto(url)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            return []
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            if wider := page.evaluate(WIDER):
                watch.wrong.append(f"{url} at {size['width']}: {wider}")
        characters.update(page.inner_text("body"))
        return page.eval_on_selector_all("a[href]", HREFS)

    return len(list(crawl(links_of, alike=1)))


def test_every_page_fits_and_is_silent(
    demo: None, chromium: Browser, live_server: LiveServer
) -> None:
    wrong: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    characters: set[str] = set()

    for person in people.INTRODUCED:
        with chromium.new_context(base_url=live_server.url, viewport=DESK) as context:
            page = context.new_page()
            watch = Watch(page, live_server.url)
            sign_in(page, person.username)
            seen[person.username] = look_at_every_page(page, watch, characters)
            wrong |= {person.username: watch.wrong} if watch.wrong else {}
            shown = sorted(c for c in characters if not c.isspace())
            without_glyph = page.evaluate(TOFU, shown)
            assert without_glyph == []

    assert wrong == {}
    assert all(seen.values())
