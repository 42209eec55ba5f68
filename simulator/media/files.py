"""Files up and down: stored once, sent again by file_id, fetched by path."""

import mimetypes
import struct
from dataclasses import dataclass, field
from secrets import token_urlsafe

from simulator.errors import RefusedCall, bad_request
from simulator.values import Json

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
MAX_PHOTO_BYTES = 10 * 1024 * 1024
UNKNOWN_TYPE = "application/octet-stream"
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "audio": "music", "video": "videos"}
ID_PREFIXES = {"photo": "AgACAgQ", "document": "BQACAgQ", "voice": "AwACAgQ", "audio": "CQACAgQ", "video": "BAACAgQ"}


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """Bytes that came with a call."""

    content: bytes
    name: str
    mime_type: str | None = None

    def kind_of_content(self, kind: str) -> str:
        """Return the MIME type: as declared, as the name says, or the usual one of its kind."""
        if self.mime_type not in (None, UNKNOWN_TYPE):
            return str(self.mime_type)
        usual = "audio/ogg" if kind == "voice" else UNKNOWN_TYPE
        return mimetypes.guess_type(self.name)[0] or usual


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file Telegram keeps; `kind` is the field of Message it appears under."""

    id: str
    unique_id: str
    kind: str
    path: str
    name: str
    mime_type: str
    content: bytes

    def base(self) -> Json:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content)}


@dataclass(slots=True)
class FileStore:
    """Everything uploaded, by file_id and by path."""

    files: dict[str, StoredFile] = field(default_factory=dict)
    paths: dict[str, StoredFile] = field(default_factory=dict)

    def add(self, upload: UploadedFile, kind: str) -> StoredFile:
        size = len(upload.content)
        if size == 0:
            raise bad_request("file must be non-empty")
        if size > MAX_UPLOAD_BYTES:
            raise RefusedCall(413, "Request Entity Too Large")
        if kind == "photo":
            self._check_photo(upload)
        extension = upload.name[upload.name.rfind(".") :] if "." in upload.name else ""
        path = f"{FOLDERS[kind]}/file_{len(self.files)}{extension}"
        file_id = f"{ID_PREFIXES[kind]}{token_urlsafe(36)}"
        stored = StoredFile(
            file_id,
            f"AgAD{token_urlsafe(8)}",
            kind,
            path,
            upload.name,
            mime_type=upload.kind_of_content(kind),
            content=upload.content,
        )
        self.files[stored.id] = self.paths[path] = stored
        return stored

    @staticmethod
    def _check_photo(upload: UploadedFile) -> None:
        if len(upload.content) > MAX_PHOTO_BYTES:
            raise bad_request(
                f"file of size {len(upload.content)} bytes is too big for a photo; "
                f"the maximum size is {MAX_PHOTO_BYTES} bytes"
            )
        size = dimensions(upload.content)
        if size is None:
            raise bad_request("IMAGE_PROCESS_FAILED")
        if sum(size) > 10_000 or max(size) > 20 * min(size):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")

    def get_sent(self, file_id: str, kind: str) -> StoredFile:
        """Return a file sent before; raise 400 if it is unknown or of another kind."""
        stored = self.files.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if stored.kind != kind:
            raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
        return stored

    def describe(self, file_id: str) -> Json:
        """Return the Bot API's File, with a path to download it; raise 400 if it is unknown or too big."""
        stored = self.files.get(file_id)
        if stored is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(stored.content) > MAX_DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return {**stored.base(), "file_path": stored.path}


def media_fields(stored: StoredFile, duration: int = 0) -> Json:
    """Return the field of a Message that shows this file."""
    if stored.kind == "photo":
        width, height = dimensions(stored.content) or (1, 1)
        return {"photo": [{**stored.base(), "width": width, "height": height}]}
    fields = {**stored.base(), "mime_type": stored.mime_type}
    if stored.kind != "voice":
        fields["file_name"] = stored.name
    if stored.kind != "document":
        fields["duration"] = duration
    if stored.kind == "video":
        fields |= {"width": 320, "height": 240}
    return {stored.kind: fields}


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Return (width, height), or None for data that is no image Telegram accepts."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return _read_pair(">II", content, 16)
        if content.startswith((b"GIF87a", b"GIF89a")):
            return _read_pair("<HH", content, 6)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _read_webp(content)
        if content.startswith(b"\xff\xd8"):
            return _read_jpeg(content)
    except (struct.error, IndexError):
        return None
    return None


def _read_pair(form: str, content: bytes, offset: int) -> tuple[int, int]:
    left, right = struct.unpack_from(form, content, offset)
    return int(left), int(right)


def _read_webp(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return width, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _read_pair("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _read_jpeg(content: bytes) -> tuple[int, int] | None:
    offset = 2
    while offset + 9 < len(content):
        marker, length = content[offset + 1], int.from_bytes(content[offset + 2 : offset + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _read_pair(">HH", content, offset + 5)
            return width, height
        offset += 2 + length
    return None
