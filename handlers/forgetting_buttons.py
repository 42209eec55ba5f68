"""The buttons of leaving. The rows decide here as everywhere: handlers/buttons.py."""

from handlers.buttons import Number, Payload


class Withdraw(Payload, code="fw"):
    """1 is the word, anything else is a no."""

    project: Number
    sure: Number


class Forget(Payload, code="fg"):
    """0 asks once more, 1 is the word, anything else is a no."""

    sure: Number
