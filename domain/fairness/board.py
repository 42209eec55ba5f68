"""The board: its limits, posts, petitions, and the log that a hash chain holds together."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from math import ceil
from typing import NewType

from domain.messages import Message
from domain.moments import DAY, Moment, as_datetime
from domain.money.ledger import EMPTY_HEAD, SealedHead, seal_next

BoardId = NewType("BoardId", int)  # a project's number; 0 is the house
PostId = NewType("PostId", int)

HOUSE = BoardId(0)
MAX_POST_CHARS = 600  # characters of a post or of an answer to a petition
POSTS_PER_PAGE = 4  # posts
LAST_PAGE = 500
MAX_POSTS_PER_DAY = 5  # posts of one pen
MAX_PETITIONS_PER_PEN = 1  # of one pen, which lives for a month
MIN_ANSWERS_FOR_HOUSE = 10  # answers given before somebody may write on the house's board; one on a project's own
COLLECTING_DAYS, ANSWER_DAYS = 30, 7  # days
MIN_VOICES, MAX_VOICES = 3, 50  # voices a petition needs at least and at most
MAX_OPEN_WISHES = 10  # of one person to exchange contacts, unanswered at a time
CONTEST_DAYS = 14  # days for an admin to decide about a hidden post that its writer contests
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
RULES = (1, 2, 3, 4)  # private data, threats and insults, advertising, unlawful

RULES_RESTORED_BY_SILENCE = frozenset(
    {2, 3}
)  # hidden by these, a contested post is shown again where nobody decides in time


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
    """State of a reported post."""

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
class BoardContest:
    """Contest of a hidden post. `body` is its text until the decision, `due` the last day for that; `again` the post as
    which it is shown again; `reason` why it stays hidden."""

    post: PostId
    body: str
    due: Moment
    state: ContestState
    reason: str
    again: PostId | None


@dataclass(frozen=True, slots=True)
class BoardEvent:
    """A line of the log. `person` is the admin who acted, None for authors and for deadlines."""

    position: int
    post: PostId
    kind: EventKind
    person: int | None
    rule: int
    day: Moment
    digest: str


def day_of(now: Moment) -> Moment:
    return Moment(now - now % DAY)


def answers_needed(board: BoardId) -> int:
    """Return how many answers a person must have given before writing on this board."""
    return MIN_ANSWERS_FOR_HOUSE if board == HOUSE else 1


def petition_threshold(people: int) -> int:
    """Return the voices that a petition needs among so many people: a tenth of them, within MIN_VOICES
    and MAX_VOICES."""
    return min(MAX_VOICES, max(MIN_VOICES, ceil(people / 10)))


def clean_text(text: str) -> str:
    """Return a text as it is stored: stripped lines, at most one empty line in a row, "" if nothing in it is visible.
    Marks that turn the direction of writing are removed, as they would turn the text around it, too."""
    stripped = "".join(character for character in text if character not in DIRECTION_MARKS)
    if not any(character.isprintable() and not character.isspace() for character in stripped):
        return ""
    lines = [" ".join(line.split()) for line in stripped.strip().splitlines()]
    kept_lines = [line for index, line in enumerate(lines) if line or lines[index - 1]]
    return "\n".join(kept_lines)


def digest_of(post: Post) -> str:
    """Return the sha256 of a post's content; docs/explanation/board.md gives the hashed text."""
    parts = (post.salt, post.board, post.reply_to or 0, post.author, post.month, post.day, post.threshold, post.body)
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def with_digest(post: Post) -> Post:
    return replace(post, digest=digest_of(post))


def digest_of_answer(answer: str) -> str:
    return sha256(answer.encode()).hexdigest()


def sealed_content(event: BoardEvent) -> str:
    """Return the text of an event that the chain's seal covers."""
    parts = (event.position, event.post, event.kind, event.person or 0, event.rule, event.day, event.digest)
    return "|".join(map(str, parts))


def chain_event(before: SealedHead, event: BoardEvent) -> SealedHead:
    return seal_next(before, sealed_content(event))


CHAIN_BEGINNING = EMPTY_HEAD


def is_of_board(screen: str) -> bool:
    """Return whether a letter is one of the boards, by its stored name: reading, writing, refusals."""
    return screen.startswith(("fairness.Board", "refusals.Board"))


@dataclass(frozen=True, slots=True)
class BoardContactAsked(Message):
    """Reply to the person who would like to exchange contacts."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardContact(Message):
    """The other person's @username without the @, for both who exchange contacts."""

    post: PostId
    username: str


@dataclass(frozen=True, slots=True)
class ContestShown:
    """State of a contest as shown on a tombstone: decided until `due`, the `reason` why it stays, or
    the post `again`."""

    state: ContestState
    due: Moment
    reason: str
    again: PostId | None


