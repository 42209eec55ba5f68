"""Downloads files that a call names by URL, within Telegram's sizes and with its errors."""

import aiohttp
import orjson

from simulator.errors import Refused, bad_request
from simulator.media.files import Upload
from simulator.values import Json

KINDS = ("photo", "document", "voice", "audio", "video")
# What Telegram takes by address, where it does not take everything.
TAKEN = {
    "photo": ("image/",),
    "video": ("video/",),
    "audio": ("audio/",),
    "voice": ("audio/ogg", "application/ogg"),
    "document": ("application/pdf", "application/zip", "image/gif"),
}
MOST_PHOTO, MOST = 5 * 1024 * 1024, 20 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)


async def fetched(params: Json) -> dict[str, Upload]:
    """address → its content, for each file of a call that is named by an address."""
    media = params.get("media")
    if isinstance(media, list):
        return await _fetched_album(media)
    named = {kind: params.get(kind) for kind in KINDS}
    if isinstance(media, dict):
        named[str(media.get("type"))] = media.get("media")
    wanted = {value: kind for kind, value in named.items() if is_address(value)}
    return {str(address): await _fetch(str(address), kind) for address, kind in wanted.items()}


async def _fetched_album(media: list[Json]) -> dict[str, Upload]:
    found = {}
    for place, item in enumerate(media, 1):
        if is_address(address := item["media"]):
            try:
                found[str(address)] = await _fetch(str(address), item["type"])
            except Refused as refused:
                raise numbered(place, refused) from None
    return found


def numbered(place: int, refused: Refused) -> Refused:
    """A refusal about one file of an album, as Telegram words it."""
    words = refused.description.removeprefix("Bad Request: ")
    return bad_request(f'failed to send message #{place} with the error message "{words}"')


def media_of(params: Json) -> str:
    """The address or identifier of the file a call names, of an album all; empty where it names none."""
    media = params.get("media")
    if isinstance(media, str) and media.startswith("["):
        media = orjson.loads(media)
    if isinstance(media, list):
        return " ".join(str(item.get("media", "")) for item in media)
    named = media.get("media") if isinstance(media, dict) else None
    return str(next((params[kind] for kind in KINDS if kind in params), named or ""))


def is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


async def _fetch(address: str, kind: str) -> Upload:
    most = MOST_PHOTO if kind == "photo" else MOST
    try:
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session, session.get(address) as response:
            if response.status != 200:
                raise bad_request("failed to get HTTP URL content")
            if not response.content_type.startswith(TAKEN[kind]):
                raise bad_request("wrong type of the web page content")
            content = await response.content.read(most + 1)
            while len(content) <= most and (more := await response.content.read(most)):
                content += more
            mime_type = response.content_type
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise bad_request("failed to get HTTP URL content") from None
    if len(content) > most:
        raise bad_request("failed to get HTTP URL content")
    return Upload(content, address.rsplit("/", 1)[-1].partition("?")[0] or "file", mime_type)
