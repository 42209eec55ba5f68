"""The buttons of a worker's own money. The rows decide here as everywhere: handlers/payloads/payload.py."""

from handlers.payloads.payload import Payload


class ToBank(Payload, code="tb"):
    pass


class GetStatement(Payload, code="st"):
    """`month` empty is this one."""

    month: str
    format: str