@dataclass(frozen=True, slots=True)
class BoardContestWanted(Message):
    """Asks the holder of the pen for the text of the hidden post."""

    post: PostId
    name: str


@dataclass(frozen=True, slots=True)
class BoardContested(Message):
    """Reply to the contesting writer: decided by `due`; `another`: by another admin than the one who hid the post;
    `silence`: the post is shown again without a decision."""

    post: PostId
    due: Moment
    another: bool
    silence: bool


@dataclass(frozen=True, slots=True)
class BoardContestToRule(Message):
    """Case for an admin: a text that admin `hider` hid by `rule`; `alone`: the reader hid it, and there is no other
    admin."""

    post: PostId
    title: str
    name: str
    body: str
    rule: int
    hider: int
    due: Moment
    alone: bool
    silence: bool


@dataclass(frozen=True, slots=True)
class BoardContestReasonWanted(Message):
    """Asks the admin why the post stays hidden."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardContestRuled(Message):
    """Reply to the admin: the post is shown again as `again`, or stays hidden (0) for a reason."""

    post: PostId
    again: int
    reason: str


@dataclass(frozen=True, slots=True)
class PetitionShown:
    """A petition as its reader sees it; `signed`: by the reader's pen."""

    threshold: int
    voices: int
    closes: Moment
    due: Moment | None
    answer: str | None
    answered_on: Moment | None
    state: PetitionState
    signed: bool


@dataclass(frozen=True, slots=True)
class PostShown:
    """A post as its reader sees it. `new`: not seen before; `mine`: by the reader's pen; `rule`: why it is hidden;
    `wishes`: people who would exchange contacts, shown to the author alone; `original`: the tombstone of a post that is
    shown again, 0 for others."""

    id: PostId
    name: str
    day: Moment
    body: str
    state: PostState
    reply_to: PostId | None
    replies: int
    new: bool
    mine: bool
    rule: int = 0
    petition: PetitionShown | None = None
    wishes: int = 0
    contest: ContestShown | None = None
    original: int = 0


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A board in a list."""

    board: BoardId
    title: str
    unread: int


@dataclass(frozen=True, slots=True)
class BoardList(Message):
    """The boards of one reader, the house first."""

    boards: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class BoardPage(Message):
    """A few posts, the newest first. `taken`: a pen of this month was handed over; `missing` answers before the
    reader may write; `name` is that of the reader's pen."""

    board: BoardId
    title: str
    posts: tuple[PostShown, ...]
    page: int
    older: bool
    pen: str
    name: str
    missing: int


@dataclass(frozen=True, slots=True)
class BoardPost(Message):
    """One post with its replies, the oldest first. `missing` answers before its reader may write; `writes`: the pen is
    of this month."""

    board: BoardId
    title: str
    post: PostShown
    replies: tuple[PostShown, ...]
    page: int
    more: bool
    pen: str
    missing: int = 0
    writes: bool = True


@dataclass(frozen=True, slots=True)
class BoardPen(Message):
    """A pen, this once: the message is the only place that holds it. It writes before the moment `until`."""

    board: BoardId
    title: str
    name: str
    pen: str
    until: Moment


@dataclass(frozen=True, slots=True)
class BoardPenTaken(Message):
    """This month's pen was handed over before; `again` is when the next one may be taken."""

    board: BoardId
    title: str
    again: Moment


@dataclass(frozen=True, slots=True)
class BoardWordsWanted(Message):
    """Asks for the text; `reply_to` is 0 for a post of its own."""

    title: str
    name: str
    reply_to: int
    threshold: int


@dataclass(frozen=True, slots=True)
class BoardDraft(Message):
    """The text as others will read it, before it is sent."""

    title: str
    name: str
    body: str
    threshold: int


@dataclass(frozen=True, slots=True)
class BoardDraftDropped(Message):
    """Reply to the writer: nothing was sent."""


@dataclass(frozen=True, slots=True)
class BoardTakeBackQuestion(Message):
    """The question whether this post of the reader's own shall be taken back."""

    post: PostId
    body: str
    pen: str


@dataclass(frozen=True, slots=True)
class BoardReported(Message):
    """Reply to the person who reported a post."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardPostToModerate(Message):
    """Case for an admin: a reported post."""

    post: PostId
    title: str
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class BoardModerated(Message):
    """Reply to the admin. `rule` 0: the post is left; `gone`: it was no longer shown; `decided`: an admin had left it
    before."""

    post: PostId
    rule: int
    gone: bool
    decided: bool = False


@dataclass(frozen=True, slots=True)
class LogLine:
    """`person`, a number of the staff, is 0 for authors and for time; `head` is empty until it is sealed."""

    position: int
    post: PostId
    board: BoardId
    kind: EventKind
    person: int
    rule: int
    day: Moment
    digest: str
    head: str


@dataclass(frozen=True, slots=True)
class BoardLog(Message):
    """The log, the newest first."""

    lines: tuple[LogLine, ...]
    page: int
    older: bool


@dataclass(frozen=True, slots=True)
class BoardPetitionToAnswer(Message):
    """Request to the petition's addressee, once enough people have signed."""

    post: PostId
    title: str
    body: str
    voices: int
    due: Moment


