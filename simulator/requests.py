"""HTTP requests to the Bot API → parameters and uploads, in any encoding."""

from dataclasses import dataclass, field

import orjson
from aiohttp import BodyPartReader, web

from simulator.errors import bad_request
from simulator.media.files import UploadedFile
from simulator.values import Json


@dataclass(frozen=True, slots=True)
class CallParameters:
    params: Json = field(default_factory=dict)
    uploads: dict[str, UploadedFile] = field(default_factory=dict)


async def read_parameters(request: web.Request) -> CallParameters:
    """Return parameters from the query and from a JSON, urlencoded or multipart body, and the files in it."""
    query: Json = dict(request.query)
    if request.content_type == "application/json":
        return CallParameters({**query, **_parse_json(await request.read())})
    if request.content_type == "multipart/form-data":
        return await _read_multipart(request, query)
    return CallParameters({**query, **dict(await request.post())})


def _parse_json(body: bytes) -> Json:
    try:
        loaded = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(loaded, dict):
        raise bad_request("object expected as the request's body")
    return {name: value for name, value in loaded.items() if value is not None}


async def _read_multipart(request: web.Request, params: Json) -> CallParameters:
    uploads: dict[str, UploadedFile] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        if part.filename is None:
            params[part.name] = await part.text()
        else:
            content = bytes(await part.read())
            mime_type = part.headers.get("Content-Type")
            uploads[part.name] = UploadedFile(content, part.filename, mime_type)
    return CallParameters(params, uploads)
