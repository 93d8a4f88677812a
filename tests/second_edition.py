"""A second edition of the home plan: ten edits, each of another sort, made in its text by rule."""

from pathlib import Path

from plans.choices import ChangeKind

HOME_PLAN = Path(__file__).parents[1] / "seeds" / "litong-plan-2016-2020.txt"
NEW_MEASURE = (
    "3)推行行政执法案例指导制度。2018年12月底前,编发行政执法指导案例,统一同类案件的办理尺度"
    "(区政府法制办牵头,区司法局配合)。"
)
EDITS = {
    ("1.2",): ChangeKind.CHANGED,
    ("4.1", "4.2"): ChangeKind.MERGED,
    ("5.3",): ChangeKind.CHANGED,
    ("18.3",): ChangeKind.CHANGED,
    ("18.4",): ChangeKind.SPLIT,
    ("21.3",): ChangeKind.MOVED,
    (): ChangeKind.NEW,
    ("23.4",): ChangeKind.DROPPED,
    ("30",): ChangeKind.CHANGED,
    ("34",): ChangeKind.CHANGED,
}
"""What the former measures became: a new date, two made one, another lead, other words, one cut in
two, another part, a new one, one dropped, a unit less, a unit more."""


def second_edition() -> str:
    """Return the text of the home plan with the ten edits."""
    lines = HOME_PLAN.read_text(encoding="utf-8").splitlines()
    _reword(lines, "2)对保留的行政审批事项", "2017年12月底前", "2018年6月底前")
    _merge(lines, "1)转变政府投资管理职能", "2)完善主要由市场决定价格")
    _reword(lines, "3)加强社会信用体系建设", "区发改局牵头", "区市场监管局牵头")
    _reword(
        lines,
        "3)完善行政执法权限协调机制",
        "及时解决执法机关之间的权限争议",
        "妥善、及时化解执法机关之间的职责权限争议",
    )
    _split(lines, "4)落实重大行政执法法制审核制度", "凡审核范围内的", "5)落实审核责任。")
    moved = _take(lines, "3)规范执法辅助人员管理").replace("3)", "5)", 1)
    lines.insert(_place(lines, "4)落实规范性文件备案审查制度") + 1, moved)
    lines.insert(_place(lines, "2)保障行政执法经费") + 1, NEW_MEASURE)
    _take(lines, "4)加强公务员诚信管理")
    _reword(lines, "30.加强行政复议工作", "管理办公室、财政局负责", "管理办公室负责")
    _reword(lines, "34.树立重视法治素养", "、监察局配合", "、监察局、司法局配合")
    return "\n".join(lines)


def _place(lines: list[str], start: str) -> int:
    found = [index for index, line in enumerate(lines) if line.startswith(start)]
    assert len(found) == 1, start
    return found[0]


def _take(lines: list[str], start: str) -> str:
    return lines.pop(_place(lines, start))


def _reword(lines: list[str], start: str, old: str, new: str) -> None:
    at = _place(lines, start)
    assert lines[at].count(old) == 1, old
    lines[at] = lines[at].replace(old, new)


def _split(lines: list[str], start: str, cut: str, head: str) -> None:
    """Cut the line; the bracket with its units stands behind both pieces."""
    at = _place(lines, start)
    first, rest = lines[at].split(cut)
    bracket = rest[rest.rindex("(") :]
    lines[at : at + 1] = [first.rstrip("。") + bracket, head + cut + rest]


def _merge(lines: list[str], start: str, other: str) -> None:
    """Put the other's sentences before the bracket of the first."""
    more = _take(lines, other).partition(")")[2]
    at = _place(lines, start)
    first, bracket = lines[at].rsplit("(", 1)
    lines[at] = f"{first}。{more[: more.rindex('(')]}({bracket}"
