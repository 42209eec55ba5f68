"""Violations of the board's rules to be planted: posts rewritten, tombstones lost, pens forged, traces kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from domain.fairness.board import BoardId, EventKind, Post, PostId, PostState, day_of, with_digest
from domain.moments import DAY, HOUR, Moment
from services.fairness import board
from services.money import ledger
from storage.fairness.complaints import Petitions
from storage.people.settings import Drafts
from storage.unit import UnitOfWork
from tests.house import House
from tests.invariants.plants import Plant, run

LOG, LINES = "the log of the boards recomputes", "every post has its lines in the log"
PENS, VOICES = "no more pens write than were handed over", "a petition has the voices it counts"
TRACES = "nothing says for long who was on the board"


def written(unit: UnitOfWork, house: House, **changes: Any) -> Post:
    """A post with its line and its pen, as the services write it."""
    board = BoardId(house.project)
    blank = Post(
        *(PostId(0), board, None, "a" * 24, 24_300, "Hello", "salt", "", day_of(unit.now), PostState.SHOWN, 0),
    )
    made = with_digest(replace(blank, **changes))
    unit.boards.take_pen(house.workers[0], board, made.month)
    post = replace(made, id=unit.boards.add(made))
    unit.board_log.note(post.id, EventKind.POSTED, post.digest)
    if post.threshold:
        unit.petitions.begin(post.id, board)
        unit.petitions.sign(post.id, post.author, post.month)
    return post


def after(*statements: str, **changes: Any) -> Callable[[UnitOfWork, House], None]:
    """A sealed post, the log's head noted on the next day, then the statements."""

    def breaks(unit: UnitOfWork, house: House) -> None:
        written(unit, house, **changes)
        written(unit, house, body="Again")
        ledger.seal_recent(unit)
        ledger.seal_recent(UnitOfWork(unit.connection, Moment(unit.now + DAY)))
        board.run_board_sweep(unit)
        run(*statements)(unit, house)

    return breaks


def keep_a_draft(unit: UnitOfWork, house: House) -> None:
    Drafts(unit.connection, unit.acting).keep(house.workers[0], "board", {"pen": "x"}, Moment(unit.now - 3 * HOUR))


def keep_an_hour(unit: UnitOfWork, house: House) -> None:
    Drafts(unit.connection, unit.acting).keep(house.workers[0], "board lapsed", {}, Moment(day_of(unit.now) + HOUR))


def keep_a_refusal(unit: UnitOfWork, house: House) -> None:
    keep_a_letter(unit, house)
    unit.connection.changed("UPDATE outbox SET screen = 'refusals.BoardRefused' WHERE screen = 'fairness.BoardPage'")


def keep_a_letter(unit: UnitOfWork, house: House) -> None:
    unit.connection.changed(
        """INSERT INTO outbox (person, lane, class, screen, facts, due_at, written_at, ended_at, state, quiet)
        VALUES (:person, 0, 'sure', 'fairness.BoardPage', '{}', :at, :at, :at, 'sent', 0)""",
        person=house.workers[0],
        at=unit.now - 3 * HOUR,
    )


def close_too_early(unit: UnitOfWork, house: House) -> None:
    Petitions(unit.connection, unit.now).request_answer(written(unit, house, threshold=3).id)


def stuff_the_box(unit: UnitOfWork, house: House) -> None:
    election = unit.elections.begin()
    unit.elections.stand(election, house.workers[0])
    unit.elections.vote(election, "a", house.workers[0])


UNHEARD = (
    Plant(
        "a ballot has no paper",
        *(16, "no more ballots than papers, and the votes are the ballots", "election"),
        stuff_the_box,
    ),
    Plant(
        "a post is rewritten",
        *(10, LOG, "post"),
        after("UPDATE board_posts SET body = 'Hullo' WHERE body = 'Hello'"),
        asleep=True,
    ),
    Plant(
        "a line of the log says another rule",
        *(10, LOG, "line 1"),
        after("UPDATE board_log SET rule = 3 WHERE position = 1"),
        asleep=True,
    ),
    Plant(
        "a post is hidden without a line",
        *(10, LINES, "post"),
        after("UPDATE board_posts SET state = 'hidden', body = '' WHERE body = 'Hello'"),
    ),
    Plant(
        "a hidden post is shown again",
        *(10, LINES, "post"),
        after(
            "INSERT INTO board_log (position, post, kind, day, digest) "
            "SELECT 3, post, 'hidden', day, digest FROM board_log WHERE position = 1"
        ),
    ),
    Plant(
        "the log is sealed anew",
        *(10, LINES, "head of"),
        after("UPDATE board_heads SET hash = '0' || substr(hash, 2, 62) || 'x'"),
        asleep=True,
    ),
    Plant(
        "somebody without a pen has signed",
        *(16, PENS, "board"),
        after(
            "INSERT INTO board_signatures (post, signer, month) SELECT post, 'b', 24300 FROM board_petitions",
            threshold=3,
        ),
    ),
    Plant(
        "a petition counts voices nobody gave",
        *(16, VOICES, "petition"),
        after("UPDATE board_petitions SET voices = 2", threshold=3),
    ),
    Plant("a petition is closed with too few voices", *(16, VOICES, "petition"), close_too_early),
    Plant("a draft of a post is kept", *(16, TRACES, "person"), keep_a_draft),
    Plant("a letter of the board is kept", *(16, TRACES, "letter"), keep_a_letter),
    Plant("a refusal of the board is kept", *(16, TRACES, "letter"), keep_a_refusal),
    Plant("the hour of a draft that lapsed is kept", *(16, TRACES, "person"), keep_an_hour),
)
