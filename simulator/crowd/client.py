"""Phones for programs: stories, crowds and scripts hold one and wait for what it shows."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import aiohttp

from simulator.values import Json

Wish = str | re.Pattern[str] | Callable[[Json], bool]
PATIENCE_SECONDS = 30.0  # seconds; a wait that succeeds takes none of them
MAX_KEPT_EVENTS = 2_000


def text_of(message: Json) -> str:
    return str(message.get("text", message.get("caption", "")))


def buttons_of(message: Json) -> list[Json]:
    """Return all buttons of a message, inline or reply keyboard, row by row."""
    markup = message.get("reply_markup", {})
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return [button for row in rows for button in row]


class Phone:
    """One person's phone. Waiting looks at what has come since the last act, each event once."""

    def __init__(self, switchboard: "Switchboard", card: Json) -> None:
        self.switchboard = switchboard
        self.card = card
        self.id = int(card["id"])
        self.shown: dict[int, Json] = {}
        self.answers: dict[str, Json] = {}
        self.actions: deque[str] = deque(maxlen=MAX_KEPT_EVENTS)
        self.listeners: list[Callable[[Json], None]] = []
        self._fresh: deque[Json] = deque(maxlen=MAX_KEPT_EVENTS)
        self._before = 0  # the newest message when this person last acted
        self._watchers: set[asyncio.Event] = set()

    @property
    def messages(self) -> list[Json]:
        """Messages that the chat shows, oldest first."""
        return [self.shown[key] for key in sorted(self.shown)]

    @property
    def last(self) -> Json:
        """The newest message of the bot's."""
        return next(message for message in reversed(self.messages) if not message["out"])

    @property
    def text(self) -> str:
        return text_of(self.last)

    @property
    def keyboard(self) -> list[str]:
        """The texts of the last message's buttons."""
        return [button["text"] for button in buttons_of(self.last)]

    def hear(self, event: Json) -> None:
        """Take in one event of the live stream."""
        kind = event["type"]
        if kind in ("message", "edit"):
            message = event["message"]
            self.shown[message["message_id"]] = message
            if not message["out"]:
                self._pass_to_listeners(message)
        elif kind == "delete":
            self.shown.pop(event["message_id"], None)
        elif kind == "reaction" and event["message_id"] in self.shown:
            message = self.shown[event["message_id"]]
            self.shown[event["message_id"]] = {**message, "reactions": event["reactions"]}
        elif kind == "callback_answer":
            self.answers[event["callback_query_id"]] = event
        elif kind == "action":
            self.actions.append(event["action"])
        for watcher in self._watchers:
            watcher.set()

    def _pass_to_listeners(self, message: Json) -> None:
        self._fresh.append(message)
        for listener in self.listeners:
            listener(message)

    async def say(self, text: str, reply_to: int | None = None) -> Json:
        body = {"text": text, **({"reply_to_message_id": reply_to} if reply_to else {})}
        return await self._act("text", body)

    async def press(self, button: str, on: Json | None = None) -> str:
        """Press the button with this text (or data) on a message, by default the newest that has it; return the query's
        id.

        Raise LookupError if no message has it."""
        for message in [on] if on is not None else list(reversed(self.messages)):
            for offered in buttons_of(message):
                if button in (offered["text"], offered.get("callback_data")):
                    return await self._press_found(message, offered)
        raise LookupError(f"{self._name()} sees no button {button!r}; {self._sight()}")

    async def _press_found(self, message: Json, button: Json) -> str:
        if "callback_data" in button:
            return await self.press_data(
                button["callback_data"], message["message_id"], raw=self._shows(message, button)
            )
        if "keyboard" in message["reply_markup"]:
            await self.say(button["text"])
            return ""
        raise LookupError(f"the button {button['text']!r} sends nothing to the bot")

    def _shows(self, message: Json, button: Json) -> bool:
        """Return whether this phone shows the button now: a press may cross the edit that takes it away."""
        return button in buttons_of(self.shown.get(message["message_id"], {}))

    async def pay(self, invoice: Json, outcome: str = "paid") -> Json:
        """Pay an invoice by card; return how it ended: {"state", "reason"}."""
        return await self._act("pay", {"message_id": invoice["message_id"], "outcome": outcome})

    async def press_data(self, data: str, message_id: int, *, raw: bool = True) -> str:
        """Send any callback data, as a hostile client could; return the callback query's id."""
        body = {"message_id": message_id, "data": data, "raw": raw}
        answer = await self._act("press", body)
        return str(answer["callback_query_id"])

    async def upload(self, content: bytes, name: str, caption: str = "", kind: str = "document") -> Json:
        """Send a file as `document`, `photo` or `voice`."""
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", content, filename=name)
        form.add_field("caption", caption)
        form.add_field("as", kind)
        return await self._act("file", form)

    async def recaption(self, message_id: int, caption: str) -> Json:
        """Edit the caption of a file sent before."""
        return await self._act("caption", {"message_id": message_id, "caption": caption})

    async def share_contact(self, **details: object) -> Json:
        return await self._act("contact", dict(details))

    async def share_location(self, latitude: float, longitude: float) -> Json:
        return await self._act("location", {"latitude": latitude, "longitude": longitude})

    async def react(self, message_id: int, emoji: str | None) -> None:
        await self._act("react", {"message_id": message_id, "emoji": emoji})

    async def block(self) -> None:
        await self._act("block", {})

    async def unblock(self) -> None:
        await self._act("unblock", {})

    async def commands(self) -> list[str]:
        """Return the names in this person's command menu."""
        menu = await self.switchboard.get(f"/sim/people/{self.id}/commands")
        return [command["command"] for command in menu]

    async def download(self, message: Json) -> bytes:
        """Return the bytes of a message's document, photo or voice."""
        media = message.get("document") or message.get("voice") or message["photo"][-1]
        return await self.switchboard.fetch(media["file_id"])

    async def _act(self, act: str, body: Json | aiohttp.FormData) -> Json:
        self._fresh.clear()
        self._before = max(self.shown, default=0)
        answer: Json = await self.switchboard.post(f"/sim/people/{self.id}/{act}", body)
        if "message_id" in answer:
            self.shown.setdefault(answer["message_id"], answer)
        return answer

    async def wait_for(self, wanted: Wish, timeout: float | None = PATIENCE_SECONDS, *, new: bool = False) -> Json:  # noqa: ASYNC109 - told in the complaint
        """Return the next new or edited message of the bot's that matches a regex or a predicate; raise TimeoutError.

        `new` passes over edited ones: an answered task is one, and may match as the next task does."""
        after = self._before if new else 0

        def take() -> Json | None:
            recent = (message for message in self._fresh if message["message_id"] > after)
            match = next((message for message in recent if _matches(wanted, message)), None)
            if match is not None:
                self._fresh.remove(match)
            return match

        return await self._until(take, wanted, timeout)

    async def wait_for_button(self, text: str, timeout: float | None = PATIENCE_SECONDS) -> Json:  # noqa: ASYNC109 - told in the complaint
        """Return the next new or edited message that has a button with this text; raise TimeoutError."""
        return await self.wait_for(lambda m: any(b["text"] == text for b in buttons_of(m)), timeout)

    async def answer_to(self, query_id: str, timeout: float = PATIENCE_SECONDS) -> Json:  # noqa: ASYNC109 - told in the complaint
        """Return how the bot answered a press: {"text", "show_alert", …}."""
        return await self._until(lambda: self.answers.get(query_id), f"the answer to {query_id}", timeout)

    async def until(self, condition: Callable[["Phone"], bool], timeout: float = PATIENCE_SECONDS) -> None:  # noqa: ASYNC109 - told in the complaint
        """Wait until the phone as a whole satisfies a condition; raise TimeoutError."""
        await self._until(lambda: {} if condition(self) else None, condition, timeout)

    async def _until(self, look: Callable[[], Json | None], wanted: object, patience: float | None) -> Json:
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            async with asyncio.timeout(patience):
                while (outcome := look()) is None:
                    watcher.clear()
                    await watcher.wait()
                return outcome
        except TimeoutError as error:
            raise TimeoutError(f"{self._name()} waited {patience} s for {wanted!r}; {self._sight()}") from error
        finally:
            self._watchers.discard(watcher)

    def _name(self) -> str:
        return str(self.card["first_name"])

    def _sight(self) -> str:
        """Return the last lines of the chat, for error messages."""
        lines = [
            f"{'→' if message['out'] else '←'} {text_of(message)!r} {[b['text'] for b in buttons_of(message)]}"
            for message in self.messages[-4:]
        ]
        return "the chat shows:\n" + "\n".join(lines)


