"""The Bot API's methods and parameters as data; each call is checked before it runs."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from simulator.errors import RefusedCall, bad_request
from simulator.values import Json

SOURCE = Path(__file__).with_name("botapi.json")
TRUE_WORDS = frozenset({"true", "True", "1", "yes"})
FALSE_WORDS = frozenset({"false", "False", "0", "no", ""})
MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
    "audio": "there is no audio in the request",
    "video": "there is no video in the request",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
MISTYPED = {
    "chat_id": "chat not found",
    "message_id": "invalid message identifier specified",
    "reply_markup": "object expected as reply markup",
}


class Mistyped(Exception):
    """A value that is not of its declared type; the text names the expected one."""


@cache
def schema() -> Json:
    loaded: Json = json.loads(SOURCE.read_text(encoding="utf-8"))
    return loaded


@cache
def method_names() -> dict[str, str]:
    """Return lower-cased method name → its spelling: Telegram does not mind the case."""
    return {name.lower(): name for name in schema()["methods"]}


def find_method(name: str) -> str:
    """Return the method's spelling; raise 501 if the local Telegram does not carry it, 404 if the Bot API has none."""
    spelling = method_names().get(name.lower())
    if spelling is None and name in schema()["not_carried"]:
        raise RefusedCall(501, f"Not Implemented: the local Telegram does not carry {name}")
    if spelling is None:
        raise RefusedCall(404, "Not Found: method not found")
    return spelling


def check_parameters(method: str, raw: Json, upload_names: frozenset[str] = frozenset()) -> Json:
    """Return the parameters with their declared types; raise 400 for unknown, missing or mistyped ones."""
    fields = schema()["methods"][method]
    for name in raw:
        if name not in fields:
            raise bad_request(f'unknown parameter "{name}"')
    params = {name: _read_parameter(name, fields[name], value) for name, value in raw.items()}
    for name, declared in fields.items():
        absent = name not in params and name not in upload_names
        empty = params.get(name) == "" and name in MISSING
        if declared.get("required") and (absent or empty):
            raise bad_request(MISSING.get(name, f'parameter "{name}" is required'))
    return params


def _read_parameter(name: str, declared: Json, value: Any) -> Any:
    try:
        return read_as_any(value, declared["types"])
    except Mistyped as error:
        fallback = f'parameter "{name}": {error}'
        simple = not isinstance(value, dict | list) and not str(value).startswith(("{", "["))
        raise bad_request(MISTYPED.get(name, fallback) if simple else fallback) from error


def read_as_any(value: Any, types: list[str]) -> Any:
    """Return the value as the first of these types it fits, strings of a form read as JSON; raise Mistyped if it fits
    none."""
    problem = Mistyped(f"must be of type {' or '.join(types)}")
    for declared in types:
        try:
            return _read_as(value, declared)
        except Mistyped as error:
            if len(types) == 1:
                raise
            problem = error if isinstance(value, dict) and _looks_like(value, declared) else problem
    raise problem


def _looks_like(value: Json, declared: str) -> bool:
    """Return whether a failed object was evidently meant as this type: one of its required fields is there."""
    fields = schema()["types"].get(declared, {}).get("fields", {})
    return any(name in value for name, field in fields.items() if field.get("required"))


def _read_as(value: Any, declared: str) -> Any:
    if declared in SCALARS:
        return SCALARS[declared](value)
    value = _parse_json_text(value, declared)
    if declared.startswith("Array of "):
        if not isinstance(value, list):
            raise Mistyped(f"must be an {declared}")
        return [_read_as(item, declared.removeprefix("Array of ")) for item in value]
    return _read_object(value, declared)


def _parse_json_text(value: Any, declared: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Mistyped(f"can't parse {declared} JSON object") from error


def _read_object(value: Any, declared: str) -> Json:
    if not isinstance(value, dict):
        raise Mistyped(f"must be a {declared} object")
    definition = schema()["types"][declared]
    if "subtypes" in definition:
        return _read_subtype(value, declared, definition["subtypes"])
    fields = definition["fields"]
    for name, field in fields.items():
        if field.get("required") and name not in value:
            raise Mistyped(f'can\'t find field "{name}" of {declared}')
        if "equals" in field and value.get(name) != field["equals"]:
            raise Mistyped(f'field "{name}" of {declared} must be "{field["equals"]}"')
    return {name: _read_field(name, item, fields, declared) for name, item in value.items()}


def _read_field(name: str, value: Any, fields: Json, declared: str) -> Any:
    if name not in fields:
        raise Mistyped(f'unknown field "{name}" in {declared}')
    try:
        return read_as_any(value, fields[name]["types"])
    except Mistyped as error:
        raise Mistyped(f'field "{name}" of {declared} {error}') from error


def _read_subtype(value: Json, declared: str, subtypes: list[str]) -> Json:
    problem = Mistyped(f"must be a {declared} object")
    for subtype in subtypes:
        try:
            return _read_object(value, subtype)
        except Mistyped as error:
            fields = schema()["types"][subtype]["fields"]
            matches = value.get("type") == fields.get("type", {}).get("equals", object())
            problem = error if matches else problem
    raise problem


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Mistyped("must be of type Integer")
    try:
        return int(value)
    except ValueError as error:
        raise Mistyped("must be of type Integer") from error


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Mistyped("must be of type Float")
    try:
        return float(value)
    except ValueError as error:
        raise Mistyped("must be of type Float") from error


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value) in TRUE_WORDS | FALSE_WORDS:
        return str(value) in TRUE_WORDS
    raise Mistyped("must be of type Boolean")


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Mistyped("must be of type String")


def _true(value: Any) -> bool:
    if _boolean(value):
        return True
    raise Mistyped("must be True")


SCALARS = {
    "True": _true,
    "Integer": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "String": _string,
    "InputFile": _string,
}
