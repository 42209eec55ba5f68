"""The state of the local Telegram: its bot, people, chats and messages."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from simulator.errors import bad_request, forbidden
from simulator.faults import Faults
from simulator.limits import FloodControl, Limits
from simulator.media.files import FileStore
from simulator.payments import Payments
from simulator.stats import CallStats
from simulator.updating.updates import Updates
from simulator.values import Chat, Clock, GroupStanding, Json, PhoneOwner, PostedMessage

MAX_QUEUED_EVENTS = 100_000


class Live:
    """Sends every event to every watcher; a slow one is dropped."""

    def __init__(self) -> None:
        self._watchers: set[asyncio.Queue[Json | None]] = set()

    def watch(self) -> "asyncio.Queue[Json | None]":
        """Return a queue of events that ends with None."""
        queue: asyncio.Queue[Json | None] = asyncio.Queue(MAX_QUEUED_EVENTS)
        self._watchers.add(queue)
        return queue

    def leave(self, queue: "asyncio.Queue[Json | None]") -> None:
        self._watchers.discard(queue)

    def tell(self, kind: str, person: int | None, **details: object) -> None:
        event: Json = {"type": kind, "person": person, **details}
        for queue in list(self._watchers):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._watchers.discard(queue)

    def end(self) -> None:
        """Send every watcher the end of the server."""
        for queue in self._watchers:
            if not queue.full():
                queue.put_nowait(None)


ANSWER_SECONDS = 15.0
EXPIRED = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """A pressed button, still unanswered."""

    id: str
    person: int
    at: float


@dataclass(slots=True)
class Queries:
    clock: Clock
    open: dict[str, ButtonPress] = field(default_factory=dict)
    _ids: "count[int]" = field(default_factory=lambda: count(4_000_000_000_000_000_001))

    def ask(self, person: int) -> ButtonPress:
        self._forget_old()
        press = ButtonPress(str(next(self._ids)), person, self.clock())
        self.open[press.id] = press
        return press

    def answer(self, query_id: str) -> ButtonPress:
        """Take the press out and return it; raise 400 if it was answered before, or too late."""
        press = self.open.pop(query_id, None)
        if press is None or self.clock() - press.at > ANSWER_SECONDS:
            raise bad_request(EXPIRED)
        return press

    def _forget_old(self) -> None:
        oldest = self.clock() - 10 * ANSWER_SECONDS
        for press in list(self.open.values()):
            if press.at >= oldest:
                return
            del self.open[press.id]


COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
MenuKey = tuple[str, int, int, str]


def menu_key(scope: Json | None, language: str) -> MenuKey:
    """Return (scope, chat, user, language), the key of a menu."""
    scope = scope or {"type": "default"}
    return scope["type"], int(scope.get("chat_id", 0)), int(scope.get("user_id", 0)), language


@dataclass(slots=True)
class CommandMenus:
    menus: dict[MenuKey, list[Json]] = field(default_factory=dict)

    def set(self, key: MenuKey, commands: list[Json]) -> None:
        if len(commands) > 100:
            raise bad_request("too many commands specified")
        for command in commands:
            name, description = command["command"].removeprefix("/"), command["description"].strip()
            if not COMMAND_NAME.fullmatch(name):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(description) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[key] = [{**entry, "command": entry["command"].removeprefix("/")} for entry in commands]
        if not commands:
            del self.menus[key]

    def seen_by(self, person: int, language: str) -> list[Json]:
        """Return the menu that a person sees in the private chat: the chat's own, all private chats', or the default
        one.

        Each scope is tried in the person's language first, then for every language."""
        scopes = [("chat", person, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        for scope, chat, user in scopes:
            for code in dict.fromkeys((language, language.split("-")[0], "")):
                if (scope, chat, user, code) in self.menus:
                    return self.menus[scope, chat, user, code]
        return []


SUPERGROUP_OFFSET = 1_000_000_000_000  # their ids begin with -100


@dataclass(slots=True)
class Bot:
    """The bot; texts are by language code, the empty one is the default."""

    id: int
    username: str
    names: dict[str, str]
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def card(self) -> Json:
        return {"id": self.id, "first_name": self.names[""], "username": self.username}

    def user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.names[""], "username": self.username}


class World:
    """Everything the methods and the control API work on."""

    def __init__(self, bot: Bot, limits: Limits, clock: Clock, seed: int) -> None:
        self.bot = bot
        self.clock = clock
        self.people: dict[int, PhoneOwner] = {}
        self.chats: dict[int, Chat] = {}
        self.faults = Faults(seed)
        self.updates = Updates(clock, self.faults)
        self.flood = FloodControl(limits, clock)
        self.queries = Queries(clock)
        self.payments = Payments()
        self.files = FileStore()
        self.menus = CommandMenus()
        self.stats = CallStats()
        self.live = Live()
        self._message_ids: Iterator[int] = count(1)
        self._person_ids: Iterator[int] = count(1_001)

    def now(self) -> int:
        return int(self.clock())

    def join(self, first_name: str, id: int | None = None, **details: str | None) -> PhoneOwner:
        """Add a person with a phone, who has not yet written to the bot."""
        free = (number for number in self._person_ids if number not in self.people)
        person = PhoneOwner(id=next(free) if id is None else id, first_name=first_name, **details)  # type: ignore[arg-type]  # None never reaches a field that cannot be None
        return self.change(person)

    def change(self, person: PhoneOwner) -> PhoneOwner:
        self.people[person.id] = person
        self.chats.setdefault(person.id, Chat(person.id, "private"))
        self.live.tell("person", person.id, card=person.card())
        return person

    def gather(self, title: str, members: tuple[int, ...], *, forum: bool = False, username: str = "") -> Chat:
        """Add a group with the bot and these people in it; in a forum the bot may manage topics."""
        number = len(self.chats) + (SUPERGROUP_OFFSET if forum else 1_000)
        standing = GroupStanding(admin=forum, may_manage_topics=forum)
        kind = "supergroup" if forum else "group"
        chat = Chat(-number, kind, title, members, username=username, forum=forum, standing=standing)
        self.chats[chat.id] = chat
        return chat

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat of this id or @username; raise 400 if there is none."""
        if isinstance(chat_id, str):
            sought_name = chat_id.removeprefix("@").lower()
            people = [(person.username or "", person.id) for person in self.people.values()]
            groups = [(chat.username, chat.id) for chat in self.chats.values()]
            matching_ids = (id for username, id in (*people, *groups) if username.lower() == sought_name)
            chat_id = next(matching_ids, 0) if sought_name else 0
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        return self.chats[chat_id]

    def reach(self, chat_id: int | str) -> Chat:
        """Return a chat the bot may write to; raise 403 with the reason if it may not."""
        chat = self.chat(chat_id)
        if chat.standing.gone:
            raise forbidden(chat.standing.gone)
        person = self.people.get(chat.id)
        if person is None:
            return chat
        if person.gone:
            raise forbidden("user is deactivated")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def chat_info(self, chat: Chat) -> Json:
        """Return the Bot API's Chat."""
        if chat.kind == "private":
            return {"id": chat.id, "type": "private", **self.people[chat.id].names()}
        public = {"username": chat.username} if chat.username else {}
        return {
            "id": chat.id,
            "type": chat.kind,
            "title": chat.title,
            **public,
            **({"is_forum": True} if chat.forum else {}),
        }

    def post(
        self,
        chat: Chat,
        content: Json,
        sender: Json,
        *,
        out: bool = False,
        keyboard: Json | None = None,
        silent: bool = False,
    ) -> PostedMessage:
        """Put a message into a chat; `out` when a person wrote it, `silent` when no phone rings for it."""
        head = {"message_id": next(self._message_ids), "from": sender, "chat": self.chat_info(chat)}
        message = PostedMessage({**head, "date": self.now(), **content}, out, keyboard, silent=silent)
        chat.messages[message.id] = message
        self._tell("message", chat, message)
        return message

    def edit(self, chat: Chat, message: PostedMessage, body: Json) -> PostedMessage:
        """Replace a message's body, stamped with the time of the edit."""
        edited = replace(message, body={**body, "edit_date": self.now()})
        chat.messages[message.id] = edited
        self._tell("edit", chat, edited)
        return edited

    def react(self, chat: Chat, message: PostedMessage, emojis: tuple[str, ...], actor: int) -> None:
        """Replace one actor's reactions to a message."""
        other_reactions = tuple(reaction for reaction in message.reactions if reaction[0] != actor)
        reacted = replace(message, reactions=(*other_reactions, *((actor, emoji) for emoji in emojis)))
        chat.messages[message.id] = reacted
        for person in self.readers(chat):
            self.live.tell("reaction", person, message_id=message.id, reactions=reacted.emojis(), actor=actor)

    def delete(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        for person in self.readers(chat):
            self.live.tell("delete", person, message_id=message_id, chat_id=chat.id)

    def readers(self, chat: Chat) -> tuple[int, ...]:
        return (chat.id,) if chat.kind == "private" else chat.members

    def _tell(self, kind: str, chat: Chat, message: PostedMessage) -> None:
        for person in self.readers(chat):
            self.live.tell(kind, person, message=message.view())
