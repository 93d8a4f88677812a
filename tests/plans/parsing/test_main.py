import json
from pathlib import Path

import pytest

from plans.parsing.__main__ import main

TEXT = "南江市工作方案\n1.做甲。2022年6月底前完成甲事(市司法局牵头)。\n"


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8-sig")
    return path


def test_only_json_goes_to_standard_output(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([str(plan_file)])

    out, err = capsys.readouterr()
    parsed = json.loads(out)
    assert code == 0
    assert parsed["schema"] == "plan-parse/1"
    assert "text" not in parsed["source"]
    assert parsed["source"]["characters"] == len(TEXT)
    assert "任务1条" in err


def test_the_text_is_printed_when_asked_for(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(plan_file), "--with-text"])

    parsed = json.loads(capsys.readouterr().out)
    start, end = parsed["tasks"][0]["span"]
    assert parsed["source"]["text"][start:end] == parsed["tasks"][0]["text"]


def test_the_text_format_is_for_people(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(plan_file), "--format", "text"])

    out = capsys.readouterr().out
    assert "第1项 做甲" in out
    assert "牵头：市司法局" in out
    assert "时限：2022-06-30 完成甲事" in out


def test_a_missing_file_is_said_and_nothing_printed(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["no-such-plan.txt"])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "文件无法打开" in err


def test_another_encoding_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.txt"
    path.write_bytes(TEXT.encode("gb18030"))

    code = main([str(path)])

    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "不是 UTF-8 文本" in err
