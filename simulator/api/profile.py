"""The bot's names and descriptions, by language."""

from simulator.api.call import Call
from simulator.errors import bad_request
from simulator.values import Json
from simulator.world import Key, scope_key


def get_me(call: Call) -> Json:
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }
    return {**call.world.bot.user(), **abilities}


def true(call: Call) -> bool:
    return True


def _set(texts: dict[str, str], call: Call, name: str, longest: int) -> bool:
    text, language = call.get(name, ""), call.get("language_code", "")
    if len(text) > longest:
        raise bad_request(f"{name} is too long")
    if text:
        texts[language] = text
    elif language or name != "name":
        texts.pop(language, None)
    return True


def _get(texts: dict[str, str], call: Call) -> str:
    return texts.get(call.get("language_code", ""), texts.get("", ""))


def set_my_name(call: Call) -> bool:
    return _set(call.world.bot.names, call, "name", 64)


def get_my_name(call: Call) -> Json:
    return {"name": _get(call.world.bot.names, call)}


def set_my_description(call: Call) -> bool:
    return _set(call.world.bot.descriptions, call, "description", 512)


def get_my_description(call: Call) -> Json:
    return {"description": _get(call.world.bot.descriptions, call)}


def set_my_short_description(call: Call) -> bool:
    return _set(call.world.bot.short_descriptions, call, "short_description", 120)


def get_my_short_description(call: Call) -> Json:
    return {"short_description": _get(call.world.bot.short_descriptions, call)}


def _key(call: Call) -> Key:
    scope = call.get("scope")
    if scope is not None and "chat_id" in scope:
        scope = {**scope, "chat_id": call.world.chat(scope["chat_id"]).id}
    language = call.get("language_code", "")
    if language and not (len(language) == 2 and language.isalpha() and language.islower()):
        raise bad_request("LANG_CODE_INVALID")
    return scope_key(scope, language)


def _tell(call: Call, key: Key) -> None:
    people = call.world.people.values()
    for person in people:
        if key[0] != "chat" or key[1] == person.id:
            seen = call.world.menus.seen_by(person.id, person.language_code)
            call.world.live.tell("commands", person.id, commands=seen)


def set_my_commands(call: Call) -> bool:
    key = _key(call)
    call.world.menus.set(key, call.params["commands"])
    _tell(call, key)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.world.menus.menus.get(_key(call), [])


def delete_my_commands(call: Call) -> bool:
    key = _key(call)
    call.world.menus.menus.pop(key, None)
    _tell(call, key)
    return True


def set_chat_menu_button(call: Call) -> bool:
    chat_id = call.get("chat_id", 0)
    if chat_id:
        call.world.chat(chat_id)
    button = call.get("menu_button", {"type": "default"})
    if not button.get("web_app", {}).get("url", "https://").startswith("https://"):
        raise bad_request("menu button Web App URL is invalid: Only HTTPS links are allowed")
    call.world.bot.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    buttons = call.world.bot.menu_buttons
    return buttons.get(call.get("chat_id", 0), buttons.get(0, {"type": "commands"}))
