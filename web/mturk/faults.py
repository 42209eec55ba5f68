"""Errors as AWS writes them: `__type`, `Message`, of an operation's own error `TurkErrorCode`."""

from dataclasses import dataclass

import orjson
from aiohttp import web

from domain.mturk.errors import RequestError

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
        said = {"__type": self.kind, "Message": self.message, "message": self.message}
        return orjson.dumps(said | ({"TurkErrorCode": self.turk_code} if self.turk_code else {}))


def of(error: RequestError) -> Fault:
    return Fault(error.kind, error.message, 400, error.turk_code)


def answered(body: bytes, request: str, status: int = 200) -> web.Response:
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
