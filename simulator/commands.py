"""Command menus per scope and language, and which one a person sees."""

import re
from dataclasses import dataclass, field

from simulator.errors import bad_request
from simulator.values import Json

NAME = re.compile(r"[a-z0-9_]{1,32}")
Key = tuple[str, int, int, str]


def scope_key(scope: Json | None, language: str) -> Key:
    """(scope, chat, user, language): the key of a menu."""
    scope = scope or {"type": "default"}
    return scope["type"], int(scope.get("chat_id", 0)), int(scope.get("user_id", 0)), language


@dataclass(slots=True)
class CommandMenus:
    menus: dict[Key, list[Json]] = field(default_factory=dict)

    def set(self, key: Key, commands: list[Json]) -> None:
        if len(commands) > 100:
            raise bad_request("too many commands specified")
        for command in commands:
            name, description = command["command"].removeprefix("/"), command["description"].strip()
            if not NAME.fullmatch(name):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(description) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[key] = [{**each, "command": each["command"].removeprefix("/")} for each in commands]
        if not commands:
            del self.menus[key]

    def seen_by(self, person: int, language: str) -> list[Json]:
        """In a private chat: the chat's own menu, then all private chats', then the default one.

        Each scope is tried in the person's language first, then for every language.
        """
        scopes = [("chat", person, 0), ("all_private_chats", 0, 0), ("default", 0, 0)]
        for scope, chat, user in scopes:
            for code in dict.fromkeys((language, language.split("-")[0], "")):
                if (scope, chat, user, code) in self.menus:
                    return self.menus[scope, chat, user, code]
        return []
