"""People's acts on their phones: each changes the world and becomes an update for the bot."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from simulator.media.files import UploadedFile, media_fields
from simulator.payments import OUTCOMES, PAID, Invoice
from simulator.text.formatting import MAX_CAPTION_UNITS, MAX_TEXT_UNITS, Formatted, utf16
from simulator.values import Chat, Json, PhoneOwner, PostedMessage
from simulator.world import World


@dataclass(slots=True)
class ImpossibleAct(Exception):
    """Something a Telegram client would not let a person do."""

    reason: str


class Phones:
    """Acts of people on their phones; each is checked as a client would check it."""

    def __init__(self, world: World) -> None:
        self.world = world

    def person(self, person_id: int) -> PhoneOwner:
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

    def say(self, person_id: int, text: str, reply_to: int | None = None, chat_id: int | None = None) -> PostedMessage:
        formatted = _format_typed(text, MAX_TEXT_UNITS)
        if not formatted.text:
            raise ImpossibleAct("there is nothing to send")
        entities = {"entities": list(formatted.entities)} if formatted.entities else {}
        return self._send(person_id, {"text": formatted.text, **entities}, reply_to, chat_id)

    def upload(
        self, person_id: int, upload: UploadedFile, kind: str, caption: str = "", reply_to: int | None = None
    ) -> PostedMessage:
        """Send a file as `document`, `photo` or `voice`, with a caption if there is one."""
        formatted = _format_typed(caption, MAX_CAPTION_UNITS)
        fields = media_fields(self.world.files.add(upload, kind))
        if formatted.text:
            fields["caption"] = formatted.text
        if formatted.entities:
            fields["caption_entities"] = list(formatted.entities)
        return self._send(person_id, fields, reply_to)

    def recaption(self, person_id: int, message_id: int, caption: str) -> PostedMessage:
        """Edit the caption of the person's own file; raise ImpossibleAct for any other message."""
        self._active(person_id)
        message = self.chat(person_id).messages.get(message_id)
        if (
            message is None
            or message.body["from"]["id"] != person_id
            or not {"document", "photo"} & message.body.keys()
        ):
            raise ImpossibleAct("only the caption of an own file can be edited")
        formatted = _format_typed(caption, MAX_CAPTION_UNITS)
        message.body.update(caption=formatted.text, edit_date=self.world.now())
        self.world.updates.store("edited_message", person_id, message.body)
        return message

    def contact(self, person_id: int, details: Json) -> PostedMessage:
        """Send the person's own contact, unless the details name another one."""
        person = self.person(person_id)
        own = {"phone_number": f"+33600{person.id % 10**6:06}", "first_name": person.first_name}
        return self._send(person_id, {"contact": {**own, "user_id": person.id, **details}})

    def locate(self, person_id: int, latitude: float, longitude: float) -> PostedMessage:
        return self._send(person_id, {"location": {"latitude": latitude, "longitude": longitude}})

    def _send(
        self, person_id: int, fields: Json, reply_to: int | None = None, chat_id: int | None = None
    ) -> PostedMessage:
        person, chat = self._active(person_id), self.chat(person_id, chat_id)
        if reply_to is not None:
            if reply_to not in chat.messages:
                raise LookupError(f"there is no message {reply_to} to reply to")
            quoted = chat.messages[reply_to].body
            fields["reply_to_message"] = {key: quoted[key] for key in quoted if key != "reply_to_message"}
        if chat.kind == "private" and not person.started:
            person = self.world.change(replace(person, started=True))
        message = self.world.post(chat, fields, person.user(), out=True)
        self.world.updates.store("message", chat.id, message.body)
        return message

    def _active(self, person_id: int) -> PhoneOwner:
        person = self.person(person_id)
        if person.gone:
            raise ImpossibleAct("this account is deleted")
        if person.blocked:
            raise ImpossibleAct("the bot is blocked: unblock it first")
        return person

    def press(self, person_id: int, message_id: int, data: str, *, raw: bool = False) -> str:
        """Press a button and return the query's id; `raw` sends the data whether or not such a button is there."""
        person, chat = self._active(person_id), self.chat(person_id)
        message = chat.messages.get(message_id)
        if not raw and not any(button.get("callback_data") == data for button in buttons(message)):
            raise LookupError(f"message {message_id} has no button with the data {data!r}")
        inaccessible = {"chat": self.world.chat_info(chat), "message_id": message_id, "date": 0}
        query = self.world.queries.ask(person.id)
        body = {"id": query.id, "from": person.user(), "message": message.body if message else inaccessible}
        update = {**body, "chat_instance": str(chat.id * 7919), "data": data}
        self.world.updates.store("callback_query", person.id, update)
        return query.id

    def button(self, person_id: int, message_id: int, row: int, column: int) -> str:
        """Return the callback data of the button at this place."""
        data = self._button(person_id, message_id, row, column).get("callback_data")
        if data is None:
            raise ImpossibleAct("this button sends nothing to the bot")
        return str(data)

    def _button(self, person_id: int, message_id: int, row: int, column: int) -> Json:
        message = self.chat(person_id).messages.get(message_id)
        rows: list[list[Json]] = message.body.get("reply_markup", {}).get("inline_keyboard", []) if message else []
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            raise LookupError(f"message {message_id} has no button at {row}, {column}")
        return rows[row][column]

    def mini_app(self, person_id: int, message_id: int, row: int, column: int) -> str:
        """Return the address of the Mini App that the button at this place opens: in private chats only."""
        self._active(person_id)
        button = self._button(person_id, message_id, row, column)
        if "web_app" not in button:
            raise ImpossibleAct("this button opens no Mini App")
        return str(button["web_app"]["url"])

    async def pay(self, person_id: int, message_id: int, outcome: str) -> Json:
        """Pay an invoice by card, as far as the bot and the provider let it come; `outcome` is the provider's: paid,
        declined or timed out. Return {"state", "reason"}, where the state may also be refused (by the bot, with its
        words) or unanswered (the bot did not answer the checkout in ten seconds)."""
        person, invoice = self._active(person_id), self._get_invoice(person_id, message_id)
        if outcome not in OUTCOMES:
            raise ValueError(f"a payment ends as {', '.join(OUTCOMES)}, not as {outcome}")
        payments = self.world.payments
        query = payments.begin_checkout()
        amount = {"currency": invoice.currency, "total_amount": invoice.total, "invoice_payload": invoice.payload}
        self.world.updates.store("pre_checkout_query", person.id, {"id": query, "from": person.user(), **amount})
        refusal = await payments.wait_for_answer(query)
        if refusal is None:
            return {"state": "unanswered", "reason": "the bot did not answer within ten seconds"}
        if refusal:
            return {"state": "refused", "reason": refusal}
        if outcome == PAID and not invoice.is_paid:
            self._send(person.id, {"successful_payment": payments.make_charge(invoice)})
        return {"state": outcome, "reason": ""}

    def _get_invoice(self, person_id: int, message_id: int) -> Invoice:
        """Raises LookupError if the message is no invoice, ImpossibleAct if it was paid."""
        invoice = self.world.payments.invoices.get((self.chat(person_id).id, message_id))
        if invoice is None:
            raise LookupError(f"message {message_id} is no invoice")
        if invoice.is_paid:
            raise ImpossibleAct("this invoice was paid already")
        return invoice

    def react(self, person_id: int, message_id: int, emoji: str | None) -> None:
        """Put one reaction on a message, or take it away."""
        person, chat = self._active(person_id), self.chat(person_id)
        if message_id not in chat.messages:
            raise LookupError(f"there is no message {message_id}")
        message = chat.messages[message_id]
        new = (emoji,) if emoji else ()
        self.world.react(chat, message, new, person.id)
        event = {"chat": self.world.chat_info(chat), "message_id": message_id, "user": person.user()}
        both = {"old_reaction": reaction_types(message.reaction_of(person_id)), "new_reaction": reaction_types(new)}
        self.world.updates.store("message_reaction", chat.id, {**event, "date": self.world.now(), **both})

    def block(self, person_id: int, blocked: bool) -> PhoneOwner:
        """Block or unblock the bot, which gets an update if it asked for that kind."""
        person = self.person(person_id)
        if person.blocked == blocked:
            return person
        person = self.world.change(replace(person, blocked=blocked))
        member: Json = {"user": self.world.bot.user(), "status": "member"}
        kicked: Json = {"user": self.world.bot.user(), "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if blocked else (kicked, member)
        event = {"chat": self.world.chat_info(self.chat(person_id)), "from": person.user()}
        change = {"date": self.world.now(), "old_chat_member": old, "new_chat_member": new}
        self.world.updates.store("my_chat_member", person.id, {**event, **change})
        return person

    def leave(self, person_id: int) -> PhoneOwner:
        """Delete the account: the bot meets 403 from now on."""
        return self.world.change(replace(self.person(person_id), gone=True))


def _format_typed(text: str, max_units: int) -> Formatted:
    """Return the text as a client sends it; raise ImpossibleAct if it is longer than the limit, in UTF-16 units."""
    formatted = Formatted(text).trimmed().with_detected()
    if utf16(formatted.text) > max_units:
        raise ImpossibleAct(f"at most {max_units} characters fit")
    return formatted


def buttons(message: PostedMessage | None) -> list[Json]:
    """Return the inline buttons of a message, row by row."""
    markup = message.body.get("reply_markup", {}) if message else {}
    return [button for row in markup.get("inline_keyboard", []) for button in row]


def reaction_types(emojis: tuple[str, ...]) -> list[Json]:
    return [{"type": "emoji", "emoji": emoji} for emoji in emojis]


MINI_APP_VERSION = "9.1"  # of the Mini App protocol


def init_data(token: str, person: PhoneOwner, query: str, at: int) -> str:
    """Return signed launch data. Its `signature`, which only Telegram can make, is a random-looking one."""
    user = {name: value for name, value in person.user().items() if name != "is_bot"}
    signature = urlsafe_b64encode(hashlib.sha512(f"{query} {at}".encode()).digest()).decode().rstrip("=")
    fields = {
        "query_id": query,
        "user": json.dumps({**user, "allows_write_to_pm": True}, separators=(",", ":"), ensure_ascii=False),
        "auth_date": str(at),
        "signature": signature,
    }
    return urlencode({**fields, "hash": sign(token, fields)}, quote_via=quote)


def sign(token: str, fields: dict[str, str]) -> str:
    """Return the hash of launch data: HMAC-SHA256 of its fields under a key made of the bot's token."""
    secret = hmac.digest(b"WebAppData", token.encode(), hashlib.sha256)
    lines = "\n".join(sorted(f"{name}={value}" for name, value in fields.items()))
    return hmac.digest(secret, lines.encode(), hashlib.sha256).hex()


def launch_address(address: str, data: str, theme: Json) -> str:
    """Return the address that the client loads."""
    launch = {
        "tgWebAppData": data,
        "tgWebAppVersion": MINI_APP_VERSION,
        "tgWebAppPlatform": "web",
        "tgWebAppThemeParams": json.dumps(theme, separators=(",", ":")),
    }
    return f"{address}#{urlencode(launch, quote_via=quote)}"
