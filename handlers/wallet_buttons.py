"""The buttons of a worker's own money. The rows decide here as everywhere: handlers/buttons.py."""

from handlers.buttons import Payload


class ToBank(Payload, code="tb"):
    pass


class GetStatement(Payload, code="st"):
    """`month` empty is this one."""

    month: str
    format: str
