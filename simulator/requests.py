"""HTTP requests to the Bot API → parameters and uploads, in any encoding."""

from dataclasses import dataclass, field

import orjson
from aiohttp import BodyPartReader, web

from simulator.errors import bad_request
from simulator.media.files import Upload
from simulator.values import Json


@dataclass(frozen=True, slots=True)
class Received:
    params: Json = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


async def read(request: web.Request) -> Received:
    """Parameters from the query and from a JSON, urlencoded or multipart body."""
    query: Json = dict(request.query)
    if request.content_type == "application/json":
        return Received({**query, **_json(await request.read())})
    if request.content_type == "multipart/form-data":
        return await _multipart(request, query)
    return Received({**query, **dict(await request.post())})


def _json(body: bytes) -> Json:
    try:
        loaded = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(loaded, dict):
        raise bad_request("object expected as the request's body")
    return {name: value for name, value in loaded.items() if value is not None}


async def _multipart(request: web.Request, params: Json) -> Received:
    uploads: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.filename is None:
            params[part.name] = await part.text()
        else:
            content = bytes(await part.read())
            mime_type = part.headers.get("Content-Type")
            uploads[part.name] = Upload(content, part.filename, mime_type)
    return Received(params, uploads)
