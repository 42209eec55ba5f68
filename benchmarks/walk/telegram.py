"""The simulator's Telegram without sockets: a call goes straight from the bot's transport to the method."""

from contextlib import suppress
from typing import Any

from telegram.request import BaseRequest, RequestData

from bot.transport.requests import raise_for_refusal
from simulator.errors import RefusedCall
from simulator.media.files import UploadedFile
from simulator.requests import CallParameters
from simulator.server import Server, refusal_response, success_response
from simulator.values import Json

ADDRESS = "http://telegram.invalid"


class InProcess(BaseRequest):
    """`refused` keeps what Telegram has refused: (method, code, words, parameters)."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.refused: list[tuple[str, int, str, Json]] = []

    @property
    def read_timeout(self) -> float | None:
        return 20.0

    async def initialize(self) -> None:
        """Nothing is opened."""

    async def shutdown(self) -> None:
        """Nothing is open."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        if "/file/bot" in url:
            stored = self.server.world.files.paths.get(url.partition("/file/bot")[2].partition("/")[2])
            return (
                (200, stored.content) if stored else (404, b'{"ok":false,"error_code":404,"description":"Not Found"}')
            )
        name = url.rpartition("/")[2]
        params = dict(request_data.json_parameters) if request_data else {}
        uploads = {key: _upload(*told) for key, told in request_data.multipart_data.items()} if request_data else {}
        try:
            answer = success_response(await self.server.obey(name, CallParameters(params, uploads)))
        except RefusedCall as refused:
            self.refused.append((name, refused.code, refused.description, params))
            answer = refusal_response(refused)
        return raise_for_refusal(answer.status, bytes(answer.body or b""), answer.headers.get("Retry-After", ""))  # type: ignore[arg-type]  # bytes is what both put there


def _upload(name: str, content: Any, kind: str) -> UploadedFile:
    with suppress(AttributeError):
        content.seek(0)
    return UploadedFile(content if isinstance(content, bytes) else content.read(), name, kind)
