"""The check of a draft by keyboard alone."""

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.choices import Role
from accounts.models import Department
from accounts.usecases import load_register
from plans.models import Edition
from plans.usecases import import_plan
from tests.conftest import NOON
from tests.factories import member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def draft(live_server: LiveServer, page: Page) -> Edition:
    """The home plan as a draft, with its coordinator signed in."""
    register = json.loads((SEEDS / "litong-register.json").read_text(encoding="utf-8"))
    district = load_register(data=register, by=None, at=NOON).district
    person = member(Department.objects.get(name="区政府法制办"), Role.COORDINATOR)
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    text = (SEEDS / "litong-plan-2016-2020.txt").read_bytes()
    return import_plan(
        upload=ContentFile(text, name="方案.txt"), district=district, by=person, at=NOON
    )


def test_measures_are_walked_corrected_undone_and_checked_without_a_mouse(
    draft: Edition, page: Page
) -> None:
    first, second = draft.measures.leaves().order_by("ordinal")[:2]
    page.goto(reverse("plans:measure", args=[draft.pk, first.pk]))

    page.keyboard.press("j")
    page.wait_for_url(f"**/measures/{second.pk}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/measures/{first.pk}/")
    page.keyboard.press("e")
    title = page.get_by_label("标题")
    expect(title).to_be_focused()
    title.press_sequentially("jck")
    assert title.input_value() == "jck" + first.title
    page.get_by_role("button", name="保存更正").press("Enter")
    expect(page.get_by_text("已保存更正")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("已撤销")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_text("撤销最近一处更正")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("Enter")
    expect(page.get_by_text("已核对 1/82")).to_be_visible()


def test_a_measure_is_split_where_its_text_is_touched(draft: Edition, page: Page) -> None:
    measure = draft.measures.get(path="1.5")
    page.goto(reverse("plans:measure", args=[draft.pk, measure.pk]))
    page.wait_for_load_state()
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(
            document.querySelector('.measure[aria-current]'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const at = walker.currentNode.textContent.indexOf(words);
            if (at >= 0) return getSelection().collapse(walker.currentNode, at);
          }
        }""",
        "切断行政机关",
    )

    page.keyboard.press("s")
    expect(page.locator("[data-caret]")).to_contain_text("光标处：切断行政机关")
    page.get_by_role("button", name="从这里分成两条").press("Enter")

    expect(page.get_by_text("已分成两条")).to_be_visible()
    expect(page.locator("main")).to_contain_text("共83条")
    new = draft.measures.get(path="1.5-2")
    assert new.text.startswith("切断行政机关")
