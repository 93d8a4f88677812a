import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SEED = Path(__file__).parents[2] / "seeds" / "litong-plan-2016-2020.txt"


def test_the_command_prints_json_only_to_standard_output() -> None:
    out, err = StringIO(), StringIO()

    call_command("parse_plan", SEED, stdout=out, stderr=err)

    assert len(json.loads(out.getvalue())["tasks"]) == 82
    assert "任务82条" in err.getvalue()


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")

    with pytest.raises(CommandError, match="没有文字内容"):
        call_command("parse_plan", path, stdout=StringIO(), stderr=StringIO())
