"""Errors as AWS writes them: `__type`, `Message`, of an operation's own error `TurkErrorCode`."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from domain.moments import Moment
from extensions.mturk.domain.hits import INVALID, RANGE, RequestError

TYPE = "application/x-amz-json-1.1"
ID = "x-amzn-RequestId"


@dataclass(eq=False)
class Fault(Exception):
    """An error that any operation can give."""

    kind: str
    message: str
    status: int = 400
    turk_code: str = ""

    @property
    def body(self) -> bytes:
        members = {"__type": self.kind, "Message": self.message, "message": self.message}
        return orjson.dumps(members | ({"TurkErrorCode": self.turk_code} if self.turk_code else {}))


def to_fault(error: RequestError) -> Fault:
    return Fault(error.kind, error.message, 400, error.turk_code)


def build_response(body: bytes, request: str, status: int = 200) -> web.Response:
    headers = {ID: request, "Cache-Control": "no-store"}
    return web.Response(status=status, body=body, content_type=TYPE, headers=headers)


def missing_token() -> Fault:
    return Fault("MissingAuthenticationTokenException", "Missing Authentication Token", 403)


def unknown_key() -> Fault:
    return Fault("UnrecognizedClientException", "The security token included in the request is invalid.")


def incomplete(what: str) -> Fault:
    return Fault("IncompleteSignatureException", what)


def forged(why: str) -> Fault:
    return Fault("InvalidSignatureException", why, 403)


def unknown_operation(name: str) -> Fault:
    return Fault("UnknownOperationException", f"There is no operation {name}." if name else "X-Amz-Target is missing.")


def unreadable(why: str) -> Fault:
    return Fault("SerializationException", why)


def throttled() -> Fault:
    return Fault("ThrottlingException", "Rate exceeded")


def denied(why: str) -> Fault:
    return Fault("AccessDeniedException", why)


def too_large() -> Fault:
    return Fault("RequestEntityTooLargeException", "A request has at most 1 MB.", 413)


def failed() -> Fault:
    """A failure of ours: boto3 tries again."""
    return Fault("ServiceFault", "The service could not do this now. Try again.", 500, "AWS.ServiceUnavailable")


Shape = Mapping[str, Any]
BITS = {"integer": 31, "long": 63}
LATEST = 253_402_300_799  # the end of the year 9999, in seconds
DAY = 86_400  # a local time of that year is read and written in any zone


@cache
def load_model() -> Mapping[str, Any]:
    """Return Amazon's API model: `operations` with the input and output shape of each, and `shapes` by name."""
    api_model: Mapping[str, Any] = json.loads(Path(__file__).with_name("model.json").read_text(encoding="utf-8"))
    return api_model


@cache
def to_parameter_name(member: str) -> str:
    """Return the parameter name of a member: `MaxResults` → `max_results`, `HITTypeId` → `hit_type_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", member).lower()


def read_input(operation: str, sent: object) -> dict[str, Any]:
    """Return the members that the program sent, by a service's parameter names. Raise Fault and RequestError."""
    members = _read_value(load_model()["operations"][operation]["input"], sent, "")
    return {to_parameter_name(name): value for name, value in members.items()}


def _read_value(name: str, value: object, where: str) -> Any:
    shape = load_model()["shapes"][name]
    return READERS[shape["type"]](shape, value, where)


def _structure(shape: Shape, value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(where, "an object")
    members = shape["members"]
    present = {
        name: member_value for name, member_value in value.items() if name in members and member_value is not None
    }
    for name in shape.get("required", ()):
        if name not in present:
            raise _unfit(_join_path(where, name), "null", "Member must not be null")
    return {
        name: _read_value(members[name]["shape"], member_value, _join_path(where, name))
        for name, member_value in present.items()
    }


def _list(shape: Shape, value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _wrong(where, "a list")
    return [
        _read_value(shape["member"]["shape"], element, f"{where}.{index}.member")
        for index, element in enumerate(value, 1)
    ]


def _string(shape: Shape, value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _wrong(where, "a string")
    if "enum" in shape and value not in shape["enum"]:
        raise _unfit(where, value, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
    if not shape.get("min", 0) <= len(value) <= shape.get("max", len(value)):
        raise _unfit(where, value, f"Member must have length between {shape.get('min', 0)} and {shape['max']}")
    if "pattern" in shape and not re.fullmatch(shape["pattern"].strip("^$"), value):
        raise _unfit(where, value, f"Member must satisfy regular expression pattern: {shape['pattern']}")
    if "\0" in value:
        raise RequestError(INVALID, f"'{where}' holds a character that no text has.")
    return value


def _integer(shape: Shape, value: object, where: str) -> int:
    most = 1 << BITS[shape["type"]]
    if isinstance(value, bool) or not isinstance(value, int) or not -most <= value < most:
        raise _wrong(where, "a whole number")
    low, high = shape.get("min", value), shape.get("max", value)
    if not low <= value <= high:
        raise RequestError(RANGE, f"Value '{value}' at '{where}' is not between {low} and {high}.")
    return value


def _boolean(shape: Shape, value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false")
    return value


def _timestamp(shape: Shape, value: object, where: str) -> Moment:
    """Return the moment of a time in seconds, whole or with a fraction. Raise Fault."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LATEST <= value <= LATEST + DAY:
        raise _wrong(where, "a time in seconds since 1970")
    return Moment(round(min(value, LATEST - DAY) * 1000))


READERS: Mapping[str, Callable[[Shape, object, str], Any]] = {
    "structure": _structure,
    "list": _list,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "boolean": _boolean,
    "timestamp": _timestamp,
}


def _join_path(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _wrong(where: str, expected: str) -> Fault:
    return unreadable(f"{where or 'The request'} is no value of its kind: expected {expected}.")


def _unfit(where: str, value: str, constraint: str) -> RequestError:
    return RequestError(INVALID, f"Value '{value[:64]}' at '{where}' failed to satisfy constraint: {constraint}.")
