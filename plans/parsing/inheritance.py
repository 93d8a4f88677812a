"""What is said once for several measures: brackets of parents, merged cells, rules that hold on."""

import re
from collections.abc import Iterator
from dataclasses import replace

from plans.parsing.cells import row_assignments
from plans.parsing.clauses import sentence_end
from plans.parsing.items import Item
from plans.parsing.lexicon.assigning import ABOVE, FOLLOW, SAME_AS_ABOVE
from plans.parsing.marks import ITEM_STYLES
from plans.parsing.name_lists import LEAD, read_names
from plans.parsing.numbers import whole
from plans.parsing.outline import Node
from plans.parsing.responsibility import Assignment, assignment_of
from plans.parsing.spans import Span, View, view_of

MOST_RULES = 8


def hand_down(plain: str, root: Node, items: dict[int, Item]) -> None:
    """Give every item what headings, rows above and rules before it say for it."""
    _inherit(plain, root, items)
    for node in root.walk():
        if node.row is not None and node.row.above:
            items[id(node)].extra.append(_merged(plain, node))
    _follow(plain, root, items)
    if SAME_AS_ABOVE.search(plain, root.body.start):
        _repeat_names(root, items)
    if ABOVE.search(plain, root.body.start):
        _look_back(root, items)


def _repeat_names(root: Node, items: dict[int, Item]) -> None:
    """Let 同上 stand for the names of the item before."""
    before: list[Item] = []
    for node in root.walk():
        if node.mark is None or node.children:
            continue
        item = items[id(node)]
        if not item.assigns and before and SAME_AS_ABOVE.search(item.view.text):
            item.inherited = before
        else:
            before = [item] if item.assigns else item.inherited


def _look_back(root: Node, items: dict[int, Item]) -> None:
    """Let a sentence that speaks of the items above it hold for those that name nobody."""
    before: list[Item] = []
    for node in root.walk():
        if node.mark is None or node.children:
            continue
        item = items[id(node)]
        before.append(item)
        rule = next(_rules(item.view, ABOVE), None)
        if rule is None:
            continue
        speaker = Item(node, item.view, [rule])
        said = ABOVE.search(item.view.text)
        count = whole(said["count"]) if said and said["count"] else None
        spoken = before[-count:] if count else [b for b in before if b.node.parent is node.parent]
        for each in spoken:
            if not each.is_led:
                each.inherited = [speaker]
        before = []


def _inherit(plain: str, root: Node, items: dict[int, Item]) -> None:
    """Hand a bracket at a heading, or after the last of several sub-items, to all it speaks for."""
    for node in root.walk():
        if not node.children:
            continue
        own = items.get(id(node))
        sources = [own] if own and own.assigns else []
        if own and not sources:
            sources = own.inherited
        children = [items[id(child)] for child in node.children]
        last = children[-1]
        shares_last = (
            len(children) > 1
            and not any(child.node.children for child in children)
            and (
                last.node.style in ITEM_STYLES or _ends_apart(last) or _in_one_line(plain, children)
            )
            and last.assigns
            and not any(child.assigns for child in children[:-1])
        )
        for child in children:
            if sources:
                child.inherited = sources
            elif shares_last and child is not last:
                child.inherited = [last]


def _ends_apart(item: Item) -> bool:
    """Tell whether what an item assigns stands in paragraphs of its own, after its text."""
    first = next((a.outer_start for a in item.assignments if a.names), 0)
    return item.node.row is None and item.view.text[first - 1 : first] == "\n"


def _in_one_line(plain: str, items: list[Item]) -> bool:
    """Tell whether items run on in one paragraph."""
    first, last = items[0].node.mark, items[-1].node.mark
    return bool(first and last and plain.find("\n", first.span.start, last.span.start) < 0)


def _merged(plain: str, node: Node) -> Item:
    """Return the cells above that are merged with empty cells of this row."""
    assert node.row is not None
    spans = [cell for _, cell in node.row.above]
    view = view_of(plain, Span(min(s.start for s in spans), max(s.end for s in spans)))
    return Item(
        node, view, row_assignments(view, replace(node.row, cells=node.row.above, above=()))
    )


def _follow(plain: str, root: Node, items: dict[int, Item]) -> None:
    """Let a rule speak for all below its heading, or from its measure on to the end."""
    if not FOLLOW.search(plain, root.body.start):
        return
    preface = view_of(plain, root.body)
    standing = [Item(root, preface, [rule]) for rule in _rules(preface)][-MOST_RULES:]
    for node in root.walk():
        if node.mark is None:
            continue
        item = items[id(node)]
        item.extra += standing
        if node.parent is not None and node.parent.mark is not None and node.parent.children:
            item.extra += items[id(node.parent)].rules
        rules = [Item(node, item.view, [rule]) for rule in _rules(item.view)]
        if node.children:
            above = items[id(node.parent)].rules if _has_heading(node) else []
            item.rules = [*above, *rules][-MOST_RULES:]
        else:
            standing = [*standing, *rules][-MOST_RULES:]


def _has_heading(node: Node) -> bool:
    return node.parent is not None and node.parent.mark is not None


def _rules(view: View, said: "re.Pattern[str]" = FOLLOW) -> Iterator[Assignment]:
    text = view.text
    for match in said.finditer(text):
        end = sentence_end(text, match.end())
        bracket = text.find(")", match.end(), end)
        end = bracket if bracket >= 0 and "(" not in text[match.end() : bracket] else end
        reading = read_names(view, match.end(), end)
        if reading.names and reading.is_explicit:
            found = assignment_of(
                view, (match.end(), end), (match.end(), end), reading, closed=True
            )
            leads = {start for start, _, role, _ in reading.names if role == LEAD}
            names = tuple(
                n._replace(role="share") if n.role == "lead" and n.start not in leads else n
                for n in found.names
            )
            yield found._replace(names=names)
