"""The buttons of the book, as handlers/payloads/payload.py has all others."""

from handlers.payloads.payload import Payload


class OrderJournal(Payload, code="jl"):
    pass
