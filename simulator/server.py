"""The Bot API over HTTP: token, faults, checks, flood control, then the method itself."""

import asyncio
import inspect
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from simulator.api import METHODS
from simulator.api.call import DescribedResult, MethodCall
from simulator.errors import RefusedCall
from simulator.media.fetching import fetch_addresses, named_media
from simulator.phones import Phones
from simulator.requests import CallParameters, read_parameters
from simulator.schema import check_parameters, find_method
from simulator.stats import LoggedCall
from simulator.updating.webhook import WebhookDelivery
from simulator.values import Json
from simulator.world import World

CODE_OF_CUT = 0


class Server:
    """Answers the bot; `world` is what it answers from."""

    def __init__(self, token: str, world: World, webhook: WebhookDelivery) -> None:
        self.token = token
        self.world = world
        self.webhook = webhook
        self.phones = Phones(world)
        self._delayed: set[asyncio.Task[web.StreamResponse]] = set()
        webhook.reply = self._reply_of_webhook

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one Bot API call, noted however it ends."""
        name, params = request.match_info["method"], Json()
        try:
            self._authorise(request)
            name = find_method(name)
            received = await self._read_request(request)
            params = received.params
            return await self._carried_through(request, name, received)
        except RefusedCall as refused:
            self._note(name, params, refused.code, refused.description)
            return refusal_response(refused)

    def _authorise(self, request: web.Request) -> None:
        if request.match_info["token"] != self.token:
            raise RefusedCall(401, "Unauthorized")

    async def _read_request(self, request: web.Request) -> CallParameters:
        try:
            return await read_parameters(request)
        except web.HTTPRequestEntityTooLarge as error:
            raise RefusedCall(413, "Request Entity Too Large") from error

    async def _carried_through(self, request: web.Request, name: str, received: CallParameters) -> web.StreamResponse:
        """Run a call to its end even when the bot has hung up; a poll ends with its connection."""
        calling = self._noted(request, name, received)
        if name == "getUpdates" or not self.world.faults.switches:
            return await calling
        task = asyncio.create_task(calling)
        self._delayed.add(task)
        task.add_done_callback(self._delayed.discard)
        return await asyncio.shield(task)

    async def _noted(self, request: web.Request, name: str, received: CallParameters) -> web.StreamResponse:
        """Run a call and note its refusal here, so that it is noted although the bot has hung up."""
        try:
            return await self._with_faults(request, name, received)
        except RefusedCall as refused:
            self._note(name, received.params, refused.code, refused.description)
            return refusal_response(refused)

    async def _with_faults(self, request: web.Request, name: str, received: CallParameters) -> web.StreamResponse:
        faults, chat_id = self.world.faults, _chat_id(received.params)
        if fault := faults.strike("delay", name, chat_id):
            await asyncio.sleep(fault.seconds)
        if fault := faults.strike("refuse", name, chat_id, named_media(received.params)):
            raise fault.refusal()
        if faults.strike("cut_before", name, chat_id):
            return self._cut(request, name, received)
        result = await self.obey(name, received)
        if faults.strike("cut_after", name, chat_id):
            return self._cut(request, name, received)
        self._note(name, received.params, 200)
        if fault := faults.strike("slice", name, chat_id):
            return await send_in_slices(request, success_response(result), fault.seconds)
        return success_response(result)

    async def obey(self, name: str, received: CallParameters) -> Any:
        params = check_parameters(name, received.params, frozenset(received.uploads))
        if "chat_id" in params:
            messages = len(params["media"]) if isinstance(params.get("media"), list) else 1
            self.world.flood.take(name, self.world.chat(params["chat_id"]).id, max(1, messages))
        uploads = {**received.uploads, **await fetch_addresses(params)}
        outcome = METHODS[name](MethodCall(self.world, self.webhook, name, params, uploads))
        return await outcome if inspect.isawaitable(outcome) else outcome

    async def _reply_of_webhook(self, call: Json) -> None:
        """Run a call in the response of a webhook; its result is discarded."""
        name = str(call["method"])
        params = {key: value for key, value in call.items() if key != "method"}
        try:
            name = find_method(name)
            await self.obey(name, CallParameters(params))
            self._note(name, params, 200)
        except RefusedCall as refused:
            self._note(name, params, refused.code, refused.description)

    def _cut(self, request: web.Request, name: str, received: CallParameters) -> web.StreamResponse:
        self._note(name, received.params, CODE_OF_CUT, "connection cut")
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _note(self, name: str, params: Json, code: int, description: str = "") -> None:
        logged = LoggedCall(self.world.clock(), name, code, params, description)
        self.world.stats.note(logged, metered=self.world.flood.limits.meters(name))

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Answer `GET /file/bot{token}/{path}` with the file of getFile."""
        try:
            self._authorise(request)
        except RefusedCall as refused:
            return refusal_response(refused)
        stored = self.world.files.paths.get(request.match_info["path"])
        if stored is None:
            return refusal_response(RefusedCall(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")


def routes(servers: Sequence[Server]) -> list[web.RouteDef]:
    """Return the routes of the Bot API: a call goes to the bot of its token, one with an unknown token is refused."""
    by_token = {server.token: server for server in servers}

    async def call(request: web.Request) -> web.StreamResponse:
        return await by_token.get(request.match_info["token"], servers[0]).call(request)

    async def download(request: web.Request) -> web.StreamResponse:
        return await by_token.get(request.match_info["token"], servers[0]).download(request)

    return [web.route("*", "/bot{token}/{method}", call), web.get("/file/bot{token}/{path:.+}", download)]


def _chat_id(params: Json) -> int | None:
    value = str(params.get("chat_id", ""))
    return int(value) if value.lstrip("-").isdigit() else None


def success_response(result: Any) -> web.Response:
    description = {"description": result.description} if isinstance(result, DescribedResult) else {}
    value = result.result if isinstance(result, DescribedResult) else result
    return web.Response(
        body=orjson.dumps({"ok": True, "result": value, **description}), content_type="application/json"
    )


async def send_in_slices(request: web.Request, whole: web.Response, pause: float) -> web.StreamResponse:
    """Send a response byte by byte, with a pause after each."""
    body = bytes(whole.body or b"")  # type: ignore[arg-type]  # bytes is what success() put there
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    with suppress(ConnectionError):
        await response.prepare(request)
        for offset in range(len(body)):
            await response.write(body[offset : offset + 1])
            await asyncio.sleep(pause)
    return response


def refusal_response(refused: RefusedCall) -> web.Response:
    body: Json = {"ok": False, "error_code": refused.code, "description": refused.description}
    headers = {}
    if refused.retry_after is not None:
        body["parameters"] = {"retry_after": refused.retry_after}
        headers["Retry-After"] = str(refused.retry_after)
    data = orjson.dumps(body)
    return web.Response(body=data, status=refused.code, headers=headers, content_type="application/json")
