"""Which items of the outline are tasks, which measure and part they belong to, and their ids."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from plans.parsing.cells import row_assignments
from plans.parsing.inheritance import hand_down
from plans.parsing.items import Item
from plans.parsing.lexicon.assigning import CAPTION
from plans.parsing.lexicon.outline import CLOSING_ARTICLE, FRAME_HEADING, NEVER_TASKS, TASK_HEADING
from plans.parsing.marks import (
    ARTICLE,
    CHINESE_STYLES,
    ITEM_STYLES,
    NAMED,
    PARAGRAPH,
    RANKS,
    SMALL_STYLES,
    SUB_ROW,
)
from plans.parsing.outline import Node, Outline
from plans.parsing.repeats import merge_repeats
from plans.parsing.responsibility import find_assignments
from plans.parsing.spans import Span, trimmed, view_of
from plans.parsing.splitting import (
    fold_captions,
    fold_enumerations,
    fold_remedies,
    fold_sections,
    split_paragraphs,
    take_goals,
)


class Leaf(NamedTuple):
    """A task: its item, the measure and the part it stands in, and its id."""

    item: Item
    measure: Node
    part: Node | None
    id: str
    sub: str | None


@dataclass(frozen=True, slots=True)
class Measures:
    """All tasks in document order, and the items by node."""

    leaves: tuple[Leaf, ...]
    items: dict[int, Item]

    def item(self, node: Node) -> Item:
        """Return the item of a node."""
        return self.items[id(node)]


def read_measures(plain: str, outline: Outline, *, is_plan: bool) -> Measures:
    """Return the tasks of a document; without any assignment only a plan has tasks."""
    fold_enumerations(plain, outline.root)
    fold_captions(plain, outline.root)
    fold_sections(plain, outline.root)
    fold_remedies(plain, outline.root)
    split_paragraphs(plain, outline.root)
    take_goals(plain, outline.root)
    _leave_closing_text(plain, outline)
    items: dict[int, Item] = {}
    for node in outline.root.walk():
        if node.mark is not None:
            view = view_of(plain, trimmed(plain, node.body))
            assigns = row_assignments(view, node.row) if node.row else find_assignments(view)
            items[id(node)] = Item(node, view, assigns)
    hand_down(plain, outline.root, items)
    repeated = _merge_repeats(outline.root, items, is_plan=is_plan)
    nodes = list(_tasks(outline.root, items, repeated, is_plan=is_plan))
    return Measures(tuple(_identified(nodes, items, apart=bool(repeated))), items)


def _merge_repeats(root: Node, items: dict[int, Item], *, is_plan: bool) -> set[int]:
    """Let the rows of tables speak for the measures that they repeat; return their nodes."""
    every = [items[id(node)] for node in root.walk() if node.mark is not None]
    rows = [item for item in every if item.node.row and not item.node.children]
    if not rows:
        return set()
    tasks = {id(node) for node in _tasks(root, items, set(), is_plan=is_plan)}
    measures = [
        item
        for item in every
        if not item.node.row
        and not item.node.children
        and (id(item.node) in tasks or not _is_framed(item.node, items))
    ]
    held = {id(above) for m in measures for above in m.node.ancestry() if above is not m.node}
    headings = [item for item in every if id(item.node) in held and not item.node.row]
    return merge_repeats(measures, headings, rows)


def _leave_closing_text(plain: str, outline: Outline) -> None:
    """Let the document's last paragraphs be back matter where they follow the last assignment."""
    last = next((n for n in reversed(list(outline.root.walk())) if n.mark is not None), None)
    if last is None or last.row or last.body.end != outline.body.end:
        return
    view = view_of(plain, trimmed(plain, last.body))
    found = find_assignments(view)
    if not any(a.names for a in found):
        return
    end = max(a.outer_end for a in found)
    while view.text[end : end + 1] in ("。", ";"):
        end += 1
    if view.text[end : end + 1] == "\n" and not CAPTION.match(view.text, end + 1):
        stop = view.offsets[end]
        last.body = Span(last.body.start, stop)
        outline.body = Span(outline.body.start, stop)


