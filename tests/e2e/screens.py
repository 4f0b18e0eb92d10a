"""Screenshots of page tests: kept beside the tests (not in git), or in docs/screens where `SCREENS=docs/screens` says so.

    SCREENS=docs/screens python -m pytest -n0 tests/e2e/test_pages_look.py tests/e2e/test_pages_walk.py

Pictures for docs are written with a palette of 64 colours: small, and the same bytes for the same picture.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(os.environ.get("SCREENS") or Path(__file__).parent / "screenshots")
COLOURS = 64


def keep(page: Page, name: str) -> None:
    """The whole page as a picture called `name`."""
    store(page.screenshot(full_page=True), name)


def store(raw: bytes, name: str) -> None:
    """This picture, called `name`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(small(raw) if os.environ.get("SCREENS") else raw)


def small(png: bytes) -> bytes:
    """The same picture with a palette; 8 bits a channel, RGB or RGBA, not interlaced, as browsers write it."""
    width, height, channels, lines = _pixels(png)
    flat = [line[x : x + 3] for line in lines for x in range(0, width * channels, channels)]
    counts = Counter(flat)
    palette = [colour for colour, _ in counts.most_common(COLOURS)]
    index = {colour: _nearest(colour, palette) for colour in counts}
    rows = b"".join(b"\0" + bytes(index[one] for one in flat[y * width : (y + 1) * width]) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (("IHDR", head), ("PLTE", b"".join(palette)), ("IDAT", zlib.compress(rows, 9)), ("IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name.encode(), data) for name, data in parts)


def _nearest(colour: bytes, palette: list[bytes]) -> int:
    return min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(colour, palette[n], strict=True)))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(png: bytes) -> tuple[int, int, int, list[bytes]]:
    at, data = 8, b""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    if depth != 8 or kind not in (2, 6):
        raise ValueError("not a picture as browsers write it")
    while at < len(png):
        (length,), name = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        data += png[at + 8 : at + 8 + length] if name == b"IDAT" else b""
        at += length + 12
    channels, raw = 4 if kind == 6 else 3, zlib.decompress(data)
    stride = width * channels
    lines: list[bytes] = []
    before = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), before, channels)
        lines.append(bytes(before))
    return width, height, channels, lines


def _unfiltered(how: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    for x in range(len(line) if how else 0):
        left, up = (line[x - step] if x >= step else 0), above[x]
        corner = above[x - step] if x >= step else 0
        if how == 4:
            guess = left + up - corner
            near = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        else:
            near = (0, left, up, (left + up) // 2)[how]
        line[x] = (line[x] + near) & 255
    return line
