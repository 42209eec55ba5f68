"""The kind of a file, by its first bytes; its name and what a server says of it are only claims."""

from __future__ import annotations

from typing import NamedTuple

from domain.projects.media import AUDIO, DOCUMENT, PHOTO, VIDEO, VOICE

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
