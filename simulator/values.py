"""The values of the local Telegram: people, chats, messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class PhoneOwner:
    """A person with a phone; `role` is free text for the page."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str = "en"
    role: str = "worker"
    blocked: bool = False
    started: bool = False
    gone: bool = False

    def names(self) -> Json:
        names = {"first_name": self.first_name, "last_name": self.last_name, "username": self.username}
        return {key: value for key, value in names.items() if value is not None}

    def user(self) -> Json:
        """Return the Bot API's User."""
        return {"id": self.id, "is_bot": False, **self.names(), "language_code": self.language_code}

    def card(self) -> Json:
        """Return the person as the control API shows them."""
        state = {"role": self.role, "blocked": self.blocked, "started": self.started, "gone": self.gone}
        return {"id": self.id, **self.names(), "language_code": self.language_code, **state}


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """A message as it stands in a chat; `body` is the Bot API's Message and never changes in place."""

    body: Json
    out: bool
    reply_keyboard: Json | None = None
    reactions: tuple[tuple[int, str], ...] = ()
    silent: bool = False

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def content(self) -> str | None:
        text = self.body.get("text", self.body.get("caption"))
        return None if text is None else str(text)

    def reaction_of(self, actor: int) -> tuple[str, ...]:
        return tuple(emoji for person_id, emoji in self.reactions if person_id == actor)

    def emojis(self) -> list[str]:
        return [emoji for _, emoji in self.reactions]

    def view(self) -> Json:
        """The message as the control API shows it, reply keyboards, reactions and silence included."""
        extra: Json = {"out": self.out, "reactions": self.emojis(), "silent": self.silent}
        if self.reply_keyboard is not None:
            extra["reply_markup"] = self.reply_keyboard
        return {**self.body, **extra}


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is that of the message that announced it."""

    name: str
    closed: bool = False


@dataclass(slots=True)
class GroupStanding:
    """The bot's place in a group. `gone` is the reason why it is no longer there, in Telegram's words."""

    admin: bool = False
    may_manage_topics: bool = False
    may_write: bool = True
    gone: str = ""


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's) or a group (its id is negative); a forum is a supergroup with topics."""

    id: int
    kind: str
    title: str | None = None
    members: tuple[int, ...] = ()
    messages: dict[int, PostedMessage] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    username: str = ""
    forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    standing: GroupStanding = field(default_factory=GroupStanding)
