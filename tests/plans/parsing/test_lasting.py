"""What a measure asks for after its date is done."""

import pytest

from plans.parsing import Span
from plans.parsing.lasting import lasting_words


def lasting(text: str, *dates: str) -> str:
    spans = [Span(text.index(day), text.index(day) + len(day)) for day in dates]
    found = lasting_words(text, Span(0, len(text)), spans)
    return found.of(text) if found else ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2017年底前,完成编码,并实行动态化管理,及时更新(区编办牵头)。", "并实行动态化管理"),
        ("2017年底前，建立审查机制，未经审查的，不得提交讨论。", "不得提交讨论"),
        (
            "2017年底前，公开目录。坚持以公开为常态、不公开为例外。",
            "坚持以公开为常态、不公开为例外",
        ),
        ("2017年底前，完成清理，并公布结果（区司法局牵头，加强局配合）。", ""),
        ("2017年底前，实行动态管理。", ""),
        ("坚持问题导向，2017年底前，完成清理。", ""),
    ],
)
def test_lasting_words_stand_after_the_clause_that_the_date_binds(text: str, words: str) -> None:
    assert lasting(text, "2017年底前") == words


def test_of_several_dates_each_is_looked_at_up_to_the_next() -> None:
    text = "2016年底前，完成清理。2017年底前，建成平台，定期更新数据。"

    assert lasting(text, "2016年底前", "2017年底前") == "定期更新数据"


def test_a_measure_without_a_date_is_not_asked() -> None:
    assert lasting("坚持动态管理。") == ""