@dataclass(frozen=True, slots=True)
class BoardAnswerWanted(Message):
    """Asks the addressee for the answer."""

    post: PostId


@dataclass(frozen=True, slots=True)
class BoardAnswerDraft(Message):
    """Preview of an answer for the addressee before it is sent; `title` is that of the petition's board."""

    post: PostId
    title: str
    answer: str


@dataclass(frozen=True, slots=True)
class BoardAnswerKept(Message):
    """Reply to the addressee: the answer is published under the petition."""

    post: PostId
    answer: str


@dataclass(frozen=True, slots=True)
class BoardDigest(Message):
    """Daily list of boards with new posts, for people who want it."""

    boards: tuple[BoardLine, ...]


@dataclass(frozen=True, slots=True)
class BoardPetitionTakenBack(Message):
    """Notice to people who were asked for an answer: the writer took the petition back, or an admin has `hidden` it."""

    post: PostId
    title: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class BoardWordsLate(Message):
    """Words that came after the hour in which a text for a board may be sent; nothing was done with them."""


@dataclass(frozen=True, slots=True)
class BoardWordsUnasked(Message):
    """Words that came after a board was opened, while a task waits for words; nothing was done with them."""


NONCE_BYTES, MAC_BYTES = 9, 7  # bytes; a pen has 24 characters on the wire
PEN_BYTES = 2 + NONCE_BYTES + MAC_BYTES
FACES = (
    "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆🦉🐺🐗🐴🐝🐛🦋🐌🐞🐜🐢🐍🦎🐙🦑🦐🦀"
    "🐡🐠🐬🐳🐊🐆🦓🐘🦏🐪🦒🐂🐎🐖🐏🐐🦌🐕🐈🐓🦃🦚🦜🦢🐇🦝🦨🦡🦫🦦🦥🐿"
)
THINGS = (
    "🌵🎄🌲🌳🌴🌱🌿🍀🎋🍁🍄🌾💐🌷🌹🌺🌸🌼🌻🌙🌍⚡🔥🌈☀⛅🌊🍏🍐🍊🍋🍌"
    "🍉🍇🍓🍒🍑🍍🥝🍅🥑🥦🌽🥕🥔🥐🥖🧀🥚🥞🍕🥪🌮🥗🍿🍩🍪🥜☕🍵⚓🎈🎸🎲"
)


@dataclass(frozen=True, slots=True)
class Pen:
    """`month` counts months since year 0; `author` is what its posts are kept under, 24 hexadecimal digits."""

    month: int
    author: str


def pen_hashtag(until: Moment) -> str:
    """Return the hashtag of the month that ends at `until`: a tap on it finds the messages of that month's pens in the
    chat. Nobody else can find them by it."""
    return f"#pen{as_datetime(Moment(until - 1)):%Y%m}"


def month_number(now: Moment) -> int:
    day = as_datetime(now)
    return day.year * 12 + day.month - 1


def mint_pen(secret: bytes, scope: str, month: int, nonce: bytes) -> str:
    """A pen as a button carries it; `scope` names what it is for."""
    body = month.to_bytes(2, "big") + nonce
    return urlsafe_b64encode(body + _mac(secret, scope, body)).decode()


def read_pen(secret: bytes, scope: str, text: str) -> Pen | None:
    """Return the pen, or None if the text was never minted for this scope."""
    try:
        raw = urlsafe_b64decode(text.encode())
    except (Error, ValueError):
        return None
    body, mac = raw[: 2 + NONCE_BYTES], raw[2 + NONCE_BYTES :]
    if len(raw) != PEN_BYTES or not hmac.compare_digest(mac, _mac(secret, scope, body)):
        return None
    author = hashlib.sha256(f"author {scope}\n".encode() + body).hexdigest()[:24]
    return Pen(int.from_bytes(body[:2], "big"), author)


def pen_name(author: str) -> str:
    """Return the name that others see: two pictures and a number, different in each month and on each board."""
    number = int(author[:12], 16)
    face, thing = FACES[number % len(FACES)], THINGS[number // 100 % len(THINGS)]
    return f"{face}{thing} {10 + number // 10_000 % 90}"


def _mac(secret: bytes, scope: str, body: bytes) -> bytes:
    return hmac.digest(secret, f"pen {scope}\n".encode() + body, hashlib.sha256)[:MAC_BYTES]
