"""Downloads files that a call names by URL, within Telegram's sizes and with its errors."""

import aiohttp
import orjson

from simulator.errors import RefusedCall, bad_request
from simulator.media.files import UploadedFile
from simulator.values import Json

KINDS = ("photo", "document", "voice", "audio", "video")
# What Telegram takes by address, where it does not take everything.
TAKEN_TYPES = {
    "photo": ("image/",),
    "video": ("video/",),
    "audio": ("audio/",),
    "voice": ("audio/ogg", "application/ogg"),
    "document": ("application/pdf", "application/zip", "image/gif"),
}
MAX_PHOTO_BYTES, MAX_BYTES = 5 * 1024 * 1024, 20 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)


async def fetch_addresses(params: Json) -> dict[str, UploadedFile]:
    """Return address → its content, for each file of a call that is named by an address; raise 400 where that fails."""
    media = params.get("media")
    if isinstance(media, list):
        return await _fetch_album(media)
    references = {kind: params.get(kind) for kind in KINDS}
    if isinstance(media, dict):
        references[str(media.get("type"))] = media.get("media")
    kind_by_address = {value: kind for kind, value in references.items() if is_address(value)}
    return {str(address): await _fetch(str(address), kind) for address, kind in kind_by_address.items()}


async def _fetch_album(media: list[Json]) -> dict[str, UploadedFile]:
    uploads = {}
    for place, item in enumerate(media, 1):
        if is_address(address := item["media"]):
            try:
                uploads[str(address)] = await _fetch(str(address), item["type"])
            except RefusedCall as refused:
                raise number_refusal(place, refused) from None
    return uploads


def number_refusal(place: int, refused: RefusedCall) -> RefusedCall:
    """Return a refusal about one file of an album, as Telegram words it."""
    words = refused.description.removeprefix("Bad Request: ")
    return bad_request(f'failed to send message #{place} with the error message "{words}"')


def named_media(params: Json) -> str:
    """Return the address or identifier of the file a call names, of an album all; empty where it names none."""
    media = params.get("media")
    if isinstance(media, str) and media.startswith("["):
        media = orjson.loads(media)
    if isinstance(media, list):
        return " ".join(str(item.get("media", "")) for item in media)
    reference = media.get("media") if isinstance(media, dict) else None
    return str(next((params[kind] for kind in KINDS if kind in params), reference or ""))


def is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


async def _fetch(address: str, kind: str) -> UploadedFile:
    max_bytes = MAX_PHOTO_BYTES if kind == "photo" else MAX_BYTES
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(address) as response:
            if response.status != 200:
                raise bad_request("failed to get HTTP URL content")
            if not response.content_type.startswith(TAKEN_TYPES[kind]):
                raise bad_request("wrong type of the web page content")
            content = await response.content.read(max_bytes + 1)
            while len(content) <= max_bytes and (chunk := await response.content.read(max_bytes)):
                content += chunk
            mime_type = response.content_type
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise bad_request("failed to get HTTP URL content") from None
    if len(content) > max_bytes:
        raise bad_request("failed to get HTTP URL content")
    return UploadedFile(content, address.rsplit("/", 1)[-1].partition("?")[0] or "file", mime_type)
