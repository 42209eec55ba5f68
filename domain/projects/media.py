"""Media of a row: pictures, sound, video and documents, in columns of these names.

A cell holds an address, Telegram's id of a file that was sent to the bot, or the name of a file that came in a ZIP
beside the table; several are separated by line breaks or `|`, addresses also by spaces.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from domain.records import record

PHOTO, AUDIO, VOICE, VIDEO, DOCUMENT = "photo", "audio", "voice", "video", "document"
STEMS = {
    **dict.fromkeys(("image", "images", "picture", "pictures", "photo", "photos"), PHOTO),
    **dict.fromkeys(("audio", "sound"), AUDIO),
    "voice": VOICE,
    **dict.fromkeys(("video", "videos"), VIDEO),
    **dict.fromkeys(("document", "documents", "file", "files"), DOCUMENT),
}
STRICT = frozenset({"image", "images", "audio"})  # in columns of these names everything else is a mistake
MOST = 10  # in one task: what Telegram shows together
BROUGHT = "media:"  # begins the name of content that holds what a ZIP brought for a column, and each such reference
OWN_KIND = {
    "AwAC": VOICE,
    "CQAC": AUDIO,
    "BAAC": VIDEO,
}  # how an id of Telegram's begins: sent as anything else it fails
_COLUMN = re.compile(rf"({'|'.join(STEMS)})(?:[ _-]?(?:\d{{1,2}}|[a-z]))?", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\r\n|]+")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{40,250}")
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LABELLED = re.compile(r"\s*([^{}]*?)\s*:?\s*\{([^{}]+)\}\s*")


@record
class Medium:
    """One file of a task: how it is sent, where it is, and what it is called in the task."""

    kind: str
    file: str
    label: str = ""


class Laid(NamedTuple):
    """A template without the places of its media, and these in order."""

    template: str
    media: tuple[Medium, ...]


@lru_cache(maxsize=1024)
def kind_of_column(name: str) -> str | None:
    """`image`, `audio_2` or `video b`: how what is in it is sent."""
    found = _COLUMN.fullmatch(name.strip())
    return STEMS[found[1].lower()] if found else None


def is_strict(name: str) -> bool:
    found = _COLUMN.fullmatch(name.strip())
    return found is not None and found[1].lower() in STRICT


def has_sound(template: str) -> bool:
    """Whether it has a place for sound, whatever the rows that were looked at hold."""
    places = (found[1] for found in _PLACEHOLDER.finditer(template))
    return any(kind_of_column(place) in (AUDIO, VOICE) and is_strict(place) for place in places)


def parts_of(cell: str) -> list[str]:
    """A space separates addresses; it may be part of a file's name."""
    parts = [part.strip() for part in _SEPARATOR.split(cell)]
    return [piece for part in parts for piece in _pieces(part) if piece]


def _pieces(part: str) -> list[str]:
    pieces = part.split()
    return pieces if all(map(_is_address, pieces)) else [part]


def _is_address(part: str) -> bool:
    return part.lower().startswith(("http://", "https://"))


def is_file_id(part: str) -> bool:
    return _FILE_ID.fullmatch(part) is not None


def is_reference(part: str) -> bool:
    """Whether it can be sent as it is."""
    return _is_address(part) or part.startswith(BROUGHT) or is_file_id(part)


def laid(template: str, content: Mapping[str, str]) -> Laid:
    """A line that holds a medium and perhaps a label, as `Before: {image_1}`, is the medium's alone."""
    if not _has_media(template):
        return Laid(template.strip(), ())
    kept, media = list[str](), list[Medium]()

    def taken(place: re.Match[str]) -> str:
        found = _media(place[1], content, "")
        media.extend(found)
        return "" if found else place[0]

    for line in template.split("\n"):
        alone = _LABELLED.fullmatch(line)
        if alone and (found := _media(alone[2], content, alone[1])):
            media += found
        else:
            kept.append(_PLACEHOLDER.sub(taken, line))
    return Laid("\n".join(kept).strip(), tuple(media[:MOST]))


@lru_cache(maxsize=1024)
def _has_media(template: str) -> bool:
    """Whether a place in it has the name of a medium."""
    return any(kind_of_column(found[1]) is not None for found in _PLACEHOLDER.finditer(template))


def _media(column: str, content: Mapping[str, str], label: str) -> list[Medium]:
    """None where the column's name or the cell says that it is text."""
    kind = kind_of_column(column)
    if kind is None:
        return []
    parts = parts_of(content.get(BROUGHT + column) or content.get(column, ""))
    if not is_strict(column) and not all(map(is_reference, parts)):
        return []
    return [Medium(OWN_KIND.get(part[:4], kind) if is_file_id(part) else kind, part, label) for part in parts]
