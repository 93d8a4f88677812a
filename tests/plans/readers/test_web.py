"""Web pages: the document without the furniture; tables as rows; nothing is fetched."""

import socket
import threading
from collections import Counter
from html import escape

import pytest

from plans.parsing import ParsedPlan, ParsedTask, parse_plan
from plans.readers import document_from
from plans.readers.web import read_html
from tests.plans.readers.facts import facts

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>某县人民政府</title>
<script>var a = "脚本";</script><style>p {{}}</style></head><body>
<div class="header"><a href="/">首页</a></div><nav><a href="/a">政务公开</a></nav>
<div class="crumbs">您现在的位置：<a>首页</a> &gt; <a>文件</a></div>
<div class="article"><p>发布时间：2017-03-01 来源：县政府办 浏览次数：12</p>
{body}
<div class="bdsharebuttonbox">分享到：<a>微信</a></div></div>
<ul><li><a href="/1">相关文件一</a></li><li><a href="/2">相关文件二</a></li></ul>
<div id="footer">版权所有 某县人民政府</div></body></html>"""


def lines(body: str) -> list[str]:
    return read_html(PAGE.format(body=body).encode()).text.splitlines()


def test_the_home_plan_in_a_page_with_furniture_parses_to_the_same_tasks(
    home_text: str, home_plan: ParsedPlan
) -> None:
    body = "".join(f"<p>{escape(line)}</p>\n" for line in home_text.split("\n"))

    document = document_from("方案.html", PAGE.format(body=body).encode())

    assert facts(parse_plan(document.text)) == facts(home_plan)


def test_the_home_plan_in_a_table_of_merged_cells_keeps_numbers_names_and_days(
    home_plan: ParsedPlan,
) -> None:
    tasks = [task for task in home_plan.tasks if task.responsibility]

    plan = parse_plan(read_html(PAGE.format(body=merged_table(tasks)).encode()).text)

    assert [(t.id, t.measure_title) for t in plan.tasks] == [(t.id, t.measure_title) for t in tasks]
    assert [([n.text for n in t.lead], [n.text for n in t.support]) for t in plan.tasks] == [
        ([n.text for n in t.lead], [n.text for n in t.support]) for t in tasks
    ]
    assert [{d.due for d in t.deadlines if d.due} for t in plan.tasks] == [
        {d.due for d in t.deadlines if d.due} for t in tasks
    ]


def merged_table(tasks: list[ParsedTask]) -> str:
    """Return a table whose sub-items share the cells with the number and title of their measure."""
    counted = Counter(task.measure for task in tasks)
    titles = ("序号", "重点任务", "完成时限", "具体举措", "牵头单位", "责任单位")
    rows = ["".join(f"<th>{title}</th>" for title in titles)]
    measure = None
    for task in tasks:
        cells = ""
        if task.measure != measure:
            measure = task.measure
            span = f'rowspan="{counted[measure]}"'
            cells = f"<td {span}>{measure}</td><td {span}>{escape(task.measure_title)}</td>"
        days = "，".join(found.text for found in task.deadlines) or "长期坚持"
        lead, support = ("、".join(n.text for n in group) for group in (task.lead, task.support))
        own = "".join(f"<td>{escape(text)}</td>" for text in (days, task.title, lead, support))
        rows.append(cells + own)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<h1>利通区法治政府建设任务分解表（2016—2020年）</h1><table>{body}</table>"


def test_furniture_is_left_out() -> None:
    assert lines("<h1>某县实施方案</h1><p>1.公布<b>清单</b>。<br>2.清理文件。</p>") == [
        "某县实施方案",
        "1.公布清单。",
        "2.清理文件。",
    ]


def test_a_page_whose_frame_is_called_header_keeps_its_text() -> None:
    page = '<body><div class="header"><p>一、总体要求</p><p>全县各单位落实到位。</p></div></body>'

    assert read_html(page.encode()).text.splitlines() == ["一、总体要求", "全县各单位落实到位。"]


def test_a_title_in_the_head_of_an_article_stays_and_long_scripts_do_not_count() -> None:
    page = (
        f"<body><script>{'var a = 1;' * 500}</script>"
        "<article><header><h1>某县实施方案</h1></header>"
        '<div id="print-content"><p>一、总体要求</p><p>落实到位。</p></div></article></body>'
    )

    assert read_html(page.encode()).text.splitlines() == [
        "某县实施方案",
        "一、总体要求",
        "落实到位。",
    ]


def test_a_table_keeps_its_rows_and_repeats_tall_cells() -> None:
    body = (
        "<table><tr><th>序号</th><th>工作任务</th><th>牵头单位</th></tr>"
        "<tr><td>1</td><td>公布<br>清单</td><td rowspan='2'>区财政局</td></tr>"
        "<tr><td>2</td><td>清理文件</td></tr><tr><td colspan='3'>二、保障</td></tr>"
        "<tr><td>3</td><td>落实经费</td><td>区民政局</td></tr></table>"
    )

    assert lines(body) == [
        "序号\t工作任务\t牵头单位",
        "1\t公布 清单\t区财政局",
        "2\t清理文件\t区财政局",
        "二、保障\t\t",
        "3\t落实经费\t区民政局",
    ]


def test_a_table_that_arranges_the_page_is_read_as_text() -> None:
    body = (
        "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>正文</td></tr></table>"
    )

    assert lines(body) == ["a\tb", "正文"]


def test_ordered_lists_say_their_numbers() -> None:
    body = (
        "<ol start='3'><li>甲</li><li>乙</li></ol>"
        "<ol style='list-style-type: cjk-ideographic'><li>丙</li></ol><ul><li>丁</li></ul>"
    )

    assert lines(body) == ["3.甲", "4.乙", "一、丙", "丁"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_in_its_own_encoding(encoding: str) -> None:
    assert read_html("<html><body><p>实施方案</p></body></html>".encode(encoding)).text == (
        "实施方案\n"
    )


def test_nothing_that_a_page_names_is_fetched() -> None:
    visits: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        port = listener.getsockname()[1]

        def listen() -> None:
            try:
                visits.append(listener.accept())
            except OSError:
                return

        watcher = threading.Thread(target=listen)
        watcher.start()
        address = f"http://127.0.0.1:{port}/"
        page = (
            f'<!DOCTYPE html SYSTEM "{address}a.dtd"><html><head><base href="{address}">'
            f'<link rel="stylesheet" href="{address}a.css"><script src="{address}a.js"></script>'
            f'</head><body><img src="{address}a.png"><p>实施方案</p></body></html>'
        )

        document = document_from("方案.html", page.encode())
        listener.close()
        watcher.join()

    assert document.text == "实施方案\n"
    assert visits == []


def test_pages_name_the_paragraph_and_the_row() -> None:
    document = document_from(
        "方案.html", "<p>甲</p><table><tr><td>a</td><td>b</td></tr></table>".encode()
    )

    assert [name for _, name in document.places] == ["第1段", "表1第1行"]
