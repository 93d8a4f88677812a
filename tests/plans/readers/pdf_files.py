"""PDF files made for the tests, object by object."""

from collections.abc import Iterable

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
    b"/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500]"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/ItalicAngle 0"
    b"/FontBBox[0 -200 1000 880]/Ascent 880/Descent -200/CapHeight 700/StemV 80>>>>]>>"
)
SIZE = 16
LEFT, TOP, HEIGHT = 80, 720, 28
Printed = tuple[float, float, str]


def pdf(
    pages: Iterable[Iterable[Printed]],
    *,
    catalog: bytes = b"",
    drawn: bytes = b"",
    page: bytes = b"",
) -> bytes:
    """Return a PDF whose pages print each text at its place, in points from the lower left.

    ``drawn`` is drawn on each, ``page`` stands in its dictionary.
    """
    printed = [list(page) for page in pages]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(printed)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(printed), kids),
        FONT,
    ]
    for number, lines in enumerate(printed):
        stream = drawn + b"".join(
            b"BT /F %d Tf 1 0 0 1 %d %d Tm <%s> Tj ET\n"
            % (SIZE, x, y, text.encode("utf-16-be").hex().encode())
            for x, y, text in lines
        )
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R%s>>" % (5 + 2 * number, page),
            b"<</Length %d>>stream\n%sendstream" % (len(stream), stream),
        ]
    return whole(objects)


def whole(objects: list[bytes], *, trailer: bytes = b"") -> bytes:
    """Return the file of numbered objects; the first one is the catalog."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
    return out + head + table + end % (len(objects) + 1, trailer, len(out))


def set_in_pages(
    text: str, *, width: int = 27, lines: int = 22, head: str = ""
) -> list[list[Printed]]:
    """Return a text as a typist sets it: indented paragraphs, wrapped lines, head and number."""
    rows: list[tuple[int, str]] = []
    for paragraph in filter(None, (line.strip() for line in text.split("\n"))):
        measure, row = width * 2 - 4, ""
        indent = 2 * SIZE
        for char in paragraph:
            wide = 1 if char.isascii() else 2
            if measure < wide:
                rows.append((LEFT + indent, row))
                measure, row, indent = width * 2, "", 0
            row += char
            measure -= wide
        rows.append((LEFT + indent, row))
    pages = []
    for number, start in enumerate(range(0, len(rows), lines), 1):
        page: list[Printed] = [
            (x, TOP - HEIGHT * at, row) for at, (x, row) in enumerate(rows[start : start + lines])
        ]
        pages.append([(300, 790, head), *page, (280, 50, f"— {number} —")])
    return pages


def boxes(*places: tuple[float, float, float, float]) -> bytes:
    """Return boxes drawn as an office program draws cells: left, bottom, width, height."""
    return b"".join(b"%d %d %d %d re S\n" % place for place in places)
