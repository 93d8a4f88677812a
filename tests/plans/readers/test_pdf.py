"""PDF files with a text layer: paragraphs are joined again, what frames a page is left out."""

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import document_from
from plans.readers.document import Pages
from plans.readers.pdf import read_part
from plans.readers.pdf_page import LOOK_ALIKES
from tests.plans.readers.facts import facts
from tests.plans.readers.pdf_files import boxes, pdf, set_in_pages

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


GRID = boxes(
    *((80, 700 - 30 * row, 60, 30) for row in range(3)),
    *((140, 700 - 30 * row, 200, 30) for row in range(3)),
    (340, 700, 160, 30),
    (340, 640, 160, 60),
    (80, 610, 420, 30),
)
CELLS = [
    (84.0, 708.0, "序号"), (144.0, 708.0, "工作任务"), (344.0, 708.0, "牵头单位"),
    (84.0, 678.0, "1"), (144.0, 678.0, "公布清单"), (344.0, 663.0, "区财政局"),
    (84.0, 648.0, "2"), (144.0, 648.0, "清理文件"),
    (84.0, 618.0, "二、保障"),
]  # fmt: skip
ROWS = ["序号\t工作任务\t牵头单位", "1\t公布清单\t区财政局", "2\t清理文件\t区财政局", "二、保障"]


def test_drawn_cells_are_a_table_with_its_merged_cells_between_the_text_around() -> None:
    page = [(80.0, 760.0, "某县实施方案"), *CELLS, (80.0, 560.0, "注：略。")]

    found = read_pdf(pdf([page], drawn=GRID))

    assert found.text.splitlines() == ["某县实施方案", *ROWS, "注：略。"]
    assert [name for _, name in found.places] == [
        "第1页", "第1页表1第1行", "第1页表1第2行", "第1页表1第3行", "第1页表1第4行", "第1页",
    ]  # fmt: skip


def test_a_table_on_a_page_that_is_shown_turned_is_read_as_it_is_seen() -> None:
    turned = b"0 1 -1 0 842 0 cm\n".replace(b"842", b"595")
    page = pdf([CELLS], drawn=turned + GRID, page=b"/Rotate 90")

    assert read_pdf(page).text.splitlines() == ROWS


def test_a_frame_around_a_paragraph_is_no_table() -> None:
    page = [(84.0, 708.0, "第一条 为了依法行政，"), (84.0, 680.0, "制定本方案。")]

    found = read_pdf(pdf([page], drawn=boxes((80, 670, 300, 60))))

    assert found.text == "第一条 为了依法行政，制定本方案。\n"


def test_lines_across_a_page_of_text_are_no_table() -> None:
    ruled = b"".join(b"80 %d m 500 %d l S\n" % (y, y) for y in (730, 690, 300))
    page = [(84.0, 700.0, "某县人民政府文件"), (84.0, 650.0, "一、总体要求"), (84.0, 250.0, "抄送")]

    found = read_pdf(pdf([page], drawn=ruled))

    assert {name for _, name in found.places} == {"第1页"}
    assert "抄送\n" in found.text


def test_a_page_full_of_strokes_is_read_without_tables() -> None:
    strokes = b"".join(b"%d 10 m %d 800 l S\n" % (x % 590, x % 590) for x in range(0, 90_000, 3))

    found = read_pdf(pdf([[(80.0, 700.0, "某县人民政府办公室")]], drawn=strokes))

    assert found.text == "某县人民政府办公室\n"
