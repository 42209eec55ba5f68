"""What a PDF says and where, read as a reader reads it: glyphs by each font's own table of characters."""

import re
import zlib
from dataclasses import dataclass

OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
STREAM = re.compile(rb"stream\n(.*)\nendstream", re.DOTALL)
FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
MEANT = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]{4,})>", re.MULTILINE | re.IGNORECASE)
SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|BT [\d.]+ (-?[\d.]+) Td [\d. rg]*\(((?:[^\\)]|\\.)*)\) Tj", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


@dataclass(frozen=True, slots=True)
class Read:
    """`lines` in their order, and their `heights`: points above the paper's lower edge."""

    pages: int
    lines: list[str]
    heights: list[float]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def read(pdf: bytes) -> Read:
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if b"/Type /Page\n" in body + b"\n"]
    fonts = {name: _characters(objects, int(at)) for body in objects.values() for name, at in FONT.findall(body)}
    lines, heights, font = [], [], b""
    for page in pages:
        for name, height, shown in SHOWN.findall(_stream(objects[_number(rb"/Contents (\d+)", page)])):
            font = name or font
            if not name:
                heights.append(float(height))
                lines.append("".join(fonts[font].get(code, "?") for code in _codes(shown)))
    return Read(len(pages), lines, heights)


def _characters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    table = _stream(objects[_number(rb"/ToUnicode (\d+)", objects[font])])
    return {int(code, 16): bytes.fromhex(sign.decode()).decode("utf-16-be") for code, sign in MEANT.findall(table)}


def _stream(body: bytes) -> bytes:
    found = STREAM.search(body)
    assert found is not None
    return zlib.decompress(found[1]) if b"/FlateDecode" in body[: found.start()] else found[1]


def _number(pattern: bytes, body: bytes) -> int:
    found = re.search(pattern, body)
    assert found is not None
    return int(found[1])


def _codes(shown: bytes) -> list[int]:
    plain = re.sub(rb"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), shown, flags=re.DOTALL)
    return [int.from_bytes(plain[at : at + 2]) for at in range(0, len(plain), 2)]
