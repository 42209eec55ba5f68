"""One call of a Bot API method, its parameters already checked and typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.errors import bad_request
from simulator.media.files import StoredFile, UploadedFile, media_fields
from simulator.text.formatting import MAX_CAPTION_UNITS, MAX_TEXT_UNITS, Formatted, utf16, with_entities
from simulator.text.html_text import parse_html
from simulator.text.markdown_text import parse_markdown, parse_markdown_v2
from simulator.updating.webhook import WebhookDelivery
from simulator.values import Chat, Json, PostedMessage
from simulator.world import World

PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}


@dataclass(frozen=True, slots=True)
class DescribedResult:
    """A result that Telegram explains with a `description`."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class MethodCall:
    world: World
    webhook: WebhookDelivery
    method: str
    params: Json
    uploads: Mapping[str, UploadedFile] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def reach(self) -> Chat:
        return self.world.reach(self.params["chat_id"])

    def message(self, chat: Chat, missing: str, name: str = "message_id") -> PostedMessage:
        """Return the message that the parameter `name` refers to; raise 400 with the words `missing` if it is gone."""
        message = chat.messages.get(self.params[name])
        if message is None:
            raise bad_request(missing)
        return message

    def text(self) -> Json:
        """Return `text` and `entities` of a message, parsed; raise 400 if the text is empty or too long."""
        formatted = self._formatted(self.get("text", ""), self.get("entities"))
        if not formatted.text:
            raise bad_request("message text is empty")
        if utf16(formatted.text) > MAX_TEXT_UNITS:
            raise bad_request("message is too long")
        return content("text", "entities", formatted)

    def caption(self) -> Json:
        formatted = self._formatted(self.get("caption", ""), self.get("caption_entities"))
        if utf16(formatted.text) > MAX_CAPTION_UNITS:
            raise bad_request("message caption is too long")
        return content("caption", "caption_entities", formatted)

    def _formatted(self, text: str, entities: list[Json] | None) -> Formatted:
        mode = self.get("parse_mode", "").lower()
        if mode and mode not in PARSERS:
            raise bad_request("unsupported parse_mode")
        formatted = PARSERS[mode](text) if mode else with_entities(text, entities or [])
        trimmed = formatted.trimmed().with_detected()
        described = (self._with_whole_user(entity) for entity in trimmed.entities)
        return Formatted(trimmed.text, tuple(entity for entity in described if entity is not None))

    def _with_whole_user(self, entity: Json) -> Json | None:
        """Return an entity with the whole User of a mention; None, which makes plain text, if the local Telegram has no
        such person."""
        if "user" not in entity:
            return entity
        person = self.world.people.get(entity["user"]["id"])
        return None if person is None else {**entity, "user": person.user()}

    def file(self, reference: str | None, field_name: str, kind: str) -> StoredFile:
        """Return a file sent with the call (directly or as attach://name), or one sent before, by its file_id."""
        name = field_name if reference is None else reference.removeprefix("attach://")
        attached = reference is None or reference.startswith("attach://")
        if not attached and name not in self.uploads:
            return self.world.files.get_sent(name, kind)
        if name not in self.uploads:
            raise bad_request(f"there is no {kind} in the request")
        return self.world.files.add(self.uploads[name], kind)

    def media_item(self, item: Json) -> Json:
        """Store the file of an InputMedia and return the fields of a Message that show it with its caption."""
        captions: Json = {name: item[name] for name in ("caption", "caption_entities", "parse_mode") if name in item}
        stored = self.file(item["media"], "media", item["type"])
        return {**media_fields(stored), **replace(self, params=captions).caption()}


def content(text_field: str, entities_field: str, formatted: Formatted) -> Json:
    """Return the fields of a Message for a text or caption: {} for an empty one."""
    if not formatted.text:
        return {}
    entities = {entities_field: list(formatted.entities)} if formatted.entities else {}
    return {text_field: formatted.text, **entities}