def _tasks(
    root: Node, items: dict[int, Item], repeated: set[int], *, is_plan: bool
) -> Iterator[Node]:
    assigned = {
        id(node)
        for node in root.walk()
        if not node.children
        and node.mark is not None
        and id(node) not in repeated
        and items[id(node)].is_assigned
        and (items[id(node)].is_marked or not _is_framed(node, items))
    }
    if not assigned:
        is_table = any(node.row for node in root.walk())
        yield from (_unassigned(root, items) if is_plan or is_table else ())
        return
    holding = set(assigned)
    for leaf in root.walk():
        if id(leaf) in assigned:
            holding.update(id(node) for node in leaf.ancestry())
    last: Node | None = None
    for node in root.walk():
        if node.children or node.mark is None or id(node) in repeated:
            continue
        measure = _measure_of(node, items)
        if not items[id(node)].is_marked and CLOSING_ARTICLE.search(items[id(node)].view.text):
            continue
        if id(node) not in assigned:
            if _is_frame(node, items):
                continue
            if not _goes_on(last, measure) and not _stands_among_tasks(
                node, measure, holding, items
            ):
                continue
        yield node
        last = measure


def _goes_on(last: Node | None, measure: Node) -> bool:
    """Tell whether a measure has the number after that of the last task, or is the same one."""
    if last is None or last.mark is None or measure.mark is None or measure is last:
        return measure is last
    if measure.style != last.style or measure.mark.value != last.mark.value + 1:
        return False
    beside = measure.parent.children if measure.parent else [measure]
    first = next(node.mark for node in beside if node.style == measure.style)
    return (
        (first is not None and first.value > 1)
        or measure.parent is None
        or (measure.parent is last.parent and measure.parent.mark is None)
    )


def _is_framed(node: Node, items: dict[int, Item]) -> bool:
    """Tell whether an item stands under a heading of goals, steps or safeguards, or is one."""
    above = (n for n in node.ancestry() if n.children or n.parent is None or n.parent.mark is None)
    return _is_frame(node, items) or any(FRAME_HEADING.search(items[id(n)].title) for n in above)


def _is_frame(node: Node, items: dict[int, Item]) -> bool:
    """Tell whether an item without a name stands in a section that never holds tasks."""
    return any(NEVER_TASKS.match(items[id(above)].title) for above in node.ancestry())


def _stands_among_tasks(
    node: Node, measure: Node, holding: set[int], items: dict[int, Item]
) -> bool:
    """Tell whether an item without a name stands beside named ones, or in a chapter of tasks."""
    if _is_framed(node, items) or _is_framed(measure, items):
        return False
    siblings = measure.parent.children if measure.parent else []
    if any(
        id(s) in holding and (not s.children or s.style not in CHINESE_STYLES) for s in siblings
    ):
        return True
    *above, top = list(node.ancestry())
    if any(id(a) in holding and TASK_HEADING.search(items[id(a)].title) for a in (*above[1:], top)):
        return True
    chapters = top.parent.children if top.parent else []
    at = chapters.index(top)
    return any(id(c) in holding for c in chapters[:at]) and any(
        id(c) in holding for c in chapters[at + 1 :]
    )


def _unassigned(root: Node, items: dict[int, Item]) -> Iterator[Node]:
    """Yield the leaves of a plan that names nobody: below headings that speak of tasks."""
    headings = [n for n in root.children if n.children and TASK_HEADING.search(items[id(n)].title)]
    for top in headings or root.children:
        for node in top.leaves():
            if not _is_framed(node, items):
                yield node


def _measure_of(leaf: Node, items: dict[int, Item]) -> Node:
    """Return the measure that a leaf is, or is a sub-item of; an article is always one."""
    article = next((node for node in leaf.ancestry() if node.style == ARTICLE), None)
    if article is not None:
        return article
    node = leaf
    while node.parent is not None and node.parent.mark is not None:
        parent = node.parent
        is_item = node.style in (*ITEM_STYLES, SUB_ROW) or _is_decimal_item(node)
        if parent.style in CHINESE_STYLES:
            can_be = node.style != PARAGRAPH and (is_item or parent.style in SMALL_STYLES)
            return parent if can_be and _stands_beside_tasks(parent, items) else node
        if not is_item and parent.style != NAMED:
            break
        node = parent
    return node


