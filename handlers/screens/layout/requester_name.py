"""A requester as workers read of them."""

from handlers.screens.layout.fitting import clipped
from locales import Html, Translator

LONGEST = 60


def requester_name(name: str, t: Translator) -> str | Html:
    """At the beginning of a sentence; one who was erased has no name."""
    return clipped(name, LONGEST) if name else t("A requester")
