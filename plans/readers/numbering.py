"""Automatic list numbers of a .docx, which stand in no run of the text and must be counted."""

import re
from dataclasses import dataclass, field

from lxml import etree

from plans.readers.numerals import FORMATS, decimal

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9
PLACEHOLDER = re.compile(r"%([1-9])")
CLOSING = tuple("、.．。)）]］〕】,，:：;；" + "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def value(element: "etree._Element | None", path: str) -> str | None:
    """Return the `w:val` of a descendant, none where it is missing."""
    found = element.find(path) if element is not None else None
    return None if found is None else found.get(f"{W}val", "")


def whole(text: str | None, default: int) -> int:
    """Return a number within what Word can mean by one."""
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    suffix: str = "tab"


@dataclass(slots=True)
class _List:
    """A list of the document: its levels, and the definition whose count it shares."""

    abstract: str
    levels: dict[int, Level]
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the lists of a document, paragraph after paragraph."""

    def __init__(self, numbering: "etree._Element | None", styles: "etree._Element | None") -> None:
        self._style_lists: dict[str, tuple[str | None, int | None]] = {}
        self._based_on: dict[str, str] = {}
        self.default_style = ""
        for style in styles.iter(f"{W}style") if styles is not None else ():
            self._take_style(style)
        self._linked: dict[tuple[str, str], int] = {}
        self._lists = self._read_lists(numbering) if numbering is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def _take_style(self, style: "etree._Element") -> None:
        name = style.get(f"{W}styleId", "")
        if style.get(f"{W}default") in ("1", "true") and style.get(f"{W}type") == "paragraph":
            self.default_style = name
        self._based_on[name] = value(style, f"{W}basedOn") or ""
        properties = style.find(f"{W}pPr/{W}numPr")
        if properties is not None:
            level = value(properties, f"{W}ilvl")
            self._style_lists[name] = (
                value(properties, f"{W}numId"),
                whole(level, 0) if level is not None else None,
            )

    def _read_lists(self, numbering: "etree._Element") -> dict[str, _List]:
        definitions = {
            found.get(f"{W}abstractNumId", ""): found
            for found in numbering.findall(f"{W}abstractNum")
        }
        by_style = {
            value(found, f"{W}styleLink"): key
            for key, found in definitions.items()
            if value(found, f"{W}styleLink")
        }
        lists: dict[str, _List] = {}
        for num in numbering.findall(f"{W}num"):
            key = value(num, f"{W}abstractNumId") or ""
            key = by_style.get(value(definitions.get(key), f"{W}numStyleLink"), key)
            lists[num.get(f"{W}numId", "")] = self._list(num, key, definitions.get(key))
        return lists

    def _list(self, num: "etree._Element", key: str, definition: "etree._Element | None") -> _List:
        found = _List(key, {})
        for level in definition.findall(f"{W}lvl") if definition is not None else ():
            self._take_level(found, level, num.get(f"{W}numId", ""))
        for override in num.findall(f"{W}lvlOverride"):
            index = whole(override.get(f"{W}ilvl"), 0)
            own = override.find(f"{W}lvl")
            if own is not None:
                self._take_level(found, own, num.get(f"{W}numId", ""))
            start = value(override, f"{W}startOverride")
            if start is not None:
                found.starts[index] = whole(start, 1)
        return found

    def _take_level(self, found: _List, level: "etree._Element", number: str) -> None:
        index = whole(level.get(f"{W}ilvl"), 0)
        form = level.find(f"{W}numFmt")
        if form is None:
            form = level.find(f".//{W}numFmt")
        restart = value(level, f"{W}lvlRestart")
        legal = level.find(f"{W}isLgl")
        found.levels[index] = Level(
            start=whole(value(level, f"{W}start"), 0),
            form=form.get(f"{W}val", "decimal") if form is not None else "decimal",
            text=value(level, f"{W}lvlText") or "",
            restart=whole(restart, 0) if restart is not None else None,
            is_legal=legal is not None and legal.get(f"{W}val") not in ("0", "false"),
            suffix=value(level, f"{W}suff") or "tab",
        )
        if linked := value(level, f"{W}pStyle"):
            self._linked[number, linked] = index

    def of(self, properties: "etree._Element | None") -> str:
        """Return the number before a paragraph, given its properties; empty if it has none."""
        number, index = self._list_of(properties)
        if not number or number == "0" or number not in self._lists:
            return ""
        found = self._lists[number]
        if index not in found.levels:
            return ""
        self._count(number, found, index)
        return self._render(found, index)

    def _list_of(self, properties: "etree._Element | None") -> tuple[str | None, int]:
        own = properties.find(f"{W}numPr") if properties is not None else None
        number = value(own, f"{W}numId")
        level = value(own, f"{W}ilvl")
        style = value(properties, f"{W}pStyle") or self.default_style
        asked = style
        for _ in range(20):
            if number is not None or not style:
                break
            number, of_style = self._style_lists.get(style, (None, None))
            if level is None and of_style is not None:
                level = str(of_style)
            style = self._based_on.get(style, "")
        if level is None and number is not None:
            return number, self._linked.get((number, asked), 0)
        return number, whole(level, 0)

    def _count(self, number: str, found: _List, index: int) -> None:
        counts = self._counts.setdefault(found.abstract, {})
        if index in found.starts and (number, index) not in self._begun:
            counts[index] = found.starts[index]
        elif index in counts:
            counts[index] += 1
        else:
            counts[index] = found.levels[index].start
        for above in range(index + 1):
            self._begun.add((number, above))
            if above in found.levels:
                counts.setdefault(above, found.starts.get(above, found.levels[above].start))
        for below in range(index + 1, LEVELS):
            restart = found.levels[below].restart if below in found.levels else None
            if restart is None or (restart > 0 and index < restart):
                counts.pop(below, None)

    def _render(self, found: _List, index: int) -> str:
        level = found.levels[index]
        counts = self._counts[found.abstract]
        if level.form == "none":
            return PLACEHOLDER.sub("", level.text)
        if level.form == "bullet":
            return "" if PRIVATE_USE.search(level.text) else level.text

        def printed(match: "re.Match[str]") -> str:
            at = int(match[1]) - 1
            part = found.levels.get(at)
            if part is None:
                return ""
            form = "decimal" if level.is_legal else part.form
            return FORMATS.get(form, decimal)(counts.get(at, part.start))

        text = PLACEHOLDER.sub(printed, level.text).strip()
        if not text or level.suffix == "nothing" or text.endswith(CLOSING):
            return text
        return text + " "
