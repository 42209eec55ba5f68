"""Words meant for a board never become an answer, which the requester reads; on both databases, with a moved clock."""

from collections.abc import Callable

import pytest

from bot.sweeps import SWEEPS
from domain.fairness.board import MAX_POST_CHARS, BoardDraft, BoardWordsLate, BoardWordsUnasked
from domain.moments import DAY, HOUR, MINUTE, SECOND, later
from domain.refusals import BoardRefused
from domain.work.messages import Submitted
from handlers.fairness.board import ContestPost, ModeratePost, OpenBoard, ReplyToPost, SendPost, WritePost
from services.work import submit
from storage.database import one_transaction
from tests.acts import press
from tests.services.fairness.test_board import NOW, Floor, refused

WORDS = "The requester rejects what is right"
A_MINUTE_LESS = MINUTE - next(sweep.seconds for sweep in SWEEPS if sweep.name == "board") * SECOND
ANSWERS = "SELECT count(*) FROM submissions"


@pytest.fixture
def floor(database_url: str) -> Floor:
    return Floor(database_url, NOW, kind="text", options=())


def a_task_comes(floor: Floor) -> None:
    with one_transaction(floor.url, floor.now) as unit:
        submit.show_work(unit, unit.people.get(floor.house.workers[0]))


def post(floor: Floor, pen: str, petition: bool = False) -> None:
    floor.press(0, WritePost(board=floor.project, petition=petition, pen=pen))


def petition(floor: Floor, pen: str) -> None:
    post(floor, pen, petition=True)


def reply(floor: Floor, pen: str) -> None:
    other = floor.post(1, floor.project, floor.pen(1, floor.project), "Hello").post.id
    floor.press(0, ReplyToPost(post=other, pen=pen))


def contest(floor: Floor, pen: str) -> None:
    mine = floor.post(0, floor.project, pen, WORDS).post.id
    floor.on(floor.house.requester, lambda act: press(act, ModeratePost(post=mine, rule=2)))
    floor.press(0, ContestPost(post=mine, pen=pen))


@pytest.mark.parametrize("begin", [post, petition, reply, contest])
def test_after_the_hour_the_first_words_answer_no_task(floor: Floor, begin: Callable[[Floor, str], None]) -> None:
    pen = floor.pen(0, floor.project)
    begin(floor, pen)
    floor.now = later(floor.now, HOUR + MINUTE)
    floor.sweep()
    kept = "SELECT journey, data, updated_at FROM drafts"
    assert floor.rows(kept) == [("board lapsed", "{}", floor.now - floor.now % DAY)]
    floor.now = later(floor.now, MINUTE)
    a_task_comes(floor)
    assert floor.is_sound()
    assert isinstance(floor.type(0, WORDS), BoardWordsLate)
    assert floor.rows(ANSWERS) == [(0,)]
    assert isinstance(floor.type(0, "Really the answer"), Submitted)


def test_a_task_that_comes_meanwhile_takes_no_words(floor: Floor) -> None:
    pen = floor.pen(0, floor.project)
    post(floor, pen)
    floor.now = later(floor.now, MINUTE)
    a_task_comes(floor)
    assert refused(lambda: floor.type(0, "x" * (MAX_POST_CHARS + 1))) == "length"
    assert isinstance(floor.type(0, WORDS), BoardDraft)
    assert isinstance(floor.type(0, WORDS + "."), BoardDraft)  # written anew
    assert floor.rows(ANSWERS) == [(0,)]


def test_words_after_a_board_was_opened_answer_no_task_before_their_writer_says_so(floor: Floor) -> None:
    """A post that was typed without ✏️ Write became the answer that the requester reads."""
    a_task_comes(floor)
    floor.now = later(floor.now, MINUTE)
    floor.press(0, OpenBoard(board=floor.project))
    assert isinstance(floor.type(0, WORDS), BoardWordsUnasked)
    pen = floor.pen(0, floor.project)
    assert isinstance(floor.type(0, WORDS), BoardWordsUnasked)
    post(floor, pen)
    assert isinstance(floor.type(0, WORDS), BoardDraft)
    assert floor.rows(ANSWERS) == [(0,)]
    floor.press(0, SendPost(yes=True))
    assert isinstance(floor.type(0, "Hm"), BoardWordsUnasked)  # the board stands on the screen once more
    assert isinstance(floor.type(0, "Really the answer"), Submitted)
    floor.press(0, OpenBoard(board=floor.project))
    floor.now = later(floor.now, MINUTE)
    with one_transaction(floor.url, floor.now) as unit:
        submit.show_work(unit, unit.people.get(floor.house.workers[0]))
    floor.now = later(floor.now, HOUR + MINUTE)
    floor.sweep()
    assert floor.rows("SELECT count(*) FROM drafts") == [(0,)]


def test_what_lapsed_is_forgotten_after_two_days(floor: Floor) -> None:
    post(floor, floor.pen(0, floor.project))
    for hours, left in ((2, 1), (70, 0)):
        floor.now = later(floor.now, hours * HOUR)
        floor.sweep()
        assert floor.rows("SELECT count(*) FROM drafts") == [(left,)]


def test_refusals_of_the_board_go_with_its_letters(floor: Floor) -> None:
    with one_transaction(floor.url, floor.now) as unit:
        unit.outbox.tell(floor.house.workers[0], BoardRefused(why="daily", limit=3))
        unit.connection.changed("UPDATE outbox SET state = 'sent', ended_at = written_at, facts = '{}'")
    floor.now = later(floor.now, A_MINUTE_LESS)
    floor.sweep()
    assert floor.rows("SELECT count(*) FROM outbox WHERE screen LIKE '%Board%'") == [(0,)]


def test_a_minute_after_a_post_no_letter_holds_its_writers_number(floor: Floor) -> None:
    """The sweep comes every 20 seconds, so that the last one of the minute may come 40 seconds after the letters."""
    pen = floor.pen(0, floor.project)
    post(floor, pen)
    assert isinstance(floor.type(0, WORDS), BoardDraft)
    floor.press(0, SendPost(yes=True))
    letters = "SELECT count(*) FROM outbox WHERE screen LIKE 'fairness.Board%'"
    with one_transaction(floor.url, floor.now) as unit:
        unit.connection.changed(f"UPDATE outbox SET state = 'sent', ended_at = {floor.now}, facts = '{{}}'")
    assert floor.rows(letters)[0][0] >= 3
    floor.now = later(floor.now, A_MINUTE_LESS)
    floor.sweep()
    assert floor.rows(letters) == [(0,)]
