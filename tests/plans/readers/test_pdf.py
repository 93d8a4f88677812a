"""PDF files with a text layer: paragraphs are joined again, what frames a page is left out."""

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import document_from
from plans.readers.document import Pages
from plans.readers.pdf import LOOK_ALIKES, read_part
from tests.plans.readers.facts import facts
from tests.plans.readers.pdf_files import pdf, set_in_pages

HEAD = "利通区法治政府建设实施方案"


def read_pdf(content: bytes) -> Pages:
    return read_part(content).join()


def test_the_home_plan_printed_on_pages_parses_to_the_same_tasks(
    home_text: str, home_plan: ParsedPlan
) -> None:
    printed = pdf(set_in_pages(home_text.replace("\xa0", " "), head=HEAD))

    document = document_from("方案.pdf", printed)

    assert facts(parse_plan(document.text)) == facts(home_plan)
    assert "— 2 —" not in document.text
    assert HEAD + "\n" not in document.text


def test_lines_of_a_paragraph_are_joined_over_the_end_of_a_page() -> None:
    long = "推进依法行政" * 40 + "。"

    found = read_pdf(pdf(set_in_pages(f"总体要求\n{long}\n1.公布清单。", lines=5)))

    assert found.text.splitlines() == ["总体要求", long, "1.公布清单。"]
    assert [name for _, name in found.places] == ["第1页", "第2页", "第3页"]


def test_lines_that_end_short_stay_lines() -> None:
    page = [(200.0, 700.0, "某县人民政府"), (180.0, 670.0, "二〇一七年实施方案")]

    assert read_pdf(pdf([page])).text.splitlines() == ["某县人民政府", "二〇一七年实施方案"]


def test_cells_of_one_row_stand_on_one_line() -> None:
    page = [(80.0, 700.0, "公布权责清单"), (300.0, 700.0, "区财政局")]

    assert read_pdf(pdf([page])).text == "公布权责清单 区财政局\n"


def test_signs_that_only_look_like_characters_become_characters() -> None:
    assert "⼯作⺠政⼾籍⻓期".translate(LOOK_ALIKES) == "工作民政户籍长期"
