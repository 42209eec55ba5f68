"""One call of a Bot API method, its parameters already checked and typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.errors import bad_request
from simulator.media.files import StoredFile, Upload, media
from simulator.text.formatting import MOST_CAPTION, MOST_TEXT, Formatted, utf16, with_entities
from simulator.text.html_text import parse_html
from simulator.text.markdown_text import parse_markdown, parse_markdown_v2
from simulator.updating.webhook import Webhook
from simulator.values import Chat, Json, Shown
from simulator.world import World

PARSERS = {"html": parse_html, "markdownv2": parse_markdown_v2, "markdown": parse_markdown}


@dataclass(frozen=True, slots=True)
class Told:
    """A result that Telegram explains with a `description`."""

    result: Any
    description: str


@dataclass(frozen=True, slots=True)
class Call:
    world: World
    webhook: Webhook
    method: str
    params: Json
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def reach(self) -> Chat:
        return self.world.reach(self.params["chat_id"])

    def message(self, chat: Chat, missing: str, name: str = "message_id") -> Shown:
        """The message a call speaks of, or 400 saying `missing`."""
        shown = chat.messages.get(self.params[name])
        if shown is None:
            raise bad_request(missing)
        return shown

    def text(self) -> Json:
        """`text` and `entities` of a message, parsed and measured."""
        formatted = self._formatted(self.get("text", ""), self.get("entities"))
        if not formatted.text:
            raise bad_request("message text is empty")
        if utf16(formatted.text) > MOST_TEXT:
            raise bad_request("message is too long")
        return content("text", "entities", formatted)

    def caption(self) -> Json:
        formatted = self._formatted(self.get("caption", ""), self.get("caption_entities"))
        if utf16(formatted.text) > MOST_CAPTION:
            raise bad_request("message caption is too long")
        return content("caption", "caption_entities", formatted)

    def _formatted(self, text: str, entities: list[Json] | None) -> Formatted:
        mode = self.get("parse_mode", "").lower()
        if mode and mode not in PARSERS:
            raise bad_request("unsupported parse_mode")
        formatted = PARSERS[mode](text) if mode else with_entities(text, entities or [])
        trimmed = formatted.trimmed().with_detected()
        known = (self._known(each) for each in trimmed.entities)
        return Formatted(trimmed.text, tuple(each for each in known if each is not None))

    def _known(self, entity: Json) -> Json | None:
        """A mention without a username shows the whole User; of a stranger it is plain text."""
        if "user" not in entity:
            return entity
        person = self.world.people.get(entity["user"]["id"])
        return None if person is None else {**entity, "user": person.user()}

    def file(self, reference: str | None, field_name: str, kind: str) -> StoredFile:
        """A file sent with the call (directly or as attach://name), or one sent before by file_id."""
        name = field_name if reference is None else reference.removeprefix("attach://")
        attached = reference is None or reference.startswith("attach://")
        if not attached and name not in self.uploads:
            return self.world.files.again(name, kind)
        if name not in self.uploads:
            raise bad_request(f"there is no {kind} in the request")
        return self.world.files.add(self.uploads[name], kind)

    def media_item(self, item: Json) -> Json:
        """Store the file of an InputMedia and return the fields of a Message that show it with its caption."""
        captions = {name: item[name] for name in ("caption", "caption_entities", "parse_mode") if name in item}
        stored = self.file(item["media"], "media", item["type"])
        return {**media(stored), **replace(self, params=captions).caption()}


def content(text_field: str, entities_field: str, formatted: Formatted) -> Json:
    """The fields of a Message for a text or caption; nothing for an empty one."""
    if not formatted.text:
        return {}
    entities = {entities_field: list(formatted.entities)} if formatted.entities else {}
    return {text_field: formatted.text, **entities}
