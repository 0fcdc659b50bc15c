"""Documents made by hand, byte by byte, so that they can be broken in every way."""

import zipfile
import zlib
from io import BytesIO


def make_pdf(
    pages: list[str],
    *,
    size: tuple[float, float] = (595, 842),
    streams: list[bytes] | None = None,
    stream_entries: bytes = b"",
    trailer: bytes = b"",
) -> bytes:
    """Make a PDF with one line of Helvetica on every page.

    Args:
        pages: the lines, in Latin-1 without parentheses.
        size: (width, height) of every page in points.
        streams: content streams instead of the lines, encoded already.
        stream_entries: entries of those streams' dictionaries.
        trailer: more entries of the trailer.
    """
    contents = streams or [
        f"BT /F1 12 Tf 72 {size[1] / 2:g} Td ({line}) Tj ET".encode("latin-1") for line in pages
    ]
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]:g} {size[1]:g}] "
            f"/Contents {5 + 2 * index} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        length = f"/Length {len(content)} ".encode()
        objects.append(
            b"<< " + length + stream_entries + b" >>\nstream\n" + content + b"\nendstream"
        )
    return _with_xref(objects, trailer)


def make_encrypted_office() -> bytes:
    """Make as much of a compound file with an encrypted package as tells what it is."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    entries = [name.encode("utf-16-le").ljust(128, b"\0") for name in ("R", "EncryptedPackage")]
    return header + b"".join(entries) + bytes(4096)


def make_encrypted_pdf() -> bytes:
    """Make a PDF that no empty password opens: its check value is that of no password."""
    entry = (
        b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> /ID [<43> <43>]"
    )
    return make_pdf(["secret"], trailer=entry)


def make_deflated_pdf(unpacked_bytes: int) -> bytes:
    """Make a PDF whose one page unpacks to so many bytes of drawing, packed twice."""
    packer = zlib.compressobj(9)
    run = b"0 0 m 9 9 l S\n" * 100_000
    pieces = [packer.compress(run) for _ in range(unpacked_bytes // len(run))]
    packed = zlib.compress(b"".join([*pieces, packer.flush()]), 9)
    return make_pdf([], streams=[packed], stream_entries=b"/Filter [/FlateDecode /FlateDecode]")


def _with_xref(objects: list[bytes], trailer: bytes) -> bytes:
    """Number the objects and add the table of where each begins (ISO 32000-1, 7.5)."""
    file = BytesIO(b"")
    file.write(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(file.tell())
        file.write(f"{number} 0 obj\n".encode() + content + b"\nendobj\n")
    start = file.tell()
    file.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    for offset in offsets:
        file.write(f"{offset:010d} 00000 n \n".encode())
    file.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R ".encode() + trailer + b" >>\n")
    file.write(f"startxref\n{start}\n%%EOF\n".encode())
    return file.getvalue()


_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def make_zip(members: dict[str, str | bytes]) -> bytes:
    """Pack members in their order."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    """Say which parts a part refers to, by (type, target); ids are rId1, rId2..."""
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONSHIPS}/{word}" Target="{target}"/>'
        for number, (word, target) in enumerate(targets, start=1)
    )
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?><Relationships xmlns="{namespace}">{lines}</Relationships>'


def make_docx(body: str, *, prolog: str = "") -> bytes:
    """Make a text document of a body's XML."""
    return make_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("officeDocument", "word/document.xml")),
            "word/document.xml": f'{prolog}<w:document xmlns:w="{_W}"><w:body>{body}</w:body>'
            "</w:document>",
        }
    )


def make_pptx(slides: list[str]) -> bytes:
    """Make a presentation, one text on every slide, whose files are numbered backwards."""
    names = [f"slides/slide{len(slides) - index}.xml" for index in range(len(slides))]
    ids = "".join(
        f'<p:sldId id="{256 + index}" r:id="rId{index + 1}"/>' for index in range(len(slides))
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{_P}" xmlns:r="{_RELATIONSHIPS}">'
        f"<p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(*(("slide", name) for name in names)),
    }
    for name, text in zip(names, slides, strict=True):
        members[f"ppt/{name}"] = (
            f'<p:sld xmlns:p="{_P}" xmlns:a="{_A}"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
        )
    return make_zip(members)


def make_xlsx(sheets: dict[str, str], shared: list[str]) -> bytes:
    """Make a workbook of its sheets' rows, as XML, and the strings they share."""
    items = list(sheets)
    listed = "".join(
        f'<sheet name="{name}" sheetId="{index}" r:id="rId{index}"/>'
        for index, name in enumerate(items, start=1)
    )
    targets = [("worksheet", f"/xl/worksheets/sheet{n}.xml") for n in range(1, len(items) + 1)]
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_RELATIONSHIPS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(*targets, ("sharedStrings", "sharedStrings.xml")),
        "xl/sharedStrings.xml": f'<sst xmlns="{_S}">'
        + "".join(f"<si><t>{text}</t></si>" for text in shared)
        + "</sst>",
    }
    for number, name in enumerate(items, start=1):
        members[f"xl/worksheets/sheet{number}.xml"] = (
            f'<worksheet xmlns="{_S}"><sheetData>{sheets[name]}</sheetData></worksheet>'
        )
    return make_zip(members)
