"""The bot's names and descriptions, by language."""

from simulator.api.call import MethodCall
from simulator.errors import bad_request
from simulator.values import Json
from simulator.world import MenuKey, menu_key


def get_me(call: MethodCall) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**call.world.bot.user(), **abilities}


def accept(call: MethodCall) -> bool:
    return True


def _set_text(texts: dict[str, str], call: MethodCall, name: str, max_chars: int) -> bool:
    """Store a text for the call's language; an empty one is removed, but for the bot's name in the default language."""
    text, language = call.get(name, ""), call.get("language_code", "")
    if len(text) > max_chars:
        raise bad_request(f"{name} is too long")
    if text:
        texts[language] = text
    elif language or name != "name":
        texts.pop(language, None)
    return True


def _get_text(texts: dict[str, str], call: MethodCall) -> str:
    return texts.get(call.get("language_code", ""), texts.get("", ""))


def set_my_name(call: MethodCall) -> bool:
    return _set_text(call.world.bot.names, call, "name", 64)


def get_my_name(call: MethodCall) -> Json:
    return {"name": _get_text(call.world.bot.names, call)}


def set_my_description(call: MethodCall) -> bool:
    return _set_text(call.world.bot.descriptions, call, "description", 512)


def get_my_description(call: MethodCall) -> Json:
    return {"description": _get_text(call.world.bot.descriptions, call)}


def set_my_short_description(call: MethodCall) -> bool:
    return _set_text(call.world.bot.short_descriptions, call, "short_description", 120)


def get_my_short_description(call: MethodCall) -> Json:
    return {"short_description": _get_text(call.world.bot.short_descriptions, call)}


def _menu_key(call: MethodCall) -> MenuKey:
    """Return the key of the menu that a call is about; raise 400 if its language code is no two small letters."""
    scope = call.get("scope")
    if scope is not None and "chat_id" in scope:
        scope = {**scope, "chat_id": call.world.chat(scope["chat_id"]).id}
    language = call.get("language_code", "")
    if language and not (len(language) == 2 and language.isalpha() and language.islower()):
        raise bad_request("LANG_CODE_INVALID")
    return menu_key(scope, language)


def _announce_commands(call: MethodCall, key: MenuKey) -> None:
    """Send the phones of a changed menu the commands that each of them shows now."""
    people = call.world.people.values()
    for person in people:
        if key[0] != "chat" or key[1] == person.id:
            commands = call.world.menus.seen_by(person.id, person.language_code)
            call.world.live.tell("commands", person.id, commands=commands)


def set_my_commands(call: MethodCall) -> bool:
    key = _menu_key(call)
    call.world.menus.set(key, call.params["commands"])
    _announce_commands(call, key)
    return True


def get_my_commands(call: MethodCall) -> list[Json]:
    return call.world.menus.menus.get(_menu_key(call), [])


def delete_my_commands(call: MethodCall) -> bool:
    key = _menu_key(call)
    call.world.menus.menus.pop(key, None)
    _announce_commands(call, key)
    return True


def set_chat_menu_button(call: MethodCall) -> bool:
    chat_id = call.get("chat_id", 0)
    if chat_id:
        call.world.chat(chat_id)
    button = call.get("menu_button", {"type": "default"})
    if not button.get("web_app", {}).get("url", "https://").startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.world.bot.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(call: MethodCall) -> Json:
    buttons = call.world.bot.menu_buttons
    return buttons.get(call.get("chat_id", 0), buttons.get(0, {"type": "commands"}))
