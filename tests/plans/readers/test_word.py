"""Word files: numbers that Word counts, merged cells, text boxes."""

import re

import pytest

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import document_from, place_of
from plans.readers.numerals import FORMATS
from plans.readers.word import read_docx
from tests.plans.readers.docx_files import (
    cell,
    docx,
    level,
    lists,
    paragraph,
    restart,
    table,
    text_box,
)
from tests.plans.readers.facts import facts

PLAN_LEVELS = (
    level(0, "chineseCounting", "%1、")
    + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimal", "（%4）")
    + level(4, "decimalEnclosedCircle", "%5")
)


def lines(*blocks: str, numbering: str = "", styles: str = "") -> list[str]:
    return read_docx(docx(*blocks, numbering=numbering, styles=styles)).text.splitlines()


def test_levels_are_counted_each_below_the_other() -> None:
    blocks = [
        paragraph(text, number=1, level=at)
        for text, at in [
            ("总体要求", 0), ("主要任务", 0), ("制度", 1), ("甲", 2), ("乙", 2), ("子项", 4),
            ("组织", 1), ("丙", 2), ("保障", 0), ("经费", 1),
        ]
    ]  # fmt: skip

    numbering = lists({0: PLAN_LEVELS}, {1: (0, "")})

    assert lines(*blocks, numbering=numbering) == [
        "一、总体要求", "二、主要任务", "（一）制度", "1.甲", "2.乙", "①子项",
        "（二）组织", "1.丙", "三、保障", "（一）经费",
    ]  # fmt: skip


def test_numbers_that_never_restart_run_through_the_document() -> None:
    levels = level(0, "chineseCounting", "（%1）") + level(
        1, "decimal", "%2.", more='<w:lvlRestart w:val="0"/>'
    )
    blocks = [paragraph("项", number=1, level=at) for at in (0, 1, 1, 0, 1)]

    found = lines(*blocks, numbering=lists({0: levels}, {1: (0, "")}))

    assert found == ["（一）项", "1.项", "2.项", "（二）项", "3.项"]


def test_a_list_with_a_start_of_its_own_begins_again_and_others_share_their_count() -> None:
    numbering = lists(
        {0: level(0, "decimal", "%1)", start=5)},
        {1: (0, ""), 2: (0, ""), 3: (0, restart(0))},
    )
    blocks = [paragraph("项", number=number) for number in (1, 2, 3, 3)]

    assert lines(*blocks, numbering=numbering) == ["5)项", "6)项", "1)项", "2)项"]


def test_chapters_and_articles_are_parted_from_their_titles() -> None:
    levels = level(0, "chineseCountingThousand", "第%1章") + level(
        1, "decimal", "%1.%2", more="<w:isLgl/>"
    )
    blocks = [paragraph("总则", number=1), paragraph("目的", number=1, level=1)]

    assert lines(*blocks, numbering=lists({0: levels}, {1: (0, "")})) == ["第一章 总则", "1.1 目的"]


def test_a_style_brings_its_number_and_a_paragraph_can_refuse_it() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/><w:pPr><w:numPr>'
        '<w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="H1"/></w:style>'
    )
    blocks = [
        paragraph("甲", style="H1"),
        paragraph("乙", style="H2"),
        paragraph("丙", style="Own"),
        paragraph("丁", style="H1", number=0),
    ]

    found = lines(*blocks, numbering=lists({0: PLAN_LEVELS}, {1: (0, "")}), styles=styles)

    assert found == ["一、甲", "（一）乙", "二、丙", "丁"]


def test_a_level_linked_to_a_style_numbers_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Item"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    levels = level(0, "decimal", "%1、") + level(1, "decimal", "（%2）", style="Item")

    found = lines(
        paragraph("甲", style="Item"), numbering=lists({0: levels}, {1: (0, "")}), styles=styles
    )

    assert found == ["（1）甲"]


