"""Word files as they come: changes tracked, boxes in cells, tables in tables, fields, notes."""

from plans.readers.word import read_docx
from tests.plans.readers.docx_files import cell, docx, level, lists, paragraph, table, text_box

COUNTED = lists({0: level(0, "decimal", "%1.")}, {1: (0, "")})
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def lines(*blocks: str, numbering: str = "", styles: str = "", **parts: str) -> list[str]:
    more: dict[str, str | bytes] = {f"word/{name}.xml": part for name, part in parts.items()}
    return read_docx(docx(*blocks, numbering=numbering, styles=styles, more=more)).text.splitlines()


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def struck(text: str) -> str:
    """A counted paragraph that somebody struck out, its end too."""
    return (
        f"<w:p><w:pPr>{NUMBERED}<w:rPr><w:del/></w:rPr></w:pPr>"
        f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"
    )


def test_a_struck_paragraph_is_not_counted() -> None:
    blocks = [paragraph("甲", number=1), struck("乙"), paragraph("丙", number=1)]

    assert lines(*blocks, numbering=COUNTED) == ["1.甲", "2.丙"]


def test_paragraphs_whose_parting_was_struck_are_one() -> None:
    first = f"<w:p><w:pPr>{NUMBERED}<w:rPr><w:del/></w:rPr></w:pPr>{run('公布')}</w:p>"

    assert lines(first, paragraph("清单。", number=1), numbering=COUNTED) == ["1.公布清单。"]


def test_a_row_that_was_struck_is_left_out() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + cell("3") + cell("旧任务") + "</w:tr>"
    found = table([cell("1"), cell("甲")], [cell("2"), cell("乙")])

    assert lines(found.replace("</w:tbl>", gone + "</w:tbl>")) == ["1\t甲", "2\t乙"]


def test_what_was_moved_stands_where_it_went() -> None:
    gone = "<w:moveFrom><w:r><w:t>乙</w:t></w:r></w:moveFrom>"
    here = "<w:moveTo><w:r><w:t>乙</w:t></w:r></w:moveTo>"

    assert lines(f"<w:p>{run('甲')}{gone}</w:p>", f"<w:p>{run('丙')}{here}</w:p>") == ["甲", "丙乙"]


def test_a_box_in_a_cell_is_said_once() -> None:
    assert lines(table([cell("甲"), cell(text_box("框"), "乙")], [cell("1"), cell("2")])) == [
        "甲\t框 乙",
        "1\t2",
    ]


def test_a_table_that_arranges_the_page_gives_what_stands_in_its_cells() -> None:
    inner = table([cell("序号"), cell("任务")], [cell("1"), cell("公布清单")])

    assert lines(table([cell("左"), cell("右", inner, paragraph(""))])) == [
        "左",
        "右",
        "序号\t任务",
        "1\t公布清单",
    ]


def test_a_small_table_in_a_cell_of_tasks_stays_in_its_row() -> None:
    inner = table([cell("指标"), cell("95%")])
    rows = [[cell("序号"), cell("任务"), cell("牵头单位")]]
    rows += [[cell(str(n)), cell("做甲", inner, paragraph("")), cell("区财政局")] for n in (1, 2)]

    assert lines(table(*rows))[1:] == [
        "1\t做甲 指标 95%\t区财政局",
        "2\t做甲 指标 95%\t区财政局",
    ]


def test_cells_merged_in_the_old_way_and_both_ways_at_once() -> None:
    old = "<w:tc><w:tcPr><w:hMerge w:val='{}'/></w:tcPr>{}</w:tc>"
    wide = [cell("责任单位", span=2, merge="restart"), cell("时限")]
    below = [cell(span=2, merge="continue"), cell("年底前")]

    assert lines(
        table(
            wide,
            below,
            [
                old.format("restart", paragraph("全部")),
                old.format("continue", "<w:p/>"),
                cell("2018年"),
            ],
        )
    ) == ["责任单位\t\t时限", "责任单位\t\t年底前", "全部\t\t2018年"]


def test_fields_say_their_result_and_notes_and_frames_of_the_page_stay_out() -> None:
    field = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>REF a</w:instrText>"
        "</w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>" + run("第3项")
        + "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:fldSimple w:instr='DATE'>"
        + run("2017年") + "</w:fldSimple><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )  # fmt: skip
    note = f"<w:footnotes xmlns:w='x'><w:footnote>{run('脚注')}</w:footnote></w:footnotes>"

    assert lines(field, footnotes=note, header1=note, footer1=note, comments=note) == [
        "第3项2017年"
    ]


def test_content_controls_of_every_size_are_read_and_their_prompts_are_not() -> None:
    def control(inside: str, prompt: str = "") -> str:
        return f"<w:sdt><w:sdtPr>{prompt}</w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>"

    blocks = [
        control(paragraph("甲")),
        f"<w:p>{control(run('乙'))}{control(run('单击此处输入'), '<w:showingPlcHdr/>')}</w:p>",
        control(paragraph("单击此处输入"), "<w:showingPlcHdr/>"),
        table([cell("1"), control(cell("丙"))], [cell("2"), cell("丁")]),
    ]

    assert lines(*blocks) == ["甲", "乙", "1\t丙", "2\t丁"]


def test_hidden_text_is_left_out_also_where_a_style_hides_it() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="I"><w:basedOn w:val="H"/></w:style>'
    )
    hidden = "".join(
        f"<w:r><w:rPr><w:rStyle w:val='{s}'/></w:rPr><w:t>藏</w:t></w:r>" for s in "HI"
    )
    shown = "<w:r><w:rPr><w:rStyle w:val='I'/><w:vanish w:val='0'/></w:rPr><w:t>明</w:t></w:r>"

    assert lines(f"<w:p>{run('甲')}{hidden}{shown}</w:p>", styles=styles) == ["甲明"]


def test_every_kind_of_number_in_one_document() -> None:
    kinds = [
        ("chineseCountingThousand", "第%1章"), ("chineseCounting", "%2、"),
        ("chineseCounting", "（%3）"), ("decimal", "%4."), ("decimal", "%5)"),
        ("decimalEnclosedCircle", "%6"), ("ideographTraditional", "%7．"),
        ("decimalFullWidth", "（%8）"), ("lowerLetter", "%9)"),
    ]  # fmt: skip
    levels = "".join(level(at, form, text) for at, (form, text) in enumerate(kinds))
    override = f'<w:lvlOverride w:ilvl="3">{level(3, "upperRoman", "%4.", start=4)}</w:lvlOverride>'
    numbering = lists({0: levels}, {1: (0, ""), 2: (0, override)})
    blocks = [paragraph("项", number=1, level=at) for at in range(9)]

    found = lines(*blocks, paragraph("项", number=2, level=3), numbering=numbering)

    assert found == [
        "第一章 项", "一、项", "（一）项", "1.项", "1)项", "①项", "甲．项", "（１）项", "a)项",
        "II.项",
    ]  # fmt: skip
