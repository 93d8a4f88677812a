"""Where the items of the outline are cut finer or coarser than their numbers say."""

from plans.parsing.lexicon.assigning import CAPTION, LABEL
from plans.parsing.lexicon.names import SECTOR
from plans.parsing.lexicon.outline import (
    CLOSING_BRACKET,
    DUTY_LINE,
    GOALS,
    ITEM_ASSIGNS,
    PREFACE_LINE,
    REMEDY,
    TITLED_LINE,
)
from plans.parsing.lexicon.signs import LINE, SENTENCE_MARKS
from plans.parsing.lexicon.targets import FIGURE
from plans.parsing.marks import CHINESE_STYLES, ITEM_STYLES, PARAGRAPH, ROWS, Mark
from plans.parsing.outline import Node, Section
from plans.parsing.responsibility import find_assignments
from plans.parsing.shapes import is_list_of_organs
from plans.parsing.spans import Span, line_spans, trimmed, view_of

OPEN_MARKS = frozenset("、,")
FOLDED = frozenset(("①", "•"))


def fold_enumerations(plain: str, root: Node) -> None:
    """Take ①②③ and bullets back into their item, unless they are assigned one by one."""
    for node in list(root.walk()):
        children = node.children
        if not children or node.mark is None or any(c.style not in FOLDED for c in children):
            continue
        views = [view_of(plain, child.body) for child in children]
        named = [[a for a in find_assignments(view) if a.names] for view in views]
        sure = sum(any(a.sure for a in found) for found in named)
        if sure < 2 and not (sure and all(named)):
            node.body = Span(node.body.start, children[-1].body.end)
            node.children = []


def fold_captions(plain: str, root: Node) -> None:
    """Take numbered captions (2.责任单位:…) back into the item that they describe."""
    for node in list(root.walk()):
        children = node.children
        if len(children) < 2 or node.mark is None or any(c.children or c.row for c in children):
            continue
        bodies = [trimmed(plain, child.body) for child in children]
        labels = [_is_label(plain, body) for body in bodies]
        if any(labels) and all(CAPTION.match(plain, *body) for body in bodies):
            node.body = Span(node.body.start, children[-1].body.end)
            node.children = []


def fold_sections(plain: str, root: Node) -> None:
    """Take labelled stretches (工作目标:…) back into a measure that holds its own assignment."""
    for node in list(root.walk()):
        if node.children or not node.sections or any(s.items for s in node.sections):
            continue
        whole = Span(node.body.start, max(s.body.end for s in node.sections))
        kinds = {section.kind for section in node.sections}
        if "table" not in kinds and any(a.names for a in find_assignments(view_of(plain, whole))):
            node.body, node.sections = whole, []


def fold_remedies(plain: str, root: Node) -> None:
    """Take the measures that put one problem right back into it, unless they have labels each."""
    for node in list(root.walk()):
        children = node.children
        if not children or node.mark is None or any(c.children or c.row for c in children):
            continue
        if not REMEDY.search(plain, *node.body):
            continue
        views = [view_of(plain, child.body) for child in children]
        named = [[a for a in find_assignments(view) if a.names] for view in views]
        if not any(named) and any(a.names for a in find_assignments(view_of(plain, node.body))):
            node.body = Span(node.body.start, children[-1].body.end)
            node.children = []
        if any(named[:-1]) or not named[-1]:
            continue
        first = named[-1][0].outer_start
        if views[-1].text[first - 1 : first] == "\n":
            node.body = Span(node.body.start, children[-1].body.end)
            node.children = []


def take_goals(plain: str, root: Node) -> None:
    """Make indicators of the numbered items under a heading of goals that assign nothing."""
    for node in list(root.walk()):
        children = node.children
        if not children or node.mark is None or any(c.children or c.row for c in children):
            continue
        line = LINE.search(plain, *node.body)
        if line is None or not GOALS.fullmatch(line.group().strip("。:")):
            continue
        views = [view_of(plain, child.body) for child in children]
        if any(a.names for view in views for a in find_assignments(view)):
            continue
        if any(FIGURE.search(view.text) for view in views):
            at = children[0].body.start
            node.sections.append(Section("indicators", Span(at, at), Span(at, at), children))
            node.children = []


