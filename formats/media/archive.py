"""A ZIP with media: pictures, sound, video and documents that the cells of a table name, and perhaps the table. And
checks of the quality of pictures and voice recordings.

Nothing is written to the disk under a name of the archive's. Media that cells name are unpacked once, checked, and
appended to one file; all of it is bounded, whatever sizes the archive declares."""

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

from domain.projects.tasks import AUDIO, BROUGHT, DOCUMENT, PHOTO, VIDEO, VOICE
from domain.work.file_checks import ALL_CHECKS, FileChecks, FileFlaw
from formats.errors import Fact, unreadable_file
from formats.spreadsheets.workbook import MAX_RATIO, PLAIN_COMPRESSIONS, SMALL_PART_BYTES
from formats.tables.encoding import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image


HEAD_BYTES = 64  # bytes that tell
MAX_BYTES_BY_KIND = {PHOTO: 10 << 20, VOICE: 20 << 20, AUDIO: 50 << 20, VIDEO: 50 << 20, DOCUMENT: 50 << 20}
"""Bytes of what a bot may upload."""


class MediaType(NamedTuple):
    """A type of media: the kind as which it is sent, its MIME type, and its file name's extension."""

    kind: str
    mime: str
    ending: str


_TYPES_BY_BEGINNING = (
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
_RIFF_TYPES = {b"WEBP": MediaType(PHOTO, "image/webp", "webp"), b"WAVE": MediaType(AUDIO, "audio/wav", "wav")}
_AUDIO_BRANDS = (b"M4A ", b"M4B ")


def media_type(head: bytes) -> MediaType | None:
    """Return the type of a file with this beginning, or None if it is none of these."""
    for magic, found_type in _TYPES_BY_BEGINNING:
        if head.startswith(magic):
            return found_type
    if head[:4] == b"RIFF":
        return _RIFF_TYPES.get(head[8:12])
    if head[4:8] == b"ftyp":
        sound = head[8:12] in _AUDIO_BRANDS
        return MediaType(AUDIO, "audio/mp4", "m4a") if sound else MediaType(VIDEO, "video/mp4", "mp4")
    return None


def can_be_sent_as(kind: str, found_type: MediaType | None) -> bool:
    """Return whether a file of this type can be sent as `kind`; any file can be sent as a document."""
    if kind == DOCUMENT:
        return True
    audio_kinds = (AUDIO, VOICE)
    return found_type is not None and (
        found_type.kind == kind or (kind in audio_kinds and found_type.kind in audio_kinds)
    )


MAX_FILES = 10_000  # files
UTF8_FLAG = 1 << 11  # the flag of a name in UTF-8; zipfile reads others as CP437
MAX_MEDIA_BYTES = 100 << 20  # bytes of all media that are named
MAX_TABLE_BYTES = 64 << 20  # bytes of the table
TABLE_SUFFIXES = frozenset({"csv", "tsv", "tab", "json", "jsonl", "ndjson", "xlsx", "xls", "ods", "parquet"})
MAX_SIDES, MAX_ASPECT_RATIO = (
    10_000,
    20,
)  # a picture's width and height together, and how many times as long as it is wide
BLOCK_BYTES = 1 << 16


class MediumFlaw(Exception):
    """A medium that can't be shown; `expected` is a key of `formats.errors.EXPECTED`."""

    def __init__(self, expected: str, **facts: Fact) -> None:
        super().__init__(expected, facts)
        self.expected, self.facts = expected, facts


@dataclass(frozen=True, slots=True)
class ArchiveMedium:
    """A medium of the archive in the file that all media are appended to: the digest by which it is known, its MIME
    type, its start and size."""

    content: str
    mime: str
    start: int
    size: int


class MediaArchive:
    """The members of a ZIP, found by path or by the path's end, in any case. The constructor raises FileErrors for
    an archive that is unsafe or has too many files."""

    def __init__(self, source: Source, spool: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(source.open())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise unreadable_file(1, "", "", "file_readable", kind="zip") from error
        members = [member for member in self._zip.infolist() if not _is_system_file(member)]
        for member in members:
            _require_safe(member)
        if len(members) > MAX_FILES:
            raise unreadable_file(1, "", str(len(members)), "zip_files", limit=MAX_FILES)
        self._by_name, self._ambiguous = _index_members(members)
        self._spool = spool
        self._by_member: dict[str, ArchiveMedium] = {}
        self.brought: dict[str, ArchiveMedium] = {}

    def table(self) -> tuple[str, BinaryIO]:
        """Return the only table's name, and the table unpacked. Raise FileErrors if there is none, more than one,
        or one that is too large."""
        tables = {id(table): table for table in self._by_name.values() if _suffix(table.filename) in TABLE_SUFFIXES}
        if len(tables) != 1:
            names = ", ".join(table.filename for table in tables.values())
            raise unreadable_file(1, "", names, "zip_table")
        [member] = tables.values()
        unpacked = cast(BinaryIO, TemporaryFile())  # noqa: SIM115 - it ends with the process that reads it
        try:
            for block in self._blocks(member, MAX_TABLE_BYTES):
                unpacked.write(block)
        except MediumFlaw as flaw:
            raise unreadable_file(1, "", member.filename, flaw.expected, **flaw.facts) from flaw
        unpacked.seek(0)
        return member.filename, unpacked

    def has(self, name: str) -> bool:
        return _normalized_path(name) in self._by_name

    def is_ambiguous(self, name: str) -> bool:
        """Return whether several members in different folders end in this name."""
        return _normalized_path(name) in self._ambiguous

    def unnamed(self) -> int:
        """Return the number of members beside tables if cells named none of them; else 0."""
        members = {
            member.filename for member in self._by_name.values() if _suffix(member.filename) not in TABLE_SUFFIXES
        }
        return 0 if self._by_member else len(members)

    def take(self, name: str, kind: str) -> str:
        """Return the reference by which content names this member, appending it to the media if it is new. Raise
        MediumFlaw if it cannot be sent as `kind`."""
        member = self._by_name[_normalized_path(name)]
        medium = self._by_member.get(member.filename)
        if medium is None:
            medium = self._by_member[member.filename] = self._append(member, kind)
        return BROUGHT + medium.content

    def _append(self, member: zipfile.ZipInfo, kind: str) -> ArchiveMedium:
        """Check the member and append it, once for equal contents. Raise MediumFlaw if it is empty, of another type
        or too large."""
        data = b"".join(self._blocks(member, MAX_BYTES_BY_KIND[kind]))
        found_type = media_type(data[:HEAD_BYTES])
        if not data or not can_be_sent_as(kind, found_type):
            raise MediumFlaw("picture" if kind == PHOTO else "medium")
        if kind == PHOTO:
            _require_showable(data)
        suffix = found_type.ending if found_type else _suffix(member.filename)[:8]
        content = f"{hashlib.sha256(data).hexdigest()}.{suffix or 'bin'}"
        if content not in self.brought:
            start = self._spool.tell()
            if start + len(data) > MAX_MEDIA_BYTES:
                raise MediumFlaw("media_size", limit=MAX_MEDIA_BYTES >> 20)
            self._spool.write(data)
            mime = found_type.mime if found_type else "application/octet-stream"
            self.brought[content] = ArchiveMedium(content, mime, start, len(data))
        return self.brought[content]

    def _blocks(self, member: zipfile.ZipInfo, max_bytes: int) -> Iterator[bytes]:
        """Yield the unpacked member in blocks. Raise MediumFlaw if it is damaged or larger than `max_bytes`."""
        size = 0
        try:
            with self._zip.open(member) as part:
                while block := part.read(BLOCK_BYTES):
                    size += len(block)
                    if size > max_bytes:
                        raise MediumFlaw("address_size", limit=max_bytes >> 20)
                    yield block
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
            raise MediumFlaw("medium") from error


def _is_system_file(member: zipfile.ZipInfo) -> bool:
    """Return whether the member is a folder, or a file that an operating system adds."""
    parts = PurePosixPath(member.filename).parts
    return member.is_dir() or "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("."))


def _require_safe(member: zipfile.ZipInfo) -> None:
    """Raise FileErrors for a member whose path leaves the archive, that is a link, locked, or packed unusually."""
    name = member.filename
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or stat.S_ISLNK(member.external_attr >> 16):
        raise unreadable_file(1, "", name, "zip_names")
    if member.flag_bits & 1:
        raise unreadable_file(1, "", "", "no_password")
    is_suspicious = member.file_size > max(SMALL_PART_BYTES, MAX_RATIO * member.compress_size)
    if member.compress_type not in PLAIN_COMPRESSIONS or is_suspicious:
        raise unreadable_file(1, "", name, "zip_packed")


def _normalized_path(name: str) -> str:
    """Return the path for comparison: Windows' and Unix' separators alike, in small letters; an accent is part of
    its letter, unlike on a Mac."""
    return unicodedata.normalize("NFC", name.replace("\\", "/").removeprefix("./")).casefold()


def _member_path(member: zipfile.ZipInfo) -> str:
    """Return the member's path for comparison. The Finder writes names in UTF-8 without the flag that says so."""
    name = member.filename
    if not member.flag_bits & UTF8_FLAG:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return _normalized_path(name)


def _index_members(members: list[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], frozenset[str]]:
    """Return members by their paths and by ends that are unique, and the ends that several paths share. Whole paths
    take precedence."""
    members_by_end: dict[str, list[zipfile.ZipInfo]] = {}
    for member in members:
        members_by_end.setdefault(PurePosixPath(_member_path(member)).name, []).append(member)
    members_by_name = {end: group[0] for end, group in members_by_end.items() if len(group) == 1}
    members_by_name |= {_member_path(member): member for member in members}
    return members_by_name, frozenset(members_by_end.keys() - members_by_name.keys())


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lstrip(".").casefold()


def _require_showable(data: bytes) -> None:
    """Raise MediumFlaw if the bytes are no picture, or one with sides that cannot be shown."""
    from PIL import Image, UnidentifiedImageError  # here: 10 MB that other files never need

    try:
        with Image.open(BytesIO(data)) as picture:  # its head only
            size = picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        raise MediumFlaw("picture") from None
    if sum(size) > MAX_SIDES or max(size) > MAX_ASPECT_RATIO * min(size):
        raise MediumFlaw("picture_size", found=f"{size[0]} × {size[1]}", limit=MAX_SIDES, times=MAX_ASPECT_RATIO)


SAMPLE_SIDE, TILES_PER_SIDE = 640, 4  # pixels of the longer side that is looked at; tiles along each side
MIN_SIDE = 64  # pixels of a side
MAX_PIXELS = 16_000_000  # of a picture that has to be decoded whole
SCREENSHOT_ALIKE_SHARE, SCREENSHOT_ASPECT_RATIO = (
    0.58,
    1.6,
)  # share of neighbours alike in a screenshot; how much longer than wide it is
FINGERPRINT_CELLS = 8


@dataclass(frozen=True, slots=True)
class PictureCheck:
    """The result of a picture's check; `print` is empty if the picture is too plain to have a fingerprint."""

    flaws: tuple[FileFlaw, ...]
    print: str


def check_picture(file: BinaryIO, checks: FileChecks = ALL_CHECKS) -> PictureCheck | None:
    """Return the flaws and fingerprint of a picture; None if the file is no picture, or one too small or too large
    to be checked."""
    from PIL import Image, UnidentifiedImageError  # here: 10 MB that other files never need

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            picture = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
            picture.draft("L", (2 * SAMPLE_SIDE, 2 * SAMPLE_SIDE))  # a JPEG is decoded no larger than this needs
            if min(picture.size) < MIN_SIDE or picture.width * picture.height > MAX_PIXELS:
                return None
            return _to_check_result(picture, checks)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return None


def _to_check_result(picture: Image, checks: FileChecks) -> PictureCheck:
    longer_side, shorter_side = max(picture.size), min(picture.size)
    grey = picture.convert("L")
    full_pixels = np.asarray(grey, dtype=np.float32)
    grey.thumbnail((SAMPLE_SIDE, SAMPLE_SIDE))
    pixels = np.asarray(grey, dtype=np.float32)
    is_dark, is_blank = (
        full_pixels.mean() < checks.get_limit(FileFlaw.DARK),
        full_pixels.std() < checks.get_limit(FileFlaw.BLANK),
    )
    if is_blank:
        return PictureCheck(tuple(checks.filter_wanted(FileFlaw.DARK if is_dark else FileFlaw.BLANK)), "")
    flaws = [FileFlaw.DARK] if is_dark else []
    if (
        not is_dark
        and longer_side > SCREENSHOT_ASPECT_RATIO * shorter_side
        and _alike_share(full_pixels) > SCREENSHOT_ALIKE_SHARE
    ):
        flaws.append(FileFlaw.SCREENSHOT)
    if not flaws and _max_sharpness(pixels) < checks.get_limit(FileFlaw.BLURRED):
        flaws.append(FileFlaw.BLURRED)
    return PictureCheck(tuple(checks.filter_wanted(*flaws)), _fingerprint(grey))


def _alike_share(pixels: NDArray[np.float32]) -> float:
    """Return the share of pixels that are exactly like the one below and the one beside."""
    if min(pixels.shape) < 2:
        return 0.0
    return float(((np.diff(pixels, axis=0)[:, :-1] == 0) & (np.diff(pixels, axis=1)[:-1] == 0)).mean())


def _max_sharpness(pixels: NDArray[np.float32]) -> float:
    """Return the variance of edges in the sharpest tile; infinity if the picture is too small for tiles."""
    if min(pixels.shape) < 4 * TILES_PER_SIDE:
        return float("inf")
    inner_pixels = pixels[1:-1, 1:-1]
    edges = pixels[:-2, 1:-1] + pixels[2:, 1:-1] + pixels[1:-1, :-2] + pixels[1:-1, 2:] - 4 * inner_pixels
    tiles = (
        tile for row in np.array_split(edges, TILES_PER_SIDE) for tile in np.array_split(row, TILES_PER_SIDE, axis=1)
    )
    return max(float(tile.var()) for tile in tiles)


def _fingerprint(grey: Image) -> str:
    """Return a perceptual hash, in which similar pictures differ in few bits."""
    cells = np.asarray(grey.resize((FINGERPRINT_CELLS + 1, FINGERPRINT_CELLS)), dtype=np.int16)
    bits = (cells[:, 1:] > cells[:, :-1]).flatten()
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):0{FINGERPRINT_CELLS * FINGERPRINT_CELLS // 4}x}"


MAX_CHECKED_SECONDS = 610  # seconds that are listened to: more than any limit


def check_voice(file: BinaryIO, checks: FileChecks = ALL_CHECKS) -> tuple[FileFlaw, ...]:
    """Return the flaws of a recording; () if it cannot be decoded. It is read in blocks, at most
    MAX_CHECKED_SECONDS of it."""
    import soundfile  # here: libsndfile, which other files never need

    try:
        with soundfile.SoundFile(file) as sound:
            rate, loudest, frames = sound.samplerate, 0.0, 0
            for block in sound.blocks(blocksize=rate // 2, dtype="float32", always_2d=True):
                loudest = max(loudest, float(np.sqrt(np.mean(np.square(block)))) if len(block) else 0.0)
                frames += len(block)
                if frames >= MAX_CHECKED_SECONDS * rate:
                    break
    except (soundfile.LibsndfileError, RuntimeError, ValueError, ZeroDivisionError):
        return ()
    if frames < checks.get_limit(FileFlaw.SHORT) * rate:
        return tuple(checks.filter_wanted(FileFlaw.SHORT))
    is_quiet = 20 * np.log10(max(loudest, 1e-9)) < checks.get_limit(FileFlaw.QUIET)  # the loudest half second
    return tuple(checks.filter_wanted(FileFlaw.QUIET)) if is_quiet else ()
