"""Content warnings: kinds of disturbing content; workers are warned, and agree once before a project's first task."""

from enum import StrEnum

CONTENT = ("violence", "sexual", "hate", "self_harm", "medical", "disturbing")
NONE = "none"


class ContentChoice(StrEnum):
    """What a worker who was warned of a project's content made of it."""

    SHOWN = "shown"
    AGREED = "agreed"
    REFUSED = "refused"
