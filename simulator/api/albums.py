"""Albums: two to ten photos and videos, documents or audio files in one call, each a message of its own."""

from secrets import randbelow
from typing import Any

from simulator.api.call import Call
from simulator.api.sending import deliver
from simulator.errors import Refused, bad_request
from simulator.media.fetching import numbered
from simulator.media.files import media
from simulator.values import Json

LEAST, MOST = 2, 10
CARRIED = ("photo", "video", "document", "audio")
ALONE = ("document", "audio")  # grouped with their own kind only
CAPTION = ("caption", "caption_entities", "parse_mode")


def send_media_group(call: Call) -> list[Json]:
    """All or none: nothing is sent where one of them is refused."""
    items: list[Json] = call.params["media"]
    if not LEAST <= len(items) <= MOST:
        raise bad_request(f"media must include {LEAST}-{MOST} items")
    kinds = {item["type"] for item in items}
    if unknown := kinds.difference(CARRIED):
        raise Refused(501, f"Not Implemented: the local Telegram does not group {', '.join(sorted(unknown))}")
    if len(kinds) > 1 and kinds.intersection(ALONE):
        raise bad_request("document and audio can't be mixed with other media types")
    call.reach()
    group = {"media_group_id": str(10**16 + randbelow(10**16))}
    prepared = [_item(call, place, item) for place, item in enumerate(items, 1)]
    return [deliver(call, {**fields, **group}) for fields in prepared]


def _item(call: Call, place: int, item: Json) -> Json:
    captions: dict[str, Any] = {name: item[name] for name in CAPTION if name in item}
    inner = Call(call.world, call.webhook, call.method, captions, call.uploads)
    try:
        stored = call.file(item["media"], "media", item["type"])
        return {**media(stored), **inner.caption()}
    except Refused as refused:
        raise numbered(place, refused) from None
