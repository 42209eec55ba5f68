"""The buttons of leaving. The rows decide here as everywhere: handlers/payloads/payload.py."""

from handlers.payloads.payload import Number, Payload


class Forget(Payload, code="fg"):
    """0 asks once more, 1 is the word, anything else is a no."""

    sure: Number
