"""The buttons of the book, as handlers/buttons.py has all others."""

from handlers.buttons import Payload


class OrderJournal(Payload, code="jl"):
    pass
