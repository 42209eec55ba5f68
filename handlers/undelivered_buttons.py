"""The buttons under what could not be shown."""

from handlers.buttons import Number, Payload


class GoOn(Payload, code="ug"):
    project: Number
