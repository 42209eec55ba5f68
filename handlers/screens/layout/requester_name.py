"""A requester as workers read of them."""

from handlers.screens.layout.fitting import clipped
from locales import Html, Translator

LONGEST = 60


def requester_name(name: str, t: Translator) -> str | Html:
    """At the beginning of a sentence; one who was erased has no name."""
    return clipped(name, LONGEST) if name else t("A requester")


def team_line(name: str, t: Translator) -> Html | None:
    """The account that something is of, where it is a team's."""
    return t("🏢 <b>{team}</b>", team=clipped(name, LONGEST)) if name else None
