"""A real Chromium on the live server; skipped, with the reason, where there is none."""

import os
import shutil
from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.demo import demo_settings

first_rules = import_module("notifications.migrations.0002_first_rules")
NAMES = ("chromium", "chromium-browser", "google-chrome")
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not program:
        pytest.skip("no Chromium: set CHROMIUM to one, or install it")
    # Playwright's own event loop runs in this thread, where Django would refuse its queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def on_demo_day(
    live_server: LiveServer, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The settings of the demonstration, with links that lead to the live server."""
    for name, value in demo_settings(tmp_path_factory.mktemp("browser")).items():
        setattr(settings, name, value)
    settings.BASE_URL = live_server.url
    # Playwright's loop gives the test another connection object than the one that pytest-django
    # keeps its copy of the migrated rows on: after a flush the rules would be missing.
    first_rules.add(apps, None)
    settings.EMAIL_URL = ""


@pytest.fixture
def demo(on_demo_day: None) -> None:
    """The played demonstration."""
    call_command("seed_demo", verbosity=0)


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    context = chromium.new_context(base_url=live_server.url, viewport=DESK, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
