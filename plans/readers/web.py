"""Reading a web page: the document in it without the furniture around; nothing is fetched."""

import re

from lxml import etree, html

from plans.readers.document import DocumentError, Pages
from plans.readers.grid import Cell, lines_of, spread
from plans.readers.numerals import FORMATS, decimal
from plans.readers.text import decode

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
FURNITURE = re.compile(
    "head|script|style|noscript|template|nav|header|footer|aside|iframe|object|embed|form|button"
    "|select|input|textarea|svg|canvas|audio|video|map|dialog|menu"
)
BLOCKS = re.compile(
    "address|article|aside|blockquote|body|caption|center|d[dlt]|div|fieldset|figcaption|figure"
    "|form|h[1-6]|header|hr|html|li|main|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
FURNITURE_NAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|share\w*|bdshare\w*|crumbs?|breadcrumbs?|footer|foot|header|"
    r"sidebar|aside|side|copyright|toolbar|related|recommend|pagination|pager|qrcode|print|"
    r"comments?|topbar|search|banner|fontsize)(?:[\s_-]|$)",
    re.IGNORECASE,
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
PAGE_NOTE = re.compile(
    r"(?:(?:(?:发布|发文|更新)(?:时间|日期)|信息来源|来源|(?:浏览|阅读|点击)(?:次数|量|率)?|责任编辑|字体"
    r"|上一[篇条]|下一[篇条]|(?:您?(?:当前|现在)的?)?位置)\s*[:：]"
    r"|[【\[]?(?:字号|打印|分享|关闭窗口|扫一扫)|首页\s*[>＞»])[^\n。；]{0,80}"
)
LIST_STYLES = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
}
LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)")
LAYOUT_CELL = 1_500
MOST_DEPTH = 200


def read_html(content: bytes) -> Pages:
    """Return the text of a saved web page."""
    source = DECLARATION.sub("", _decoded(content))
    if not source.strip():
        raise DocumentError("empty", "网页文件没有文字内容。")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise DocumentError("broken", "网页文件无法读取，请复制全文粘贴到文本框里。") from error
    _clear(root)
    return _Reader().read(root)


def _decoded(content: bytes) -> str:
    """Return the page, which may say another encoding than it has: UTF-8 is known by itself."""
    named = CHARSET.search(content[:4096])
    if named and named[1].lower() in (b"gb2312", b"gbk", b"gb18030"):
        try:
            return content.decode("utf-8-sig").replace("\0", "")
        except UnicodeDecodeError:
            return content.decode("gb18030", errors="replace").replace("\0", "")
    return decode(content)


def _text_length(element: "etree._Element") -> int:
    return sum(len(text.strip()) for text in element.itertext())


def _own_length(element: "etree._Element") -> int:
    """Return how much text stands outside of links."""
    return _text_length(element) - sum(_text_length(link) for link in element.iter("a"))


def _clear(root: "etree._Element") -> None:
    """Take the furniture out: by tag, by name, and lists that are links for the most part."""
    for element in list(root.iter("head", "script", "style", "noscript", "template")):
        _drop(element)
    whole = _own_length(root)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element is root or element.tag == "body":
            continue
        titled = element.tag == "header" and element.find(".//h1") is not None
        if (FURNITURE.fullmatch(element.tag) and not titled) or _is_furniture(element):
            is_block = BLOCKS.fullmatch(element.tag)
            if not (is_block and _own_length(element) * 2 > whole):
                _drop(element)


def _is_furniture(element: "etree._Element") -> bool:
    if element.get("hidden") is not None or HIDDEN.search(element.get("style", "")):
        return True
    if element.get("role") in ("navigation", "banner", "contentinfo", "search"):
        return True
    if element.find(".//h1") is not None:
        return False
    if FURNITURE_NAME.search(f"{element.get('class', '')} {element.get('id', '')}"):
        return element.tag not in ("table", "td", "tr", "span", "font", "strong", "b")
    if element.tag not in ("ul", "ol", "dl", "div", "p", "section"):
        return False
    links = [_text_length(link) for link in element.iter("a")]
    return len(links) > 1 and sum(links) * 10 > 6 * _text_length(element)


def _drop(element: "etree._Element") -> None:
    """Remove an element, keeping the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


class _Reader:
    """Writes blocks as lines, and data tables as rows."""

    def __init__(self) -> None:
        self.pages = Pages()
        self.paragraphs = 0
        self.tables = 0
        self.line: list[str] = []

    def read(self, root: "etree._Element") -> Pages:
        """Return all of a page."""
        self._flow(root, 0)
        self._end()
        return self.pages

    def _flow(self, element: "etree._Element", depth: int) -> None:
        tag = str(element.tag)
        if depth > MOST_DEPTH:
            self.line.extend(str(text) for text in element.itertext())
            return
        if tag == "br":
            self._end()
            return
        if tag == "table" and is_data(element):
            self._end()
            self._table(element)
            return
        if BLOCKS.fullmatch(tag):
            self._end()
        if tag == "li":
            self.line.append(_number(element))
        self._write(element.text, tag)
        for child in element:
            if isinstance(child.tag, str):
                self._flow(child, depth + 1)
            self._write(child.tail, tag)
        if BLOCKS.fullmatch(tag):
            self._end()

    def _write(self, text: str | None, tag: str) -> None:
        if not text:
            return
        if tag != "pre":
            self.line.append(re.sub(r"[ \t\r\n\f]+", " ", text))
            return
        for number, line in enumerate(text.splitlines()):
            if number:
                self._end()
            self.line.append(line)

    def _end(self) -> None:
        line = "".join(self.line).replace("\xa0", " ").strip(" \u3000\t")
        self.line = []
        if line and not (len(line) < 120 and PAGE_NOTE.fullmatch(line)):
            self.paragraphs += 1
            self.pages.add(line, f"第{self.paragraphs}段")

    def _table(self, table: "etree._Element") -> None:
        self.tables += 1
        rows = [
            [
                Cell(
                    " ".join(" ".join(map(str, cell.itertext())).split()),
                    columns=_span(cell, "colspan"),
                    rows=_span(cell, "rowspan"),
                )
                for cell in row
                if cell.tag in ("td", "th")
            ]
            for row in table.iter("tr")
        ]
        for number, line in lines_of(spread(rows)):
            self.pages.add(line, f"表{self.tables}第{number}行")


def is_data(table: "etree._Element") -> bool:
    """Tell a table of rows and columns from one that only arranges the page."""
    if any(found is not table for found in table.iter("table")):
        return False
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    if max((len(row) for row in rows), default=0) < 2:
        return False
    return all(_text_length(cell) < LAYOUT_CELL for row in rows for cell in row)


def _span(cell: "etree._Element", name: str) -> int:
    text = cell.get(name, "1").strip()
    return max(int(text), 1) if text.isdecimal() and len(text) < 4 else 1


def _number(item: "etree._Element") -> str:
    """Return the number that a browser prints before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    styled = LIST_STYLE.search(parent.get("style", ""))
    kind = styled[1] if styled else parent.get("type", "1")
    if kind == "none":
        return ""
    number = int(start) if (start := parent.get("start", "1")).isdecimal() else 1
    for other in parent.iterchildren("li"):
        given = other.get("value", "")
        if given.isdecimal():
            number = int(given)
        if other is item:
            break
        number += 1
    if kind in ("cjk-ideographic", "simp-chinese-informal"):
        return FORMATS["chineseCounting"](number) + "、"
    return FORMATS.get(LIST_STYLES.get(kind, ""), decimal)(number) + "."
