"""A Word paper in the layout of official documents: title, headings, text, page numbers."""

from io import BytesIO
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

TITLE, HEADING, SUBHEADING, TEXT = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
FALLBACKS = {
    TITLE: "宋体,SimSun,Noto Serif CJK SC",
    HEADING: "SimHei,Noto Sans CJK SC",
    SUBHEADING: "楷体,KaiTi,Noto Serif CJK SC",
    TEXT: "仿宋,FangSong,Noto Serif CJK SC",
}
LATIN = "Times New Roman"
LINE = Pt(28)


class WordPaper:
    """A paper under way; ``content`` gives the file."""

    def __init__(self, title: str) -> None:
        self.document = Document()
        self.document.core_properties.title = title
        self.document.core_properties.author = ""
        self._lay_out()
        self._name_fonts()
        self._write(title, TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER)

    def subtitle(self, text: str) -> None:
        """Write a line below the title."""
        self._write(text, SUBHEADING, 16, align=WD_ALIGN_PARAGRAPH.CENTER)

    def heading(self, text: str) -> None:
        """Begin an item."""
        self._write(text, HEADING, 16, indent=True, keep=True)

    def subheading(self, text: str) -> None:
        """Begin a part of an item."""
        self._write(text, SUBHEADING, 16, indent=True, keep=True)

    def text(self, text: str) -> None:
        """Write paragraphs, one a line."""
        for line in text.splitlines():
            if line.strip():
                self._write(line.strip(), TEXT, 16, indent=True)

    def content(self) -> bytes:
        """Return the file's bytes."""
        out = BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _write(
        self,
        text: str,
        font: str,
        size: float,
        *,
        align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
        indent: bool = False,
        keep: bool = False,
    ) -> None:
        paragraph = self.document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.alignment = align
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        shape.keep_with_next = keep
        if indent:
            shape.first_line_indent = Pt(size * 2)
        run = paragraph.add_run("".join(sign for sign in text if sign >= " "))
        run.font.size = Pt(size)
        run.font.name = LATIN
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)

    def _lay_out(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run("— ")
        number = OxmlElement("w:fldSimple")
        number.set(qn("w:instr"), "PAGE")
        foot._p.append(number)
        foot.add_run(" —")

    def _name_fonts(self) -> None:
        """Tell Word and WPS which font to take where one is not installed."""
        parts = self.document.part.package.iter_parts()
        table = next(part for part in parts if str(part.partname) == "/word/fontTable.xml")
        fonts = parse_xml(table.blob)
        for name, others in FALLBACKS.items():
            fonts.append(
                parse_xml(
                    f"<w:font {nsdecls('w')} w:name={quoteattr(name)}>"
                    f"<w:altName w:val={quoteattr(others)}/><w:charset w:val='86'/></w:font>"
                )
            )
        table._blob = serialize_part_xml(fonts)
