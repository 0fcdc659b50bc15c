"""Reading the text of docx, xlsx and pptx files. ECMA-376, part 1."""

from collections.abc import Iterator
from pathlib import Path

from services.ingest.documents.content import (
    MAX_PAGE_CHARACTERS,
    MAX_PAGES,
    MAX_TEXT_CHARACTERS,
    DocumentContent,
)
from services.ingest.documents.package import Package, open_package
from services.ingest.documents.xml import read_events
from services.ingest.errors import DamagedDocument, DocumentTooLarge

# What ends a line, or is a space, in word processing and in drawings.
_STARTS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_ENDS = {"p": "\n"}


def read_docx(path: Path) -> DocumentContent:
    """Read a text document as one text: where its pages break is not in the file."""
    content = DocumentContent()
    with open_package(path) as package:
        content.add_page(_running_text(package, package.main_part(), "document"))
    return content


def read_pptx(path: Path) -> DocumentContent:
    """Read a presentation, a page for every slide, in the order they are shown."""
    content = DocumentContent()
    with open_package(path) as package:
        slides = list(_listed_parts(package, "presentation", "sldId"))
        content.page_count = len(slides)
        for _, slide in slides:
            content.add_page(_running_text(package, slide, "sld"))
    return content


def read_xlsx(path: Path) -> DocumentContent:
    """Read a workbook, a page for every sheet: its name, then a line for every row."""
    content = DocumentContent()
    with open_package(path) as package:
        sheets = list(_listed_parts(package, "workbook", "sheet"))
        strings = _shared_strings(package)
        content.page_count = len(sheets)
        for name, sheet in sheets:
            content.add_page(_sheet_text(package, sheet, name, strings))
    return content


def _listed_parts(package: Package, root: str, item: str) -> Iterator[tuple[str, str]]:
    """Yield name and part of every slide or sheet that the main part lists."""
    main = package.main_part()
    relations = package.relations(main)
    count = 0
    for kind, tag, attributes in _checked(package, main, root):
        if kind == "start" and tag == item:
            count += 1
            if count > MAX_PAGES:
                raise DocumentTooLarge(f"the document has over {MAX_PAGES} pages")
            reference = attributes.get("r:id", "")
            if reference not in relations:
                raise DamagedDocument(f"the Office file is damaged: no part {reference!r}")
            yield attributes.get("name", ""), relations[reference][1]


def _running_text(package: Package, part: str, root: str) -> str:
    """Return all text of a part, one character more than a page holds, at most."""
    text = _Text()
    inside = False
    for kind, value, _ in _checked(package, part, root):
        if kind == "text":
            if inside:
                text.add(value)
        elif value == "t":
            inside = kind == "start"
        else:
            text.add((_STARTS if kind == "start" else _ENDS).get(value, ""))
        if text.full:
            break
    return text.whole()


def _sheet_text(package: Package, part: str, name: str, strings: list[str]) -> str:
    """Return a sheet's cells as they are stored: tabs between, a line for every row."""
    text = _Text()
    text.add(f"{name}\n")
    cell_type, inside = "", False
    for kind, value, attributes in _checked(package, part, "worksheet"):
        if kind == "text" and inside:
            text.add(_cell(value, cell_type, strings))
        elif kind == "start" and value == "c":
            cell_type = attributes.get("t", "")
        elif value in ("v", "t"):
            inside = kind == "start"
        elif kind == "end":
            text.add({"c": "\t", "row": "\n"}.get(value, ""))
        if text.full:
            break
    return "\n".join(line.rstrip("\t") for line in text.whole().split("\n"))


def _cell(value: str, cell_type: str, strings: list[str]) -> str:
    """Return a cell's text; a shared one is named by its number."""
    if cell_type != "s":
        return value
    number = int(value) if value.isascii() and value.isdigit() else -1
    return strings[number] if 0 <= number < len(strings) else ""


def _shared_strings(package: Package) -> list[str]:
    """Return the strings that a workbook's cells share; their sum is bounded."""
    shared = [
        part
        for word, part in package.relations(package.main_part()).values()
        if word == "sharedStrings"
    ]
    strings: list[str] = []
    pieces: list[str] = []
    inside, characters = False, 0
    for part in shared[:1]:
        for kind, value, _ in _checked(package, part, "sst"):
            if kind == "text":
                if inside:
                    pieces.append(value)
                    characters += len(value)
            elif value == "t":
                inside = kind == "start"
            elif value == "si" and kind == "end":
                strings.append("".join(pieces))
                pieces.clear()
            if characters > MAX_TEXT_CHARACTERS:
                break
    return strings


def _checked(package: Package, part: str, root: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield a part's events.

    Raises:
        DamagedDocument: it does not begin with the element `root`.
    """
    events = read_events(package.chunks(part))
    first = next(events, None)
    if first is None or first[:2] != ("start", root):
        raise DamagedDocument(f"the Office file is damaged: {part} is no {root}")
    yield first
    yield from events


class _Text:
    """Text that is put together until a page is full."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._characters = 0

    @property
    def full(self) -> bool:
        return self._characters > MAX_PAGE_CHARACTERS

    def add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece[: MAX_PAGE_CHARACTERS + 1])
            self._characters += len(self._pieces[-1])

    def whole(self) -> str:
        return "".join(self._pieces)