def split_paragraphs(plain: str, root: Node) -> None:
    """Make items of the paragraphs below a heading that are assigned one by one.

    Where that is so below one heading, a single paragraph below another of its kind is one too.
    """
    styles: set[str] = set()
    single: list[tuple[Node, list[Span], list[int]]] = []
    for node in list(root.walk()):
        if node.children or node.style in (*ROWS, *ITEM_STYLES):
            continue
        lines = list(line_spans(plain, node.body))
        if node.mark is None:
            opening = sum(bool(PREFACE_LINE.search(plain, *line)) for line in lines[:2])
            lines = [Span(node.body.start, node.body.start), *lines[opening:]]
        if len(lines) < 2:
            continue
        if duties := _duty_lines(plain, lines):
            _part(plain, node, lines, duties)
            continue
        ends = _ends(plain, lines)
        if len(ends) > 1 and ends[0] > 0:
            styles.add(node.style)
            _split(plain, node, lines, ends)
        elif ends and ends[0] > 0 and node.style in CHINESE_STYLES:
            single.append((node, lines, ends))
    for node, lines, ends in single:
        if node.style in styles and plain[lines[0].end - 1] not in SENTENCE_MARKS:
            _split(plain, node, lines, ends)


def _split(plain: str, node: Node, lines: list[Span], ends: list[int]) -> None:
    """Make items of the lines below the first: of each that has a title, else up to each end."""
    if all(TITLED_LINE.match(plain, *line) for line in lines[1:]):
        ends = list(range(1, len(lines)))
    _part(plain, node, lines, [1, *(end + 1 for end in ends[:-1])])


def _part(plain: str, node: Node, lines: list[Span], starts: list[int]) -> None:
    """Make items of the lines of a node that begin at some of them."""
    stops = [*(lines[start].start for start in starts[1:]), node.body.end]
    for number, (start, stop) in enumerate(zip(starts, stops, strict=True), start=1):
        at = lines[start].start
        mark = Mark(PARAGRAPH, number, str(number), Span(at, at))
        node.children.append(Node(mark, Span(at, stop), node))
    node.body = Span(node.body.start, lines[starts[0]].start)


def _duty_lines(plain: str, lines: list[Span]) -> list[int]:
    """Return the lines that say what one organ does, if most do: 林业:负责巡护监测."""
    found = []
    for index, line in enumerate(lines[1:], start=1):
        duty = DUTY_LINE.match(plain, *line)
        if duty and (
            SECTOR.fullmatch(duty["who"].removesuffix("部门")) or is_list_of_organs(duty["who"])
        ):
            found.append(index)
    return found if len(found) > 1 and len(found) * 2 >= len(lines) - 1 else []


def _ends(plain: str, lines: list[Span]) -> list[int]:
    """Return which lines close an assigned paragraph: by a bracket, or as the last of labels."""
    ends = []
    labelled = [_is_label(plain, line) for line in lines]
    for index, line in enumerate(lines[:-1]):
        if labelled[index] and plain[line.end - 1] == ":":
            labelled[index + 1] = True
    for index, line in enumerate(lines):
        goes_on = index + 1 < len(lines) and (
            labelled[index + 1]
            or plain[line.end - 1] in OPEN_MARKS
            or CLOSING_BRACKET.match(plain, *lines[index + 1])
        )
        bracket = CLOSING_BRACKET.search(plain, max(line.start, line.end - 400), line.end)
        closes = bool(bracket and ITEM_ASSIGNS.search(plain, bracket.start(), line.end))
        if (closes or labelled[index]) and not goes_on:
            ends.append(index)
    return ends


def _is_label(plain: str, line: Span) -> bool:
    label = LABEL.match(plain, *line)
    return bool(label and label["colon"] == ":")
