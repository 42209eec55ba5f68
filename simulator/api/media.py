"""Photos, documents, voice, audio and video: up, again by file_id, and down."""

from simulator.api.call import Call
from simulator.api.sending import deliver
from simulator.media.files import media
from simulator.values import Json


def _send(call: Call, kind: str) -> Json:
    call.reach()
    caption = call.caption()
    stored = call.file(call.get(kind), kind, kind)
    return deliver(call, {**media(stored, call.get("duration", 0)), **caption})


def send_photo(call: Call) -> Json:
    return _send(call, "photo")


def send_document(call: Call) -> Json:
    return _send(call, "document")


def send_voice(call: Call) -> Json:
    return _send(call, "voice")


def send_audio(call: Call) -> Json:
    return _send(call, "audio")


def send_video(call: Call) -> Json:
    return _send(call, "video")


def get_file(call: Call) -> Json:
    return call.world.files.describe(call.params["file_id"])
