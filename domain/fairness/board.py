"""The board: its limits, posts, petitions, and the log that a hash chain holds together."""

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from math import ceil
from typing import NewType

from domain.moments import DAY, Moment
from domain.money.ledger import BEFORE_ALL, Head, sealed

BoardId = NewType("BoardId", int)  # a project's number; 0 is the house
PostId = NewType("PostId", int)

HOUSE = BoardId(0)
LONGEST = 600  # characters of a post or of an answer to a petition
A_PAGE = 4  # posts
LAST_PAGE = 500
A_DAY = 5  # posts of one pen
PETITIONS = 1  # of one pen, which lives for a month
ANSWERS = 10  # answers given before somebody may write on the house's board; one on a project's own
COLLECTS, ANSWER_IN = 30, 7  # days
FEWEST, MOST = 3, 50  # voices a petition needs at least and at most
WISHES = 10  # of one person to exchange contacts, unanswered at a time
DECIDED_IN = 14  # days for an admin to decide about a hidden post that its writer contests
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RULES = (1, 2, 3, 4)  # private data, threats and insults, advertising, unlawful

BY_SILENCE = frozenset({2, 3})  # hidden by these, a contested post is shown again where nobody decides in time


class PostState(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class PetitionState(StrEnum):
    OPEN = "open"  # collects voices
    LAPSED = "lapsed"  # too few in time
    ASKED = "asked"  # its addressee has until `due`
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # silence; a late answer still comes below it


class EventKind(StrEnum):
    POSTED = "posted"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    REACHED = "reached"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    LAPSED = "lapsed"
    CONTESTED = "contested"  # by its writer, who sent the text again
    RESTORED = "restored"  # shown again as another post
    UPHELD = "upheld"
    UNDECIDED = "undecided"  # silence, where it does not show the post again


class ReportState(StrEnum):
    """Of a post that readers reported."""

    WAITING = "waiting"
    LEFT = "left"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"  # by its writer, before an admin decided


class ContestState(StrEnum):
    WAITING = "waiting"
    RESTORED = "restored"
    UPHELD = "upheld"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Post:
    """`day` is its first moment: no hour is kept. Without its text (`body`) once hidden or withdrawn; `salt` makes the
    text unguessable from `digest`, and goes with a withdrawn text. `threshold` is 0 where it is no petition."""

    id: PostId
    board: BoardId
    reply_to: PostId | None
    author: str
    month: int
    body: str
    salt: str
    digest: str
    day: Moment
    state: PostState
    threshold: int


@dataclass(frozen=True, slots=True)
class Petition:
    """`closes` is the last day of collecting, `due` the last day for an answer."""

    post: PostId
    board: BoardId
    voices: int
    closes: Moment
    due: Moment | None
    answer: str | None
    answered_on: Moment | None
    state: PetitionState


@dataclass(frozen=True, slots=True)
class Contest:
    """Of a hidden post. `body` is its text, until it is decided; `due` the last day for that; `again` the post as which
    it is shown again; `reason` why it stays hidden."""

    post: PostId
    body: str
    due: Moment
    state: ContestState
    reason: str
    again: PostId | None


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log. `person` is who of the staff acted, None for authors and for time itself."""

    position: int
    post: PostId
    kind: EventKind
    person: int | None
    rule: int
    day: Moment
    digest: str


def day_of(now: Moment) -> Moment:
    return Moment(now - now % DAY)


def needed(board: BoardId) -> int:
    """Answers somebody must have given before they write here."""
    return ANSWERS if board == HOUSE else 1


def threshold_of(people: int) -> int:
    """Voices a petition needs where so many people work: a tenth of them."""
    return min(MOST, max(FEWEST, ceil(people / 10)))


def cleaned(text: str) -> str:
    """As it is kept: lines stripped, at most one empty line between two; empty where nothing of it is seen. Marks that
    turn the direction of writing go: they would turn what stands around the text, too."""
    told = "".join(character for character in text if character not in TURNING)
    if not any(character.isprintable() and not character.isspace() for character in told):
        return ""
    lines = [" ".join(line.split()) for line in told.strip().splitlines()]
    kept = [line for at, line in enumerate(lines) if line or lines[at - 1]]
    return "\n".join(kept)


def digest_of(post: Post) -> str:
    """sha256 over what was written; docs/fairness.md gives the text."""
    parts = (post.salt, post.board, post.reply_to or 0, post.author, post.month, post.day, post.threshold, post.body)
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def with_digest(post: Post) -> Post:
    return replace(post, digest=digest_of(post))


def digest_of_answer(answer: str) -> str:
    return sha256(answer.encode()).hexdigest()


def content_of(event: Event) -> str:
    """What the chain covers of an event."""
    parts = (event.position, event.post, event.kind, event.person or 0, event.rule, event.day, event.digest)
    return "|".join(map(str, parts))


def chained(before: Head, event: Event) -> Head:
    return sealed(before, content_of(event))


BEGINNING = BEFORE_ALL


def is_of_board(screen: str) -> bool:
    """Return whether a letter is one of the boards, by its stored name: reading, writing, refusals."""
    return screen.startswith(("fairness.Board", "refusals.Board"))