@pytest.mark.parametrize(
    ("form", "number", "printed"),
    [
        ("chineseCounting", 10, "十"),
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalZero", 7, "07"),
        ("ideographTraditional", 2, "乙"),
        ("ideographDigital", 20, "二〇"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalFullWidth", 12, "１２"),
    ],
)
def test_numbers_are_printed_as_word_prints_them(form: str, number: int, printed: str) -> None:
    assert FORMATS[form](number) == printed


def test_the_home_plan_with_automatic_numbers_parses_to_the_same_tasks(
    home_text: str, home_plan: ParsedPlan
) -> None:
    numbered = re.compile(r"[ \u3000\t]*\d+\.(?=\D)")
    blocks = [
        paragraph(line[found.end() :], number=1)
        if (found := numbered.match(line))
        else paragraph(line)
        for line in home_text.split("\n")
    ]
    numbering = lists({0: level(0, "decimal", "%1.")}, {1: (0, "")})

    document = document_from("方案.docx", docx(*blocks, numbering=numbering))

    assert sum("<w:numPr>" in block for block in blocks) == 45
    assert facts(parse_plan(document.text)) == facts(home_plan)


def test_merged_cells_are_said_in_each_row_and_wide_ones_once() -> None:
    found = lines(
        table(
            [cell("任务分解表", span=3)],
            [cell("序号"), cell("工作任务"), cell("牵头单位")],
            [cell("1"), cell("公布", "清单"), cell("区财政局", merge="restart")],
            [cell("2"), cell("清理文件"), cell(merge="continue")],
            [cell("一、保障", span=3)],
            [cell("3"), cell("落实经费"), cell("区民政局")],
            [cell("注：略", span=3)],
        )
    )

    assert found == [
        "任务分解表",
        "序号\t工作任务\t牵头单位",
        "1\t公布 清单\t区财政局",
        "2\t清理文件\t区财政局",
        "一、保障\t\t",
        "3\t落实经费\t区民政局",
        "注：略",
    ]


def test_a_merged_table_with_counted_rows_gives_the_tasks_of_its_text() -> None:
    counted = [cell(paragraph("", number=1)) for _ in range(3)]
    numbering = lists({0: level(0, "decimal", "%1")}, {1: (0, "")})
    blocks = [
        paragraph("某区法治政府建设实施方案任务分解表"),
        table(
            [cell("序号"), cell("工作任务"), cell("牵头单位"), cell("完成时限")],
            [counted[0], cell("公布权责清单"), cell("区编办", merge="restart"),
             cell("2017年12月底前")],
            [counted[1], cell("清理规范性文件"), cell(merge="continue"), cell("2018年底前")],
            [counted[2], cell("落实工作经费"), cell("区财政局"), cell("2018年底前")],
        ),
    ]  # fmt: skip

    tasks = parse_plan(document_from("表.docx", docx(*blocks, numbering=numbering)).text).tasks

    assert [(t.title, [n.department for n in t.lead]) for t in tasks] == [
        ("公布权责清单", ["区编办"]),
        ("清理规范性文件", ["区编办"]),
        ("落实工作经费", ["区财政局"]),
    ]


def test_a_table_of_one_column_is_plain_text() -> None:
    assert lines(table([cell("一、总体要求", "二、主要任务")])) == ["一、总体要求", "二、主要任务"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    assert lines(paragraph("甲"), text_box("框里的字"), paragraph("乙")) == ["甲", "框里的字", "乙"]


def test_what_is_struck_out_or_hidden_or_a_table_of_contents_is_left_out() -> None:
    styles = '<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
    blocks = [
        paragraph("一、总体要求1", style="T1"),
        "<w:p><w:del><w:r><w:t>旧</w:t></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:t>文</w:t></w:r></w:p>",
    ]

    assert lines(*blocks, styles=styles) == ["新文"]


def test_every_line_has_the_place_it_came_from() -> None:
    found = document_from(
        "方案.docx",
        docx(paragraph("甲"), paragraph("乙"), table([cell("a"), cell("b")]), text_box("框")),
    )

    starts = [found.text[start:].split("\n")[0] for start, _ in found.places]
    assert [name for _, name in found.places] == ["第1段", "第2段", "表1第1行", "文本框1"]
    assert starts == ["甲", "乙", "a\tb", "框"]


def test_a_span_in_a_table_is_placed_in_its_cell() -> None:
    found = document_from(
        "方案.docx",
        docx(paragraph("甲"), table([cell("标题", span=2)], [cell("a"), cell("b")], [cell("c")])),
    )

    def place(word: str) -> str:
        return place_of(found.places, found.text, found.text.index(word))

    assert [place(word) for word in ("甲", "标题", "b")] == ["第1段", "表1第1行", "表1第2行第2列"]
    assert place_of([], "甲", 0) == ""
