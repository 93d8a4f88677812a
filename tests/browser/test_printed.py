"""The home plan that a real browser prints as PDF: the same tasks, the same rows of a table."""

from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from plans.parsing import parse_plan
from plans.readers import document_from
from tests.plans.readers.facts import facts
from tests.plans.readers.task_tables import NOTE, TITLE, Row, check, html_table, rows_of

pytestmark = pytest.mark.browser
HOME_PLAN = Path(__file__).parents[2] / "seeds" / "litong-plan-2016-2020.txt"
LOOKS = {
    "all rules": "td, th {border: 1px solid #000}",
    "no rule at the sides": "td, th {border: 1px solid #000} td:first-child, th:first-child"
    " {border-left: 0} td:last-child, th:last-child {border-right: 0}",
    "level rules": "td, th {border-bottom: 1px solid #000} th {border-top: 2px solid #000}",
    "three rules": "th {border-top: 2px solid #000; border-bottom: 1px solid #000}"
    " tr:last-child td {border-bottom: 2px solid #000}",
}
SHEET = (
    "<style>body {font-family: 'Noto Serif CJK SC', serif; font-size: 12px}"
    " table {border-collapse: collapse; width: 100%%} td, th {padding: 3px 5px}"
    " th:nth-child(1) {width: 5%%} th:nth-child(2) {width: 18%%} th:nth-child(3) {width: 30%%}"
    " th:nth-child(6) {width: 14%%} %s</style><h1>%s</h1>%s<p>%s</p>"
)
FRAME = "<span style='font-size: 9px; margin: auto'>{}</span>"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return rows_of(parse_plan(HOME_PLAN.read_text(encoding="utf-8")))


def printed(chromium: Browser, content: str) -> bytes:
    """The PDF of a page with a running head and page numbers."""
    page = chromium.new_page()
    page.set_content(content)
    made = page.pdf(
        format="A4",
        display_header_footer=True,
        header_template=FRAME.format("利通区法治政府建设实施方案"),
        footer_template=FRAME.format("— <span class=pageNumber></span> —"),
        margin={"top": "20mm", "bottom": "20mm", "left": "18mm", "right": "18mm"},
    )
    page.close()
    return made


@pytest.mark.parametrize("look", ["text-indent: 2em", "text-align: justify"])
def test_the_paragraphs_of_the_home_plan_printed_on_pages(look: str, chromium: Browser) -> None:
    text = HOME_PLAN.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    style = f"<style>p {{font: 16px 'Noto Serif CJK SC', serif; margin: 0; {look}}}</style>"
    content = style + "".join(f"<p>{escape(line)}</p>" for line in lines)

    document = document_from("方案.pdf", printed(chromium, content))

    assert facts(document.plan) == facts(parse_plan(text))
    assert "— 2 —" not in document.text


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("is_merged", [True, False], ids=["merged", "plain"])
def test_a_table_printed_on_pages_with_repeated_heads(
    look: str, is_merged: bool, rows: list[Row], chromium: Browser
) -> None:
    if is_merged and look in ("level rules", "three rules"):
        pytest.skip("without upright rules nobody sees which rows a tall cell belongs to")
    content = SHEET % (LOOKS[look], TITLE, html_table(rows, is_merged=is_merged), NOTE)

    document = document_from("表.pdf", printed(chromium, content))

    check(document, rows)
    names = [name for _, name in document.places]
    assert (names[0], names[1]) == ("第1页", "第1页表1第1行")
    assert names[-2].startswith("第1")
