"""Text out of PDF, DOCX and plain text. Runs in the parser's child process only: the bytes come from strangers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from services.intake.parsing.model import Defect

MAX_PAGES = 40
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_ZIP_ENTRIES = 2_000
_SCAN_CHARACTERS_PER_PAGE = 50
_PDF_PASSWORD_ERROR = 4


class Extracted(NamedTuple):
    """Text of a document, or why there is none."""

    text: str = ""
    pages: int = 0
    defect: Defect | None = None
    sentence: str = ""


def extract(kind: str, data: bytes) -> Extracted:
    """Text of a document of `kind` (pdf, docx, txt); unreadable content comes back as a defect, never raised."""
    if not data.strip():
        return Extracted(defect="empty", sentence="The file is empty.")
    readers = {"pdf": _pdf, "docx": _docx, "txt": _txt}
    return readers[kind](data)


def _pdf(data: bytes) -> Extracted:
    import pypdfium2  # noqa: PLC0415  # native code, loaded in the child only

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PDF_PASSWORD_ERROR or "password" in str(error).lower():
            return Extracted(defect="encrypted", sentence="The PDF is protected by a password. Ask for a copy without one.")
        return Extracted(defect="damaged", sentence="The PDF is damaged and cannot be opened.")
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            return Extracted(pages=pages, defect="too_many_pages", sentence=f"The PDF has {pages} pages; {MAX_PAGES} are the most.")
        texts = [document[n].get_textpage().get_text_bounded() for n in range(pages)]
    text = "\n".join(texts)
    if len(text.strip()) < _SCAN_CHARACTERS_PER_PAGE * max(pages, 1) and len(text.strip()) < 200:
        return Extracted(pages=pages, defect="scan", sentence="The PDF is a picture without text (a scan). Type the facts in.")
    return Extracted(text, pages)


def _docx(data: bytes) -> Extracted:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return Extracted(defect="encrypted", sentence="The Word file is protected by a password. Ask for a copy without one.")
    bomb = _zip_trouble(data)
    if bomb is not None:
        return bomb
    import docx  # noqa: PLC0415  # loaded in the child only

    try:
        document = docx.Document(io.BytesIO(data))
    except Exception:  # python-docx raises whatever its XML and zip layers raise
        return Extracted(defect="damaged", sentence="The Word file is damaged and cannot be opened.")
    lines = [*_headers(document), *_blocks(document), *_boxes(document)]
    text = "\n".join(lines)
    if not text.strip():
        return Extracted(defect="empty", sentence="There is no text in this Word file.")
    return Extracted(text, 1)


def _zip_trouble(data: bytes) -> Extracted | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return Extracted(defect="damaged", sentence="The Word file is damaged and cannot be opened.")
    if any(entry.flag_bits & 1 for entry in entries):
        return Extracted(defect="encrypted", sentence="The Word file is protected by a password. Ask for a copy without one.")
    if len(entries) > MAX_ZIP_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        return Extracted(defect="zip_bomb", sentence="The Word file unpacks to far more than a résumé can hold; it was not opened.")
    return None


def _headers(document: Any) -> Iterator[str]:
    seen: set[str] = set()
    for section in document.sections:
        for part in (section.header, section.footer):
            for line in _blocks(part):
                if line.strip() and line not in seen:
                    seen.add(line)
                    yield line


def _blocks(container: Any) -> Iterator[str]:
    """Paragraphs and table rows in the order of the page; cells of a row are joined by ` | `."""
    for block in container.iter_inner_content():
        if not hasattr(block, "rows"):
            yield block.text
            continue
        for row in block.rows:
            cells: list[str] = []
            seen: set[Any] = set()
            for cell in row.cells:
                if cell._tc in seen:  # a merged cell comes once per column it spans
                    continue
                seen.add(cell._tc)
                cells.append("\n".join(_blocks(cell)).strip())
            yield from " | ".join(c for c in cells if c).split("\n")


def _boxes(document: Any) -> Iterator[str]:
    """Text boxes: outside the flow, so python-docx does not walk them; Word keeps each twice, for old readers."""
    seen: set[str] = set()
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for box in document.element.body.iter(f"{space}txbxContent"):
        for paragraph in box.iter(f"{space}p"):
            line = "".join(node.text or "" for node in paragraph.iter(f"{space}t"))
            if line.strip() and line not in seen:
                seen.add(line)
                yield line


def _txt(data: bytes) -> Extracted:
    text = _decode(data)
    if text is None:
        return Extracted(defect="damaged", sentence="These bytes are not text in any encoding that is known here.")
    return Extracted(text, 1)


def _decode(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig") if b"\x00" not in data else None
    except UnicodeDecodeError:
        pass
    try:
        decoded = data.decode("gb18030")
        if sum("\u4e00" <= char <= "\u9fff" for char in decoded) * 4 > len(decoded):
            return decoded
    except UnicodeDecodeError:
        pass
    import charset_normalizer  # noqa: PLC0415  # only where the usual encodings fail

    best = charset_normalizer.from_bytes(data[:200_000]).best()
    if best is None or b"\x00" in data[:4096]:
        return None
    decoded = data.decode(best.encoding, errors="replace")
    odd = sum(1 for char in decoded if char == "\ufffd" or (ord(char) < 32 and char not in "\r\n\t\f"))
    return decoded if odd * 20 <= len(decoded) else None
