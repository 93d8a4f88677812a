"""The key / leads to the search from anywhere but a field."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from tests.factories import MilestoneFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_key_leads_to_the_search_and_stays_a_letter_in_fields(
    live_server: LiveServer, page: Page
) -> None:
    person = member(MilestoneFactory.create().department, Role.LIAISON)
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto("/my-work/")

    page.keyboard.press("/")
    field = page.get_by_label("查找内容")
    expect(field).to_be_focused()
    page.keyboard.type("清单/公布")
    expect(field).to_have_value("清单/公布")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("查找")
    expect(page.get_by_label("查找内容")).to_have_value("清单/公布")
