"""The buttons of a worker's settings. The rows decide here as everywhere: handlers/payloads/payload.py."""

from handlers.payloads.payload import Payload, Words


class OpenSettings(Payload):
    place: Words = ""


class ShowSettings(Payload, code="se"):
    """`page`: main, when, zone, pace, goal, tasks, or a part of the world."""

    page: str


class ChangeSetting(Payload, code="ss"):
    """`value` of `what` is chosen, or taken back where several go together."""

    what: str
    value: str


class PauseHere(Payload, code="sz"):
    pass
