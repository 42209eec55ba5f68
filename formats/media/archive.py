"""A ZIP with media: pictures, sound, video and documents that the cells of a table name, and perhaps the table.

Nothing is written to the disk under a name of the archive's. What cells name is unpacked once, checked, and appended to
one file; all of it is bounded, whatever the archive declares.
"""

from __future__ import annotations

import hashlib
import stat
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import numpy as np

from domain.projects.tasks import (
    AUDIO,
    BROUGHT,
    DOCUMENT,
    PHOTO,
    VIDEO,
    VOICE,
)
from domain.work.file_checks import EVERY, FileChecks, Flaw
from formats.errors import Fact, unreadable_file
from formats.spreadsheets.workbook import PLAIN, RATIO_LIMIT, SMALL
from formats.tables.encoding import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image


HEAD = 64  # bytes that tell
LARGEST = {PHOTO: 10 << 20, VOICE: 20 << 20, AUDIO: 50 << 20, VIDEO: 50 << 20, DOCUMENT: 50 << 20}
"""Bytes of what a bot may upload."""


class MediaType(NamedTuple):
    """How it is sent, its media type, and the end of its name."""

    kind: str
    mime: str
    ending: str


_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", MediaType(PHOTO, "image/png", "png")),
    (b"\xff\xd8\xff", MediaType(PHOTO, "image/jpeg", "jpg")),
    (b"GIF8", MediaType(PHOTO, "image/gif", "gif")),
    (b"OggS", MediaType(VOICE, "audio/ogg", "ogg")),
    (b"ID3", MediaType(AUDIO, "audio/mpeg", "mp3")),
    (b"\xff\xfb", MediaType(AUDIO, "audio/mpeg", "mp3")),
    (b"\xff\xf3", MediaType(AUDIO, "audio/mpeg", "mp3")),
    (b"fLaC", MediaType(AUDIO, "audio/flac", "flac")),
    (b"\x1aE\xdf\xa3", MediaType(VIDEO, "video/webm", "webm")),
    (b"%PDF-", MediaType(DOCUMENT, "application/pdf", "pdf")),
)
_RIFF = {b"WEBP": MediaType(PHOTO, "image/webp", "webp"), b"WAVE": MediaType(AUDIO, "audio/wav", "wav")}
_SOUND = (b"M4A ", b"M4B ")


def media_type(head: bytes) -> MediaType | None:
    """None for what is none of these."""
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        sound = head[8:12] in _SOUND
        return MediaType(AUDIO, "audio/mp4", "m4a") if sound else MediaType(VIDEO, "video/mp4", "mp4")
    return None


def fits(kind: str, found: MediaType | None) -> bool:
    """Whether a file of this type can be sent so; anything can be a document."""
    if kind == DOCUMENT:
        return True
    sounds = (AUDIO, VOICE)
    return found is not None and (found.kind == kind or (kind in sounds and found.kind in sounds))


MOST = 10_000  # files
UTF8 = 1 << 11  # the flag of a name in UTF-8; zipfile reads others as CP437
MEDIA_LIMIT = 100 << 20  # bytes of all media that are named
TABLE_LIMIT = 64 << 20  # bytes of the table
TABLES = frozenset({"csv", "tsv", "tab", "json", "jsonl", "ndjson", "xlsx", "xls", "ods", "parquet"})
SIDES, SHAPE = 10_000, 20  # a picture's width and height together, and how many times as long as it is wide
BLOCK = 1 << 16


class Unfit(Exception):
    """A medium that can't be shown; `expected` is a key of `formats.english.EXPECTED`."""

    def __init__(self, expected: str, **facts: Fact) -> None:
        super().__init__(expected, facts)
        self.expected, self.facts = expected, facts


@dataclass(frozen=True, slots=True)
class Brought:
    """A medium in the file that all were appended to: what it is known by, its type, where it begins, its size."""

    content: str
    mime: str
    start: int
    size: int