def _is_decimal_item(node: Node) -> bool:
    """Tell whether 1.1 is an item of measure 1; where 1 is a chapter it is a measure."""
    chapter = any(above.style in CHINESE_STYLES for above in node.ancestry())
    return node.style.startswith("1.1") and chapter


def _stands_beside_tasks(node: Node, items: dict[int, Item]) -> bool:
    """Tell whether a heading has a sibling that is a task itself."""
    siblings = node.parent.children if node.parent else []
    return any(not s.children and items[id(s)].assigns for s in siblings)


def _identified(nodes: list[Node], items: dict[int, Item], *, apart: bool) -> Iterator[Leaf]:
    """Give every task its id: the numbers of measure and sub-item, below as few as tell apart.

    Rows that stand `apart` from the measures of the body count for themselves.
    """
    measures = [_measure_of(node, items) for node in nodes]
    own = [_numbers(node, measure) for node, measure in zip(nodes, measures, strict=True)]
    seen: Counter[str] = Counter()
    heads = [list[str]() for _ in nodes]
    for is_row in (False, True):
        kind = [at for at, n in enumerate(nodes) if (apart and n.row is not None) == is_row]
        found = _above([measures[at] for at in kind], [own[at] for at in kind])
        for at, head in zip(kind, found, strict=True):
            heads[at] = head
    for node, measure, numbers, above in zip(nodes, measures, own, heads, strict=True):
        number = ".".join([*above, *numbers])
        seen[number] += 1
        part = measure.parent if measure.parent and measure.parent.mark else None
        sub = ".".join(numbers[1:]) or None
        name = number if seen[number] == 1 else f"{number}-{seen[number]}"
        yield Leaf(items[id(node)], measure, part, name, sub)


def _above(measures: list[Node], own: list[list[str]]) -> list[list[str]]:
    """Return the numbers of headings that ids need: none, those up to 一、, or chapters too."""
    is_decimal = any(measure.style.startswith("1.1") for measure in measures)
    paths = [[node for node in measure.ancestry() if node.mark][1:] for measure in measures]
    depths = [sum(RANKS.get(node.style, 3) >= 3 for node in path) for path in paths]
    given = [
        _outward(path, depth if is_decimal else 0)
        for path, depth in zip(paths, depths, strict=True)
    ]
    most = max(map(len, paths), default=0) if is_decimal or _restarts(measures) else -1
    for chapters in range(most + 1):
        trial = [
            _outward(path, depth + chapters) for path, depth in zip(paths, depths, strict=True)
        ]
        if _distinct(trial, own) > _distinct(given, own):
            given = trial
    return given


def _distinct(above: list[list[str]], own: list[list[str]]) -> int:
    return len({(*head, *tail) for head, tail in zip(above, own, strict=True)})


def _outward(path: list[Node], levels: int) -> list[str]:
    """Return the numbers of the headings next above a measure, outermost first."""
    return [str(node.mark.value) for node in path[:levels] if node.mark][::-1]


def _restarts(measures: list[Node]) -> bool:
    """Tell whether the numbers of measures start again under several headings."""
    parents = {id(m.parent): m for m in measures if m.parent is not None}
    firsts = (
        next(c for c in m.parent.children if c.style == m.style)
        for m in parents.values()
        if m.parent
    )
    return sum(first.mark is not None and first.mark.value == 1 for first in firsts) > 1


def _numbers(node: Node, measure: Node) -> list[str]:
    below: Iterable[Node] = node.ancestry()
    numbers: list[str] = []
    for step in below:
        numbers.append(str(step.mark.value) if step.mark else "")
        if step is measure:
            break
    return numbers[::-1]
