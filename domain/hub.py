"""Data sets on the Hugging Face hub: where a requester wants their results to be."""

import re

from domain.moments import Moment
from domain.people.people import PersonId
from domain.projects.projects import ProjectId
from domain.records import record

TRIES = 3  # of one push, should the process die while it runs
PUBLIC = "public"
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_TOKEN = re.compile(r"[!-~]{8,300}")
_AMONG = re.compile(r"(?<!\S)hf_[A-Za-z0-9]{8,}(?!\S)")


@record
class HubPush:
    """A project's results that are on their way to OWNER/NAME. `token` is encrypted, and goes with the row at its
    end."""

    project: ProjectId
    requester: PersonId
    name: str
    public: bool
    token: str
    asked_at: Moment
    tries: int


def name_of(words: str) -> tuple[str, bool] | None:
    """OWNER/NAME, and whether everybody may read it; None for what the hub takes for no name."""
    name, _, rest = words.strip().partition(" ")
    owner, _, own = name.partition("/")
    fits = all(_NAME.fullmatch(each) and "--" not in each and ".." not in each for each in (owner, own))
    if not fits or own.endswith(".git") or rest.strip().lower() not in ("", PUBLIC):
        return None
    return name, bool(rest.strip())


def is_token(words: str) -> bool:
    return _TOKEN.fullmatch(words.strip()) is not None


def is_meant_as_token(words: str) -> bool:
    """It belongs to nobody else's question."""
    return words.strip().startswith("hf_") or holds_token(words)


def holds_token(words: str) -> bool:
    """One of the hub's tokens stands among them."""
    return _AMONG.search(words) is not None


def without_token(words: str) -> str:
    return _AMONG.sub("", words).strip()
