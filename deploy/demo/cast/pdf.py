"""Small PDFs with Chinese and Latin text, without a dependency: a predefined CID font, which every viewer knows.

Also the two awkward kinds a recruiter gets: a picture of a page (scan), and a file locked by a password.
"""

from __future__ import annotations

import hashlib
import zlib

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type /Font "
    b"/Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
    b"/DW 1000 /W [1 95 500] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 "
    b"/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >>] >>"
)
_FILE_ID = bytes(range(16))
_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_LINES_PER_PAGE = 46


def text_pdf(lines: list[str], *, password: str = "") -> bytes:
    """A PDF of text lines; `#` at the start of a line makes it a heading. With a password the content is locked."""
    pages = [lines[n : n + _LINES_PER_PAGE] for n in range(0, len(lines), _LINES_PER_PAGE)] or [[]]
    return _assemble([_page_content(page) for page in pages], {"F1": _FONT}, password)


def scan_pdf(rows: int = 30) -> bytes:
    """A PDF that is only a grey picture of lines, as a scanner makes one."""
    width, height = 210, 297
    pixels = bytearray(b"\xf4" * (width * height))
    for row in range(rows):
        top, length = 20 + row * 8, 60 + (row * 37) % 110
        for y in (top, top + 1, top + 2):
            pixels[y * width + 20 : y * width + 20 + length] = bytes((x * 7 + row * 13) % 90 + 40 for x in range(length))
    data = zlib.compress(bytes(pixels), 9)
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 "
        f"/Filter /FlateDecode /Length {len(data)} >>\nstream\n"
    ).encode() + data + b"\nendstream"  # fmt: skip
    return _assemble([b"q 595 0 0 842 0 0 cm /I1 Do Q"], {"I1": image}, "")


def _page_content(lines: list[str]) -> bytes:
    out = [b"BT"]
    for number, line in enumerate(lines):
        size = 15 if line.startswith("#") else 10.5
        shown = line.lstrip("# ").encode("utf-16-be").hex()
        out.append(f"/F1 {size} Tf 1 0 0 1 56 {790 - number * 16} Tm <{shown}> Tj".encode())
    out.append(b"ET")
    return b"\n".join(out)


def _assemble(contents: list[bytes], resources: dict[str, bytes], password: str) -> bytes:
    lock = _Lock(password) if password else None
    count = len(contents)
    names = list(resources)
    first_resource = 3 + 2 * count
    kinds = {name: "Font" if name.startswith("F") else "XObject" for name in names}
    shown = " ".join(f"/{kinds[name]} << /{name} {first_resource + n} 0 R >>" for n, name in enumerate(names))
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(count))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode())
    for n, content in enumerate(contents):
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {shown} >> /Contents {4 + 2 * n} 0 R >>".encode())
        packed = zlib.compress(content, 9)
        packed = lock.encrypt(4 + 2 * n, packed) if lock else packed
        objects.append(f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode() + packed + b"\nendstream")
    objects += [resources[name] for name in names]
    return _write(objects, lock)


def _write(objects: list[bytes], lock: _Lock | None) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    bodies = [*objects, lock.dictionary()] if lock else objects
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    locked = f" /Encrypt {len(bodies)} 0 R" if lock else ""
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /ID [<{_FILE_ID.hex()}> <{_FILE_ID.hex()}>]{locked} >>\n".encode()
    return bytes(out + f"startxref\n{start}\n%%EOF\n".encode())


class _Lock:
    """Standard security handler, revision 3, 128-bit RC4: old and weak, but what real locked résumés still use."""

    def __init__(self, password: str) -> None:
        padded = (password.encode("latin-1") + _PAD)[:32]
        self._owner = self._owner_entry(padded)
        key = hashlib.md5(padded + self._owner + (0xFFFFF0C0).to_bytes(4, "little") + _FILE_ID).digest()
        for _ in range(50):
            key = hashlib.md5(key).digest()
        self._key = key
        user = _rc4(key, hashlib.md5(_PAD + _FILE_ID).digest())
        for n in range(1, 20):
            user = _rc4(bytes(b ^ n for b in key), user)
        self._user = user + bytes(16)

    @staticmethod
    def _owner_entry(padded: bytes) -> bytes:
        key = padded
        for _ in range(51):
            key = hashlib.md5(key).digest()
        entry = padded
        for n in range(20):
            entry = _rc4(bytes(b ^ n for b in key), entry)
        return entry

    def encrypt(self, number: int, data: bytes) -> bytes:
        return _rc4(hashlib.md5(self._key + number.to_bytes(3, "little") + b"\0\0").digest(), data)

    def dictionary(self) -> bytes:
        return (
            f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P {0xFFFFF0C0 - (1 << 32)} /O <{self._owner.hex()}> /U <{self._user.hex()}> >>"
        ).encode()


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
