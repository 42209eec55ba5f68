"""The control API under /sim: people, their phones, faults, figures and the live stream."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from simulator.errors import RefusedCall
from simulator.phones import ImpossibleAct, Phones, init_data, launch_address
from simulator.requests import read_parameters
from simulator.values import Json
from simulator.world import World

PERSON = "/sim/people/{id:-?\\d+}"
SHOWABLE = ("image/", "audio/", "text/plain", "text/csv")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def json_response(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")


@web.middleware
async def answer_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer refusals with HTTP statuses: 404 for missing things, 409 for acts a client would not allow, 400 for
    others.

    Requests of pages of other sites get 403."""
    if "/sim/" not in request.path:
        return await handler(request)
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        return json_response({"error": "pages of other sites may not act for people here"}, 403)
    try:
        return await handler(request)
    except LookupError as error:
        missing = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
        return json_response({"error": missing}, 400 if isinstance(error, KeyError) else 404)
    except ImpossibleAct as error:
        return json_response({"error": error.reason}, 409)
    except RefusedCall as error:
        return json_response({"error": error.description}, error.code)
    except (TypeError, ValueError) as error:
        return json_response({"error": str(error)}, 400)


class Control:
    """Handlers of the control API."""

    def __init__(self, world: World, phones: Phones, token: str) -> None:
        self.world, self.phones, self.token = world, phones, token

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/sim/state", self.state),
            web.get("/sim/live", self.live),
            web.get("/sim/stats", self.stats),
            web.get("/sim/stats/calls", self.calls),
            web.get("/sim/faults", self.faults),
            web.post("/sim/faults", self.add_fault),
            web.delete("/sim/faults", self.clear_faults),
            web.get("/sim/files/{file_id}", self.file),
            web.post("/sim/groups", self.gather),
            web.post("/sim/groups/{id:-?\\d+}", self.rule),
            web.post("/sim/people", self.join),
            web.get(f"{PERSON}/messages", self.messages),
            web.get(f"{PERSON}/commands", self.commands),
            web.post(f"{PERSON}/text", self.text),
            web.post(f"{PERSON}/press", self.press),
            web.post(f"{PERSON}/app", self.open_app),
            web.post(f"{PERSON}/pay", self.pay),
            web.post(f"{PERSON}/file", self.upload),
            web.post(f"{PERSON}/caption", self.recaption),
            web.post(f"{PERSON}/contact", self.contact),
            web.post(f"{PERSON}/location", self.location),
            web.post(f"{PERSON}/react", self.react),
            web.post(PERSON + "/{act:block|unblock|leave}", self.presence),
        ]

    async def state(self, request: web.Request) -> web.Response:
        people = [person.card() for person in self.world.people.values()]
        groups = [{**self.world.chat_info(c), "members": c.members} for c in self.world.chats.values() if c.title]
        bot = {**self.world.bot.card(), "descriptions": self.world.bot.descriptions}
        return json_response({"bot": bot, "people": people, "groups": groups})

    async def join(self, request: web.Request) -> web.Response:
        details = await _body(request)
        if "id" in details:
            details["id"] = int(details["id"])
        if details.get("id") in self.world.people:
            raise ImpossibleAct(f"somebody has the id {details['id']}")
        return json_response(self.world.join(**details).card())

    async def gather(self, request: web.Request) -> web.Response:
        body = await _body(request)
        members = tuple(self.phones.person(int(member_id)).id for member_id in body["members"])
        details = {name: body[name] for name in ("forum", "username") if name in body}
        return json_response(self.world.chat_info(self.world.gather(body["title"], members, **details)))

    async def rule(self, request: web.Request) -> web.Response:
        """Change what a group's owner allows the bot (`gone`, `may_write`, `may_manage_topics`), and `close` or
        `delete` a topic."""
        chat, body = self.phones.group(_id(request)), await _body(request)
        for name in ("gone", "may_write", "may_manage_topics"):
            setattr(chat.standing, name, body.get(name, getattr(chat.standing, name)))
        if "close" in body:
            chat.topics[int(body["close"])].closed = True
        if "delete" in body:
            del chat.topics[int(body["delete"])]
        return json_response(self.world.chat_info(chat))

    async def messages(self, request: web.Request) -> web.Response:
        """Answer with the messages after an id, oldest first."""
        group = request.query.get("chat_id")
        chat = self.phones.chat(_id(request), int(group) if group else None)
        after = int(request.query.get("after", 0))
        return json_response([message.view() for message in chat.messages.values() if message.id > after])

    async def commands(self, request: web.Request) -> web.Response:
        person = self.phones.person(_id(request))
        return json_response(self.world.menus.seen_by(person.id, person.language_code))

    async def text(self, request: web.Request) -> web.Response:
        body = await _body(request)
        reply, chat = body.get("reply_to_message_id"), body.get("chat_id")
        return json_response(self.phones.say(_id(request), body["text"], reply, chat).view())

    async def press(self, request: web.Request) -> web.Response:
        body = await _body(request)
        message = int(body["message_id"])
        data = body.get("data")
        if data is None:
            data = self.phones.button(_id(request), message, int(body["row"]), int(body["column"]))
        query = self.phones.press(_id(request), message, str(data), raw=bool(body.get("raw")))
        return json_response({"callback_query_id": query})

    async def open_app(self, request: web.Request) -> web.Response:
        """Answer with the address that a message's Mini App button opens, signed for this person."""
        person, body = self.phones.person(_id(request)), await _body(request)
        place = int(body["message_id"]), int(body["row"]), int(body["column"])
        address = self.phones.mini_app(person.id, *place)
        query = f"AA{person.id:x}-{self.world.now():x}"
        data = init_data(self.token, person, query, self.world.now())
        return json_response({"url": launch_address(address, data, body.get("theme", {}))})

    async def pay(self, request: web.Request) -> web.Response:
        """Answer with how the payment of an invoice ended, once it has."""
        body = await _body(request)
        outcome = str(body.get("outcome", "paid"))
        return json_response(await self.phones.pay(_id(request), int(body["message_id"]), outcome))

    async def upload(self, request: web.Request) -> web.Response:
        received = await read_parameters(request)
        kind = received.params.get("as", "document")
        if kind not in ("document", "photo", "voice"):
            raise ValueError(f"a file goes as document, photo or voice, not as {kind}")
        caption = str(received.params.get("caption", ""))
        reply = received.params.get("reply_to_message_id")
        upload, reply_to = received.uploads["file"], int(reply) if reply else None
        return json_response(self.phones.upload(_id(request), upload, kind, caption, reply_to).view())

    async def recaption(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return json_response(self.phones.recaption(_id(request), int(body["message_id"]), str(body["caption"])).view())

    async def contact(self, request: web.Request) -> web.Response:
        return json_response(self.phones.contact(_id(request), await _body(request)).view())

    async def location(self, request: web.Request) -> web.Response:
        body = await _body(request)
        place = float(body["latitude"]), float(body["longitude"])
        return json_response(self.phones.locate(_id(request), *place).view())

    async def react(self, request: web.Request) -> web.Response:
        body = await _body(request)
        self.phones.react(_id(request), int(body["message_id"]), body.get("emoji"))
        return json_response({"ok": True})

    async def presence(self, request: web.Request) -> web.Response:
        act, person = request.match_info["act"], _id(request)
        changed = self.phones.leave(person) if act == "leave" else self.phones.block(person, act == "block")
        return json_response(changed.card())

    async def file(self, request: web.Request) -> web.Response:
        """Answer with a file's bytes; types a browser could run are offered for download only."""
        stored = self.world.files.files.get(request.match_info["file_id"])
        if stored is None:
            raise LookupError("there is no such file")
        inline = stored.mime_type.startswith(SHOWABLE) and "svg" not in stored.mime_type
        kind = stored.mime_type if inline else "application/octet-stream"
        name = "".join(
            c if c.isalnum() or c in "-_. " else "_" for c in stored.name.encode("ascii", "replace").decode()
        )
        headers = {"Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{name}"'}
        return web.Response(body=stored.content, headers={**headers, "Content-Type": kind})

    async def faults(self, request: web.Request) -> web.Response:
        return json_response([fault.view() for fault in self.world.faults.switches.values()])

    async def add_fault(self, request: web.Request) -> web.Response:
        body = await _body(request)
        return json_response(self.world.faults.add(body.pop("kind"), **body).view())

    async def clear_faults(self, request: web.Request) -> web.Response:
        self.world.faults.clear()
        return json_response([])

    async def stats(self, request: web.Request) -> web.Response:
        return json_response(self.world.stats.view())

    async def calls(self, request: web.Request) -> web.Response:
        """Answer with the log of calls, of one `method` or all."""
        return json_response([logged.view() for logged in self.world.stats.calls(request.query.get("method"))])

    async def live(self, request: web.Request) -> web.WebSocketResponse:
        """Send every event as it happens, until the socket closes."""
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        queue = self.world.live.watch()
        writer = asyncio.create_task(_forward(queue, socket))
        try:
            async for _ in socket:
                pass
        finally:
            self.world.live.leave(queue)
            writer.cancel()
        return socket


async def _forward(queue: "asyncio.Queue[Json | None]", socket: web.WebSocketResponse) -> None:
    with suppress(ConnectionError):
        while (event := await queue.get()) is not None:
            await socket.send_str(orjson.dumps(event).decode())
        await socket.close()


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    body = orjson.loads(await request.read() or b"{}")
    if not isinstance(body, dict):
        raise TypeError("an object is expected")
    return body
