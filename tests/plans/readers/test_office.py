"""Older Word and WPS files, where LibreOffice is installed to read them."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from plans.parsing import ParsedPlan, parse_plan
from plans.readers import DocumentError, document_from
from plans.readers.kinds import OLE
from plans.readers.office import PROGRAMS
from tests.plans.readers.docx_files import cell, docx, level, lists, paragraph, table
from tests.plans.readers.facts import facts

PROGRAM = next(filter(None, map(shutil.which, PROGRAMS)), None)
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no LibreOffice")


@cache
def old(content: bytes) -> bytes:
    """The same document as Word 97 keeps it."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [str(PROGRAM), profile, "--headless", "--convert-to", "doc:MS Word 97"]
        subprocess.run([*command, "--outdir", folder, source], check=True, capture_output=True)
        return source.with_suffix(".doc").read_bytes()


def home_plan_with_automatic_numbers(text: str) -> bytes:
    numbered = re.compile(r"[ \u3000\t]*\d+\.(?=\D)")
    blocks = [
        paragraph(line[found.end() :], number=1)
        if (found := numbered.match(line))
        else paragraph(line)
        for line in text.split("\n")
    ]
    rows = [[cell("序号"), cell("单位")], [cell("1"), cell("区财政局")]]
    numbering = lists({0: level(0, "decimal", "%1.")}, {1: (0, "")})
    return docx(*blocks, table(*rows), paragraph(""), numbering=numbering)


@pytest.mark.parametrize("name", ["方案.doc", "方案.wps"])
def test_the_home_plan_in_an_old_file_parses_to_the_same_tasks(
    name: str, home_text: str, home_plan: ParsedPlan
) -> None:
    content = old(home_plan_with_automatic_numbers(home_text))

    document = document_from(name, content)

    assert content.startswith(OLE)
    assert facts(document.plan)[:-1] == facts(home_plan)[:-1]
    assert "1\t区财政局" in document.text


def test_merged_cells_of_an_old_file_are_said_in_each_row() -> None:
    rows = [
        [cell("序号"), cell("工作任务"), cell("牵头单位")],
        [cell("1"), cell("公布清单"), cell("区财政局", merge="restart")],
        [cell("2"), cell("清理文件"), cell(merge="continue")],
        [cell("二、保障", span=3)],
        [cell("3"), cell("落实经费"), cell("区民政局")],
    ]
    content = old(docx(paragraph("某县实施方案"), table(*rows), paragraph("")))

    tasks = parse_plan(document_from("表.doc", content).text).tasks

    assert [(task.title, task.lead[0].text) for task in tasks] == [
        ("公布清单", "区财政局"),
        ("清理文件", "区财政局"),
        ("落实经费", "区民政局"),
    ]


def test_an_old_file_that_is_broken_is_an_error_in_words() -> None:
    content = old(docx(paragraph("某县实施方案")))

    with pytest.raises(DocumentError, match="没有"):
        document_from("方案.doc", content[:1536])
