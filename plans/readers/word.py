"""Reading a .docx: paragraphs in order, automatic numbers, tables with merged cells, text boxes."""

from collections.abc import Iterator

from lxml import etree

from plans.readers.archive import BROKEN, Package
from plans.readers.document import DocumentError, Pages
from plans.readers.grid import Cell, lines_of, spread
from plans.readers.numbering import Numbering, W, value, whole

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
BREAKS = {f"{W}br": "\n", f"{W}cr": "\n", f"{W}tab": "\t", f"{W}noBreakHyphen": "-"}
LEFT_OUT = frozenset(
    f"{W}{name}" for name in ("del", "moveFrom", "rt", "pPr", "rPr", "sdtPr", "instrText")
)
WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
GONE = ("del", "moveFrom")
FEW_ROWS = 2
BOX = f"{W}txbxContent"
MOST_DEPTH = 60


def read_docx(content: bytes) -> Pages:
    """Return the text of a Word document."""
    package = Package(content)
    main = package.related("_rels/.rels", "officeDocument")
    if "xl/workbook.xml" in package:
        raise DocumentError("wrong_kind", "这是 Excel 文件，请把扩展名改为 .xlsx 再上传。")
    if main is None:
        raise DocumentError("broken", BROKEN)
    folder, _, name = main.rpartition("/")
    names = f"{folder}/_rels/{name}.rels"
    styles, numbering = (package.related(names, kind) for kind in ("styles", "numbering"))
    return _Reader(
        package.tree(main),
        package.tree(styles) if styles else None,
        package.tree(numbering) if numbering else None,
    ).read()


class _Reader:
    """Walks through the body and writes down what is seen on paper."""

    def __init__(
        self,
        document: "etree._Element",
        styles: "etree._Element | None",
        numbering: "etree._Element | None",
    ) -> None:
        self.document = document
        self.numbering = Numbering(numbering, styles)
        self.contents_styles = {
            style.get(f"{W}styleId", "")
            for style in (styles.iter(f"{W}style") if styles is not None else ())
            if (value(style, f"{W}name") or "").lower().startswith("toc ")
        }
        self.hidden_styles = hidden_styles(styles)
        self.pages = Pages()
        self.held = ""
        self.paragraphs = 0
        self.tables = 0
        self.boxes = 0

    def read(self) -> Pages:
        """Return all of the body."""
        body = self.document.find(f"{W}body")
        if body is None:
            raise DocumentError("broken", BROKEN)
        self._blocks(body, "")
        return self.pages

    def _blocks(self, parent: "etree._Element", place: str) -> None:
        for child in blocks(parent):
            if child.tag == f"{W}tbl":
                self._table(child)
            elif child.tag == f"{W}p":
                self._paragraph(child, place)

    def _paragraph(self, paragraph: "etree._Element", place: str) -> None:
        text = self._line(paragraph)
        if text and value(paragraph, f"{W}pPr/{W}pStyle") not in self.contents_styles:
            self.paragraphs += 0 if place else 1
            for line in text.split("\n"):
                if line.strip():
                    self.pages.add(line.strip(), place or f"第{self.paragraphs}段")
        for box in boxes(paragraph):
            self.boxes += 1
            self._blocks(box, f"文本框{self.boxes}")

    def _line(self, paragraph: "etree._Element", *, is_cell: bool = False) -> str:
        """Return a paragraph with its number; a cell may hold nothing but the number.

        One whose end was struck out goes on in the next one, and is not counted.
        """
        text = self.held + "".join(self._pieces(paragraph)).strip()
        if any(paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None for gone in GONE):
            self.held = text
            return ""
        self.held = ""
        number = self.numbering.of(paragraph.find(f"{W}pPr"))
        return number + text if text else number.strip() * is_cell

    def _table(self, table: "etree._Element") -> None:
        rows = rows_of(table)
        if arranges_the_page(rows):
            for row in rows:
                for cell in _children(row, f"{W}tc"):
                    self._blocks(cell, "")
            return
        self.tables += 1
        for number, line in lines_of(spread(self._cells(rows))):
            self.pages.add(line, f"表{self.tables}第{number}行")

    def _cells(self, rows: "list[etree._Element]") -> list[list[Cell]]:
        """Return the rows; a vertically merged cell is said in each row it goes through."""
        above: dict[int, str] = {}
        table = []
        for row in rows:
            skipped = min(whole(value(row, f"{W}trPr/{W}gridBefore"), 0), MOST_DEPTH)
            line = [Cell("") for _ in range(skipped)]
            at = skipped
            for cell in _children(row, f"{W}tc"):
                merge = cell.find(f"{W}tcPr/{W}vMerge")
                width = min(max(whole(value(cell, f"{W}tcPr/{W}gridSpan"), 1), 1), MOST_DEPTH)
                if merge is not None and merge.get(f"{W}val", "continue") == "continue":
                    text = above.get(at, "")
                else:
                    text = self._cell(cell)
                above[at] = text
                line.append(Cell(text, columns=width))
                at += width
            table.append(line)
        return table

    def _cell(self, cell: "etree._Element") -> str:
        return " ".join(filter(None, self._cell_lines(cell, 0)))

    def _cell_lines(self, parent: "etree._Element", depth: int) -> Iterator[str]:
        """Yield what stands in a cell, in its boxes and in tables inside it."""
        for child in blocks(parent):
            if child.tag == f"{W}p":
                yield self._line(child, is_cell=True)
                inside = boxes(child)
            elif child.tag == f"{W}tbl":
                inside = (cell for row in rows_of(child) for cell in _children(row, f"{W}tc"))
            else:
                continue
            if depth < MOST_DEPTH:
                for part in inside:
                    yield from self._cell_lines(part, depth + 1)

    def _pieces(self, element: "etree._Element", depth: int = 0) -> Iterator[str]:
        """Yield the visible text inside a paragraph; text boxes are blocks of their own."""
        for child in element:
            tag = child.tag
            if tag in (f"{W}t", MATH_TEXT):
                yield child.text or ""
            elif tag in BREAKS:
                yield BREAKS[str(tag)]
            elif tag in LEFT_OUT or tag == BOX or depth > MOST_DEPTH or self._is_hidden(child):
                continue
            elif tag == f"{MC}AlternateContent":
                yield from self._pieces(_chosen(child), depth + 1)
            elif tag != f"{W}sdt" or not _is_prompt(child):
                yield from self._pieces(child, depth + 1)

    def _is_hidden(self, run: "etree._Element") -> bool:
        """Tell whether a run is not printed."""
        own = _vanishes(run)
        return own if own is not None else value(run, f"{W}rPr/{W}rStyle") in self.hidden_styles


