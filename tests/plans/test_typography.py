"""Half-width marks of the source are shown full-width, one for one."""

import pytest

from plans.typography import full_width
from tests.plans.conftest import HOME_PLAN


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("区发改局牵头,各部门负责", "区发改局牵头，各部门负责"),
        ("达到100%,统一办理", "达到100%，统一办理"),
        ("目标:简政放权;放管结合", "目标：简政放权；放管结合"),
        ("公布(区发改局牵头)。", "公布（区发改局牵头）。"),
        ("(A类)", "（A类）"),
        ("实施方案(2016-2020年)", "实施方案（2016—2020年）"),
        ("1)全面清理", "1）全面清理"),
        ("1,204次 12:30 f(x)", "1,204次 12:30 f(x)"),
        ("2016年8月", "2016年8月"),
    ],
)
def test_marks_beside_chinese_characters_are_widened(written: str, shown: str) -> None:
    assert full_width(written) == shown


def test_no_offset_moves_in_the_home_plan() -> None:
    text = HOME_PLAN.read_text(encoding="utf-8")

    shown = full_width(text)

    assert len(shown) == len(text)
    assert shown.count("，") > 600
