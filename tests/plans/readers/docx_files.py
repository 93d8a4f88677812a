"""Word files made for the tests, part by part."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
    f'ContentType="application/xml"/><Default Extension="rels" ContentType="{RELATIONSHIPS}"/>'
    f'<Override PartName="/word/document.xml" ContentType="{CONTENT}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{CONTENT}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{CONTENT}.numbering+xml"/></Types>'
)


def relationships(*targets: tuple[str, str], mode: str = "") -> str:
    """Return a `.rels` part for kinds and targets."""
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def paragraph(text: str, *, number: int | None = None, level: int = 0, style: str = "") -> str:
    """Return a paragraph, in a list if `number` names one."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    listed = (
        f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
        if number is not None
        else ""
    )
    runs = f"<w:r><w:t>{escape(text)}</w:t></w:r>" if text else ""
    return f"<w:p><w:pPr>{named}{listed}</w:pPr>{runs}</w:p>"


def cell(*paragraphs: str, span: int = 1, merge: str = "") -> str:
    """Return a cell that takes `span` columns and begins or continues a vertical merge."""
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    tall = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    inside = "".join(p if p.startswith("<") else paragraph(p) for p in paragraphs)
    return f"<w:tc><w:tcPr>{wide}{tall}</w:tcPr>{inside or '<w:p/>'}</w:tc>"


def table(*rows: Iterable[str]) -> str:
    """Return a table of cells."""
    return "<w:tbl>" + "".join("<w:tr>" + "".join(row) + "</w:tr>" for row in rows) + "</w:tbl>"


def text_box(text: str) -> str:
    """Return a paragraph with a text box, in the two copies that Word writes of it."""
    box = f"<w:txbxContent>{paragraph(text)}</w:txbxContent>"
    return (
        f"<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing>"
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>"
    )


def level(
    index: int, form: str, text: str, *, start: int = 1, style: str = "", more: str = ""
) -> str:
    """Return a level of a list."""
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{linked}'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(definitions: dict[int, str], numbers: dict[int, tuple[int, str]]) -> str:
    """Return the inside of numbering.xml: definitions with levels, numbers with overrides."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}">{levels}</w:abstractNum>'
        for key, levels in definitions.items()
    )
    return abstract + "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'
        for key, (of, override) in numbers.items()
    )


def restart(index: int, start: int = 1) -> str:
    """Return the override that lets a level begin again."""
    return f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def docx(
    *blocks: str, numbering: str = "", styles: str = "", more: dict[str, str | bytes] | None = None
) -> bytes:
    """Return a Word file with these blocks in its body."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": relationships(
            ("styles", "styles.xml"), ("numbering", "numbering.xml")
        ),
        "word/document.xml": f"<w:document {NAMES}><w:body>{''.join(blocks)}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMES}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {NAMES}>{numbering}</w:numbering>",
    }
    return packed(parts | (more or {}))


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file of the parts."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
