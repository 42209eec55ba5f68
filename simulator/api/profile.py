"""The bot's names and descriptions, by language."""

from simulator.api.call import Call
from simulator.errors import bad_request
from simulator.values import Json


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
