"""People's acts on their phones: each changes the world and becomes an update for the bot."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from simulator.media.files import Upload, media
from simulator.text.formatting import MOST_CAPTION, MOST_TEXT, Formatted, utf16
from simulator.values import Chat, Json, Person, Shown
from simulator.world import World


@dataclass(slots=True)
class Impossible(Exception):
    """Something a Telegram client would not let a person do."""

    reason: str


class Phones:
    """All the phones; each act is checked as a client would check it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def person(self, person_id: int) -> Person:
        if person_id not in self.world.people:
            raise LookupError(f"nobody has the id {person_id}")
        return self.world.people[person_id]

    def chat(self, person_id: int, chat_id: int | None = None) -> Chat:
        chat = self.world.chats.get(person_id if chat_id is None else chat_id)
        if chat is None or person_id not in self.world.readers(chat):
            raise LookupError(f"{person_id} is in no chat {chat_id}")
        return chat

    def group(self, chat_id: int) -> Chat:
        chat = self.world.chats.get(chat_id)
        if chat is None or chat.kind == "private":
            raise LookupError(f"there is no group {chat_id}")
        return chat

    def say(self, person_id: int, text: str, reply_to: int | None = None, chat_id: int | None = None) -> Shown:
        formatted = _typed(text, MOST_TEXT)
        if not formatted.text:
            raise Impossible("there is nothing to send")
        entities = {"entities": list(formatted.entities)} if formatted.entities else {}
        return self._send(person_id, {"text": formatted.text, **entities}, reply_to, chat_id)

    def upload(
        self, person_id: int, upload: Upload, kind: str, caption: str = "", reply_to: int | None = None
    ) -> Shown:
        """A file as `document`, `photo` or `voice`, with a caption if there is one."""
        formatted = _typed(caption, MOST_CAPTION)
        fields = media(self.world.files.add(upload, kind))
        if formatted.text:
            fields["caption"] = formatted.text
        if formatted.entities:
            fields["caption_entities"] = list(formatted.entities)
        return self._send(person_id, fields, reply_to)

    def recaption(self, person_id: int, message_id: int, caption: str) -> Shown:
        """Edits the caption of their own file."""
        self._active(person_id)
        shown = self.chat(person_id).messages.get(message_id)
        if shown is None or shown.body["from"]["id"] != person_id or not {"document", "photo"} & shown.body.keys():
            raise Impossible("only the caption of an own file can be edited")
        formatted = _typed(caption, MOST_CAPTION)
        shown.body.update(caption=formatted.text, edit_date=self.world.now())
        self.world.updates.put("edited_message", person_id, shown.body)
        return shown

    def contact(self, person_id: int, details: Json) -> Shown:
        """Their own contact, unless the details say whose."""
        person = self.person(person_id)
        own = {"phone_number": f"+33600{person.id % 10**6:06}", "first_name": person.first_name}
        return self._send(person_id, {"contact": {**own, "user_id": person.id, **details}})

    def locate(self, person_id: int, latitude: float, longitude: float) -> Shown:
        return self._send(person_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def _send(self, person_id: int, fields: Json, reply_to: int | None = None, chat_id: int | None = None) -> Shown:
        person, chat = self._active(person_id), self.chat(person_id, chat_id)
        if reply_to is not None:
            if reply_to not in chat.messages:
                raise LookupError(f"there is no message {reply_to} to reply to")
            quoted = chat.messages[reply_to].body
            fields["reply_to_message"] = {key: quoted[key] for key in quoted if key != "reply_to_message"}
        if chat.kind == "private" and not person.started:
            person = self.world.change(replace(person, started=True))
        shown = self.world.post(chat, fields, person.user(), out=True)
        self.world.updates.put("message", chat.id, shown.body)
        return shown

    def _active(self, person_id: int) -> Person:
        person = self.person(person_id)
        if person.gone:
            raise Impossible("this account is deleted")
        if person.blocked:
            raise Impossible("the bot is blocked: unblock it first")
        return person

    def press(self, person_id: int, message_id: int, data: str, *, raw: bool = False) -> str:
        """Presses a button; `raw` sends the data whether or not such a button is there. → query id"""
        person, chat = self._active(person_id), self.chat(person_id)
        shown = chat.messages.get(message_id)
        if not raw and not any(button.get("callback_data") == data for button in buttons(shown)):
            raise LookupError(f"message {message_id} has no button with the data {data!r}")
        inaccessible = {"chat": self.world.chat_info(chat), "message_id": message_id, "date": 0}
        query = self.world.queries.ask(person.id)
        body = {"id": query.id, "from": person.user(), "message": shown.body if shown else inaccessible}
        update = {**body, "chat_instance": str(chat.id * 7919), "data": data}
        self.world.updates.put("callback_query", person.id, update)
        return query.id

    def button(self, person_id: int, message_id: int, row: int, column: int) -> str:
        """The callback data of the button at this place."""
        data = self._button(person_id, message_id, row, column).get("callback_data")
        if data is None:
            raise Impossible("this button sends nothing to the bot")
        return str(data)

    def _button(self, person_id: int, message_id: int, row: int, column: int) -> Json:
        shown = self.chat(person_id).messages.get(message_id)
        rows: list[list[Json]] = shown.body.get("reply_markup", {}).get("inline_keyboard", []) if shown else []
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            raise LookupError(f"message {message_id} has no button at {row}, {column}")
        return rows[row][column]

    def mini_app(self, person_id: int, message_id: int, row: int, column: int) -> str:
        """The address of the Mini App that the button at this place opens: in private chats only."""
        self._active(person_id)
        button = self._button(person_id, message_id, row, column)
        if "web_app" not in button:
            raise Impossible("this button opens no Mini App")
        return str(button["web_app"]["url"])

    def react(self, person_id: int, message_id: int, emoji: str | None) -> None:
        """Puts one reaction on a message, or takes it away."""
        person, chat = self._active(person_id), self.chat(person_id)
        if message_id not in chat.messages:
            raise LookupError(f"there is no message {message_id}")
        shown = chat.messages[message_id]
        new = (emoji,) if emoji else ()
        self.world.react(chat, shown, new, person.id)
        event = {"chat": self.world.chat_info(chat), "message_id": message_id, "user": person.user()}
        both = {"old_reaction": reaction_types(shown.reaction_of(person_id)), "new_reaction": reaction_types(new)}
        self.world.updates.put("message_reaction", chat.id, {**event, "date": self.world.now(), **both})

    def block(self, person_id: int, blocked: bool) -> Person:
        """Blocks or unblocks the bot, which gets an update if it asked for that kind."""
        person = self.person(person_id)
        if person.blocked == blocked:
            return person
        person = self.world.change(replace(person, blocked=blocked))
        member: Json = {"user": self.world.bot.user(), "status": "member"}
        kicked: Json = {"user": self.world.bot.user(), "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        event = {"chat": self.world.chat_info(self.chat(person_id)), "from": person.user()}
        change = {"date": self.world.now(), "old_chat_member": old, "new_chat_member": new}
        self.world.updates.put("my_chat_member", person.id, {**event, **change})
        return person

    def leave(self, person_id: int) -> Person:
        """Deletes the account: the bot meets 403 from now on."""
        return self.world.change(replace(self.person(person_id), gone=True))


def _typed(text: str, most: int) -> Formatted:
    """The text as a client sends it, cut to its limit."""
    formatted = Formatted(text).trimmed().with_detected()
    if utf16(formatted.text) > most:
        raise Impossible(f"at most {most} characters fit")
    return formatted


def buttons(shown: Shown | None) -> list[Json]:
    """The inline buttons of a message, row by row."""
    markup = shown.body.get("reply_markup", {}) if shown else {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def reaction_types(emojis: tuple[str, ...]) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji} for emoji in emojis]


VERSION = "9.1"  # of the Mini App protocol


def init_data(token: str, person: Person, query: str, at: int) -> str:
    """`signature` is Telegram's own in life: nobody but Telegram can make it, so here it is a random-looking one."""
    user = {name: value for name, value in person.user().items() if name != "is_bot"}
    signature = urlsafe_b64encode(hashlib.sha512(f"{query} {at}".encode()).digest()).decode().rstrip("=")
    fields = {
        "query_id": query,
        "user": json.dumps({**user, "allows_write_to_pm": True}, separators=(",", ":"), ensure_ascii=False),
        "auth_date": str(at),
        "signature": signature,
    }
    return urlencode({**fields, "hash": signed(token, fields)}, quote_via=quote)


def signed(token: str, fields: dict[str, str]) -> str:
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    lines = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    return hmac.digest(secret, lines.encode(), hashlib.sha256).hex()


def opened(address: str, data: str, theme: Json) -> str:
    """The address that the client loads."""
    launch = {
        "tgWebAppData": data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(theme, separators=(",", ":")),
    }
    return f"{address}#{urlencode(launch, quote_via=quote)}"