class Archive:
    """Members by their path, by its end, in any case. Raises FileErrors for an archive that is made to hurt."""

    def __init__(self, source: Source, spool: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(source.open())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise unreadable_file(1, "", "", "file_readable", kind="zip") from error
        members = [each for each in self._zip.infolist() if not _is_beside(each)]
        for each in members:
            _check(each)
        if len(members) > MOST:
            raise unreadable_file(1, "", str(len(members)), "zip_files", limit=MOST)
        self._by_name, self._twice = _named(members)
        self._spool = spool
        self._taken: dict[str, Brought] = {}
        self.brought: dict[str, Brought] = {}

    def table(self) -> tuple[str, BinaryIO]:
        """The only table: its name, and the file unpacked. Raises FileErrors."""
        found = {id(each): each for each in self._by_name.values() if _ending(each.filename) in TABLES}
        if len(found) != 1:
            names = ", ".join(each.filename for each in found.values())
            raise unreadable_file(1, "", names, "zip_table")
        [member] = found.values()
        unpacked = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - it ends with the process that reads it
        try:
            for block in self._blocks(member, TABLE_LIMIT):
                unpacked.write(block)
        except Unfit as why:
            raise unreadable_file(1, "", member.filename, why.expected, **why.facts) from why
        unpacked.seek(0)
        return member.filename, unpacked

    def has(self, name: str) -> bool:
        return _path(name) in self._by_name

    def is_ambiguous(self, name: str) -> bool:
        """Whether several members in different folders end in this name."""
        return _path(name) in self._twice

    def unnamed(self) -> int:
        """How many members there are beside tables, where cells name none of them; else 0."""
        members = {each.filename for each in self._by_name.values() if _ending(each.filename) not in TABLES}
        return 0 if self._taken else len(members)

    def take(self, name: str, kind: str) -> str:
        """How content refers to this member. Raises Unfit."""
        member = self._by_name[_path(name)]
        known = self._taken.get(member.filename)
        if known is None:
            known = self._taken[member.filename] = self._append(member, kind)
        return BROUGHT + known.content

    def _append(self, member: zipfile.ZipInfo, kind: str) -> Brought:
        data = b"".join(self._blocks(member, LARGEST[kind]))
        found = media_type(data[:HEAD])
        if not data or not fits(kind, found):
            raise Unfit("picture" if kind == PHOTO else "medium")
        if kind == PHOTO:
            _check_picture(data)
        ending = found.ending if found else _ending(member.filename)[:8]
        content = f"{hashlib.sha256(data).hexdigest()}.{ending or 'bin'}"
        if content not in self.brought:
            start = self._spool.tell()
            if start + len(data) > MEDIA_LIMIT:
                raise Unfit("media_size", limit=MEDIA_LIMIT >> 20)
            self._spool.write(data)
            mime = found.mime if found else "application/octet-stream"
            self.brought[content] = Brought(content, mime, start, len(data))
        return self.brought[content]

    def _blocks(self, member: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        size = 0
        try:
            with self._zip.open(member) as part:
                while block := part.read(BLOCK):
                    size += len(block)
                    if size > most:
                        raise Unfit("address_size", limit=most >> 20)
                    yield block
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
            raise Unfit("medium") from error


def _is_beside(member: zipfile.ZipInfo) -> bool:
    """Folders, and what systems add of their own."""
    parts = PurePosixPath(member.filename).parts
    return member.is_dir() or "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("."))


def _check(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or stat.S_ISLNK(member.external_attr >> 16):
        raise unreadable_file(1, "", name, "zip_names")
    if member.flag_bits & 1:
        raise unreadable_file(1, "", "", "no_password")
    packed_too_well = member.file_size > max(SMALL, RATIO_LIMIT * member.compress_size)
    if member.compress_type not in PLAIN or packed_too_well:
        raise unreadable_file(1, "", name, "zip_packed")


def _path(name: str) -> str:
    """As Windows, Unix and people write it; accents as one sign, or as a sign of their own, as on a Mac."""
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./")).casefold()


def _path_of(member: zipfile.ZipInfo) -> str:
    """The Finder writes names in UTF-8 and does not say so."""
    name = member.filename
    if not member.flag_bits & UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return _path(name)


def _named(members: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], frozenset[str]]:
    """Members by their paths and by what only one path ends in; and what several do. Whole paths win."""
    ends: dict[str, list[zipfile.ZipInfo]] = {}
    for each in members:
        ends.setdefault(PurePosixPath(_path_of(each)).name, []).append(each)
    found = {end: several[0] for end, several in ends.items() if len(several) == 1}
    found |= {_path_of(each): each for each in members}
    return found, frozenset(ends.keys() - found.keys())


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").casefold()


def _check_picture(data: bytes) -> None:
    from PIL import Image, UnidentifiedImageError  # here: 10 MB that other files never need

    try:
        with Image.open(BytesIO(data)) as picture:  # its head only
            size = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise Unfit("picture") from None
    if sum(size) > SIDES or max(size) > SHAPE * min(size):
        raise Unfit("picture_size", found=f"{size[0]} × {size[1]}", limit=SIDES, times=SHAPE)


SIDE, TILES = 640, 4  # pixels of the longer side that is looked at; tiles along each side
LEAST = 64  # pixels of a side
MOST_PIXELS = 16_000_000  # of a picture that has to be decoded whole
FLAT, TALL = 0.58, 1.6  # share of neighbours alike in a screenshot; how much longer than wide it is
CELLS = 8


@dataclass(frozen=True, slots=True)
class PictureLook:
    """`print` is empty where a picture is too plain to have one."""

    flaws: tuple[Flaw, ...]
    print: str


def check_picture(file: BinaryIO, checks: FileChecks = EVERY) -> PictureLook | None:
    """None where it is no picture, or one too small to be judged or too large to be decoded."""
    from PIL import Image, UnidentifiedImageError  # here: 10 MB that other files never need

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
            picture.draft("L", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than this needs
            if min(picture.size) < LEAST or picture.width * picture.height > MOST_PIXELS:
                return None
            return _looked(picture, checks)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None


def _looked(picture: Image, checks: FileChecks) -> PictureLook:
    long, wide = max(picture.size), min(picture.size)
    grey = picture.convert("L")
    whole = np.asarray(grey, dtype=np.float32)
    grey.thumbnail((SIDE, SIDE))
    pixels = np.asarray(grey, dtype=np.float32)
    dark, plain = whole.mean() < checks.limit(Flaw.DARK), whole.std() < checks.limit(Flaw.BLANK)
    if plain:
        return PictureLook(tuple(checks.wanted(Flaw.DARK if dark else Flaw.BLANK)), "")
    found = [Flaw.DARK] if dark else []
    if not dark and long > TALL * wide and _alike(whole) > FLAT:
        found.append(Flaw.SCREENSHOT)
    if not found and _sharpest(pixels) < checks.limit(Flaw.BLURRED):
        found.append(Flaw.BLURRED)
    return PictureLook(tuple(checks.wanted(*found)), _print(grey))


def _alike(pixels: NDArray[np.float32]) -> float:
    """The share of pixels that are exactly like the one below and the one beside."""
    if min(pixels.shape) < 2:
        return 0.0
    return float(((np.diff(pixels, axis=0)[:, :-1] == 0) & (np.diff(pixels, axis=1)[:-1] == 0)).mean())


def _sharpest(pixels: NDArray[np.float32]) -> float:
    if min(pixels.shape) < 4 * TILES:
        return float("inf")
    middle = pixels[1:-1, 1:-1]
    edges = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:] - 4 * middle
    tiles = (tile for row in np.array_split(edges, TILES) for tile in np.array_split(row, TILES, axis=1))
    return max(float(tile.var()) for tile in tiles)


def _print(grey: Image) -> str:
    cells = np.asarray(grey.resize((CELLS + 1, CELLS)), dtype=np.int16)
    bits = (cells[:, 1:] > cells[:, :-1]).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):0{CELLS * CELLS // 4}x}"


LONGEST = 610  # seconds that are listened to: more than any limit


def check_voice(file: BinaryIO, checks: FileChecks = EVERY) -> tuple[Flaw, ...]:
    """Nothing where it cannot be decoded. Read in blocks, however long it is."""
    import soundfile  # here: libsndfile, which other files never need

    try:
        with soundfile.SoundFile(file) as sound:
            rate, loudest, heard = sound.samplerate, 0.0, 0
            for block in sound.blocks(blocksize=rate // 2, dtype="float32", always_2d=True):
                loudest = max(loudest, float(np.sqrt(np.mean(np.square(block)))) if len(block) else 0.0)
                heard += len(block)
                if heard >= LONGEST * rate:
                    break
    except (soundfile.LibsndfileError, RuntimeError, ValueError, ZeroDivisionError):
        return ()
    if heard < checks.limit(Flaw.SHORT) * rate:
        return tuple(checks.wanted(Flaw.SHORT))
    is_quiet = 20 * np.log10(max(loudest, 1e-9)) < checks.limit(Flaw.QUIET)  # the loudest half second
    return tuple(checks.wanted(Flaw.QUIET)) if is_quiet else ()