def hidden_styles(styles: "etree._Element | None") -> frozenset[str]:
    """Return the styles of characters that are not printed."""
    found: dict[str, tuple[bool | None, str]] = {
        style.get(f"{W}styleId", ""): (_vanishes(style), value(style, f"{W}basedOn") or "")
        for style in (styles.iter(f"{W}style") if styles is not None else ())
        if style.get(f"{W}type") == "character"
    }

    def hides(name: str, depth: int = 0) -> bool:
        own, based_on = found.get(name, (False, ""))
        return own if own is not None else depth < MOST_DEPTH and hides(based_on, depth + 1)

    return frozenset(filter(hides, found))


def _vanishes(element: "etree._Element") -> bool | None:
    """Tell whether properties hide the text, show it, or say nothing of it."""
    found = element.find(f"{W}rPr/{W}vanish")
    return None if found is None else found.get(f"{W}val") not in ("0", "false")


def rows_of(table: "etree._Element") -> "list[etree._Element]":
    """Return the rows of a table without those that were struck out."""
    return [row for row in _children(table, f"{W}tr") if row.find(f"{W}trPr/{W}del") is None]


def arranges_the_page(rows: "list[etree._Element]") -> bool:
    """Tell a table that only arranges the page: one column, or few rows with tables in them."""
    if max((len(list(_children(row, f"{W}tc"))) for row in rows), default=0) < 2:
        return True
    return len(rows) <= FEW_ROWS and any(row.find(f".//{W}tbl") is not None for row in rows)


def _children(parent: "etree._Element", tag: str) -> "Iterator[etree._Element]":
    """Yield the children of a kind, also those inside content controls."""
    return (child for child in blocks(parent) if child.tag == tag)


def blocks(parent: "etree._Element", depth: int = 0) -> "Iterator[etree._Element]":
    """Yield the blocks of a body, a cell or a row, through what only wraps them."""
    for child in parent:
        if child.tag in WRAPPERS:
            if depth < MOST_DEPTH and not _is_prompt(child):
                yield from blocks(child, depth + 1)
        else:
            yield child


def _is_prompt(control: "etree._Element") -> bool:
    """Tell whether a content control holds nothing but the words that ask for its content."""
    return control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def boxes(element: "etree._Element", depth: int = 0) -> "Iterator[etree._Element]":
    """Yield the text boxes anchored in a paragraph, each once."""
    for child in element:
        if child.tag == BOX:
            yield child
        elif child.tag == f"{MC}AlternateContent":
            yield from boxes(_chosen(child), depth + 1)
        elif depth < MOST_DEPTH:
            yield from boxes(child, depth + 1)


def _chosen(alternatives: "etree._Element") -> "etree._Element":
    """Return the branch that holds a text box, else the first: both say the same."""
    for branch in alternatives:
        if next(branch.iter(BOX), None) is not None:
            return branch
    return alternatives[0] if len(alternatives) else alternatives
