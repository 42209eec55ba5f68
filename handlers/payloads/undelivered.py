"""The buttons under what could not be shown."""

from handlers.payloads.payload import Number, Payload


class GoOn(Payload, code="ug"):
    project: Number