def _matches(wanted: Wish, message: Json) -> bool:
    if callable(wanted):
        return wanted(message)
    return re.search(wanted, text_of(message)) is not None


class ControlRefusal(Exception):
    """The control API said no; the text says why."""


class Switchboard:
    """Gives out phones and hands them the live stream; use it as `async with Switchboard(url) as board:`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.phones: dict[int, Phone] = {}
        self._session: aiohttp.ClientSession | None = None
        self._listener: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener
        if self._session is not None:
            await self._session.close()
        self._listener = self._session = None

    async def join(self, first_name: str, **details: object) -> Phone:
        """Add a person and return their phone; details as in POST /sim/people."""
        return await self.phone(await self.post("/sim/people", {"first_name": first_name, **details}))

    async def phone(self, person: int | Json) -> Phone:
        """Return the phone of an existing person, by id or card, with its messages."""
        session = await self._connected()
        card = await self._card(person) if isinstance(person, int) else person
        phone = self.phones.setdefault(card["id"], Phone(self, card))
        async with session.get(f"{self.url}/sim/people/{phone.id}/messages") as response:
            for message in await response.json():
                phone.shown.setdefault(message["message_id"], message)
        return phone

    async def _card(self, person_id: int) -> Json:
        state = await self.get("/sim/state")
        return next(card for card in state["people"] if card["id"] == person_id)

    async def get(self, path: str) -> Any:
        session = await self._connected()
        async with session.get(self.url + path) as response:
            return await _read_accepted(response)

    async def post(self, path: str, body: Json | aiohttp.FormData) -> Any:
        session = await self._connected()
        content: Json = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with session.post(self.url + path, **content) as response:
            return await _read_accepted(response)

    async def fetch(self, file_id: str) -> bytes:
        """Return a file's bytes."""
        session = await self._connected()
        async with session.get(f"{self.url}/sim/files/{file_id}") as response:
            response.raise_for_status()
            return await response.read()

    async def _connected(self) -> aiohttp.ClientSession:
        async with self._lock:
            if self._session is None:
                self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
                socket = await self._session.ws_connect(f"{self.url}/sim/live", max_msg_size=0)
                self._listener = asyncio.create_task(self._listen(socket))
            return self._session

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            event = frame.json()
            phone = self.phones.get(event["person"])
            if phone is not None:
                phone.hear(event)


async def _read_accepted(response: aiohttp.ClientResponse) -> Any:
    body = await response.json()
    if not response.ok:
        raise ControlRefusal(body["error"])
    return body
