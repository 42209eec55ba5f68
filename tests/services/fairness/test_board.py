"""The board through its routes, on both databases: who reads and writes, pens, petitions, tombstones, the digest."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from domain.fairness.board import (
    HOUSE,
    MAX_POST_CHARS,
    MAX_POSTS_PER_DAY,
    BoardAnswerDraft,
    BoardContact,
    BoardDigest,
    BoardDraft,
    BoardList,
    BoardLog,
    BoardPage,
    BoardPen,
    BoardPenTaken,
    BoardPost,
    EventKind,
    PetitionState,
    PostId,
    PostState,
)
from domain.fairness.cases import CaseClosed
from domain.moments import DAY, HOUR, Moment, later
from domain.people.accounts import PersonId
from domain.refusals import BoardRefused, NotAllowed, OwnMatter, Suspended
from handlers.fairness.board import (
    AskForContact,
    GiveContact,
    ModeratePost,
    OpenBoard,
    OpenBoards,
    OpenLog,
    ReplyToPost,
    ReportPost,
    SendPost,
    ShowBoard,
    ShowBoards,
    ShowPost,
    SignPetition,
    TakePen,
    TakePostBack,
    WritePost,
)
from handlers.fairness.petitions import AnswerPetition, SendPetitionAnswer
from handlers.fairness.stops import SuspendPerson
from handlers.payload import Payload
from handlers.people.settings import ChangeSetting
from handlers.screen import render
from services.act import Act, Reply
from services.fairness import board
from services.money import ledger
from services.work import inputs, submit
from storage.database import one_transaction
from storage.drivers.records import pack, unpack
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import REQUESTER, House, furnish, settle_worker
from tests.letters import due_letters

ANSWERED = """
INSERT INTO enrolments (worker, project, consented_at, answered) VALUES (:worker, :project, 1, :answered)"""
NOW = Moment(1_800_000_000_000)  # the middle of a month
ADMINS = frozenset({REQUESTER})


def place(url: str) -> str:
    """Where a row lies in its table."""
    return "rowid" if url.startswith("sqlite") else "ctid"


class Floor:
    """A house whose workers have answered, one transaction an act."""

    def __init__(self, url: str, now: Moment, **shape: Any) -> None:
        self.url, self.now = url, now
        with one_transaction(url, now) as unit:
            self.house: House = furnish(unit, workers=6, tasks=9, **shape)
            for worker in self.house.workers[:5]:
                values = {"worker": worker, "project": self.house.project, "answered": 10}
                unit.connection.changed(ANSWERED, **values)

    def answered_lately(self, workers: Iterable[int]) -> None:
        """One answer each, of now."""
        with one_transaction(self.url, self.now) as unit:
            for worker in workers:
                person = unit.people.get(self.house.workers[worker])
                submit.show_work(unit, person)
                in_hand = unit.assignments.active_for(person.id)
                assert in_hand is not None
                submit.submit_answer(unit, person, in_hand.id, "0", None)

    @property
    def project(self) -> int:
        return int(self.house.project)

    def on(self, person: PersonId, do: Callable[[Act], object]) -> Any:
        with one_transaction(self.url, self.now) as unit:
            result = do(act_of(unit, person, ADMINS, message=5))
        return result.message if isinstance(result, Reply) else result

    def press(self, worker: int, payload: Payload) -> Any:
        return self.on(self.house.workers[worker], lambda act: press(act, payload))

    def type(self, worker: int, text: str) -> Any:
        return self.on(self.house.workers[worker], lambda act: inputs.take_words(act, text))

    def pen(self, worker: int, board: int) -> str:
        found = self.press(worker, TakePen(board=board))
        assert isinstance(found, BoardPen)
        return found.pen

    def post(self, worker: int, board: int, pen: str, text: str, petition: bool = False) -> BoardPost:
        self.press(worker, WritePost(board=board, petition=petition, pen=pen))
        assert isinstance(self.type(worker, text), BoardDraft)
        found = self.press(worker, SendPost(yes=True))
        assert isinstance(found, BoardPost)
        return found

    def sweep(self, do: Callable[[UnitOfWork], None] = board.run_board_sweep) -> None:
        with one_transaction(self.url, self.now) as unit:
            do(unit)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with one_transaction(self.url, self.now) as unit:
            return [tuple(row) for row in unit.connection.all(sql, **values)]

    def is_sound(self) -> bool:
        with one_transaction(self.url, self.now) as unit:
            return find_violations(unit) == []


@pytest.fixture
def floor(database_url: str) -> Floor:
    return Floor(database_url, NOW)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(BoardRefused) as found:
        do()
    return found.value.why


def test_a_project_s_board_is_open_to_those_who_answered_there(floor: Floor) -> None:
    lists = floor.press(0, OpenBoards())
    assert isinstance(lists, BoardList)
    assert [each.board for each in lists.boards] == [HOUSE, floor.project]
    assert isinstance(floor.press(0, OpenBoard(board=floor.project)), BoardPage)
    assert refused(lambda: floor.press(5, OpenBoard(board=floor.project))) == "members"
    assert refused(lambda: floor.press(0, OpenBoard(board=999))) == "members"
    straight = floor.press(5, OpenBoards())  # no project of theirs
    assert isinstance(straight, BoardPage)
    assert (straight.board, straight.missing) == (HOUSE, 10)


def test_who_has_a_task_in_hand_reads_and_does_not_write_yet(floor: Floor) -> None:
    floor.on(floor.house.workers[5], lambda act: submit.show_work(act.unit, act.person))
    found = floor.press(5, OpenBoard(board=floor.project))
    assert (found.missing, found.posts) == (1, ())
    assert refused(lambda: floor.press(5, TakePen(board=floor.project))) == "answers"


def test_a_post_is_written_shown_and_sent(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    sent = floor.post(0, HOUSE, pen, "Line 2 of the\ninstructions is wrong")
    assert sent.post.mine
    assert sent.post.body == "Line 2 of the\ninstructions is wrong"
    read = floor.press(1, OpenBoard(board=HOUSE))
    (seen,) = read.posts
    assert (seen.body, seen.new, seen.mine, seen.name) == (sent.post.body, True, False, sent.post.name)
    assert not floor.press(1, OpenBoard(board=HOUSE)).posts[0].new
    floor.sweep()
    assert floor.is_sound()


def test_nothing_stored_leads_from_a_post_to_a_person(floor: Floor) -> None:
    """Every value of every row is looked at: of the post's, none but small numbers and words stands in a row that
    names a person."""
    pen = floor.pen(0, HOUSE)
    other = floor.pen(1, HOUSE)
    floor.post(0, HOUSE, pen, "I was paid late")
    floor.now = later(floor.now, 5 * 60_000)
    with one_transaction(floor.url, floor.now) as unit:
        unit.connection.changed("UPDATE outbox SET state = 'sent', ended_at = written_at, facts = '{}'")
    floor.sweep()
    ((author, salt, digest),) = floor.rows("SELECT author, salt, digest FROM board_posts")
    kept = dump(floor)
    for secret in (pen, other, author, salt, digest, "I was paid late"):
        holders = {table for table, row in kept if secret in row}
        assert holders <= {"board_posts", "board_log"}, (secret, holders)
    assert floor.rows("SELECT count(*) FROM drafts") == [(0,)]
    assert floor.rows("SELECT count(*) FROM outbox WHERE screen LIKE 'fairness.Board%'") == [(0,)]
    assert floor.is_sound()


def dump(floor: Floor) -> list[tuple[str, str]]:
    tables = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
    }
    with one_transaction(floor.url, floor.now) as unit:
        names = [str(row[0]) for row in unit.connection.all(tables[unit.connection.dialect])]
        return [(name, repr(tuple(row))) for name in names for row in unit.connection.all(f"SELECT * FROM {name}")]


def test_after_the_sweep_a_post_shares_no_transaction_with_its_writer(postgresql_url: str) -> None:
    """PostgreSQL shows with each row which transaction wrote it."""
    floor = Floor(postgresql_url, NOW)
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "Hello", petition=True)
    written = "SELECT count(*) FROM board_posts p, {other} o WHERE p.xmin::text = o.xmin::text"
    assert floor.rows(written.format(other="outbox")) != [(0,)]
    floor.sweep()
    for other in ("outbox", "board_readers", "people", "inbox", "drafts", "audit"):
        assert floor.rows(written.format(other=other)) == [(0,)], other
        voices = written.replace("board_posts", "board_signatures")
        assert floor.rows(voices.format(other=other)) == [(0,)], other
        lines = written.replace("board_posts", "board_log")
        assert floor.rows(lines.format(other=other)) == [(0,)], other


def test_voices_do_not_lie_in_the_order_in_which_they_were_given(floor: Floor) -> None:
    number, _ = petition(floor, floor.project)
    for signer in "fbd":
        with one_transaction(floor.url, floor.now) as unit:
            unit.petitions.sign(PostId(number), signer, 1)
        floor.sweep()
    lie = [row[0] for row in floor.rows(f"SELECT signer FROM board_signatures ORDER BY {place(floor.url)}")]
    assert len(lie) == 4
    assert lie == sorted(lie)
    assert floor.rows("SELECT sum(settled) FROM board_signatures") == [(4,)]


def test_who_wrote_all_posts_of_a_day_can_still_sign(floor: Floor) -> None:
    number, pens = petition(floor, floor.project)
    for _ in range(MAX_POSTS_PER_DAY):
        floor.post(1, floor.project, pens[1], "One more.")
    assert floor.press(1, SignPetition(post=number, pen=pens[1])).post.petition.voices == 2


def test_a_pen_is_given_once_a_month_and_writes_for_that_month(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    assert isinstance(floor.press(0, TakePen(board=HOUSE)), BoardPenTaken)
    house, project = floor.press(0, ShowBoard(board=HOUSE, page=0, pen=pen)), floor.pen(0, floor.project)
    here = floor.press(0, ShowBoard(board=floor.project, page=0, pen=project))
    assert house.name
    assert here.name
    assert house.name != here.name
    assert refused(lambda: floor.press(0, WritePost(board=floor.project, petition=False, pen=pen))) == "pen"
    assert refused(lambda: floor.press(0, WritePost(board=HOUSE, petition=False, pen=""))) == "pen"
    mine = floor.post(0, HOUSE, pen, "Hello")
    floor.now = later(floor.now, 31 * DAY)
    assert refused(lambda: floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))) == "pen"
    assert floor.pen(0, HOUSE) != pen
    floor.press(0, TakePostBack(post=mine.post.id, sure=True, pen=pen))  # an old pen still takes back
    assert floor.press(0, OpenBoard(board=HOUSE)).posts[0].state is PostState.WITHDRAWN


def test_posts_a_day_and_their_length_have_a_limit(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    assert refused(lambda: floor.type(0, "x" * (MAX_POST_CHARS + 1))) == "length"
    for number in range(MAX_POSTS_PER_DAY):
        floor.post(0, HOUSE, pen, f"post {number}")
    assert refused(lambda: floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))) == "daily"
    floor.now = later(floor.now, DAY)
    floor.post(0, HOUSE, pen, "the next day")


def test_a_draft_that_is_dropped_or_left_for_an_hour_is_gone(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    floor.type(0, "Never sent")
    floor.press(0, SendPost(yes=False))
    assert refused(lambda: floor.press(0, SendPost(yes=True))) == "drafted"
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    floor.type(0, "Left behind")
    floor.now = later(floor.now, HOUR + 1)
    floor.sweep()
    assert floor.rows("SELECT journey, data FROM drafts") == [("board lapsed", "{}")]  # neither pen nor text
    assert refused(lambda: floor.press(0, SendPost(yes=True))) == "drafted"
    assert floor.rows("SELECT count(*) FROM board_posts") == [(0,)]


def test_replies_stand_below_their_post(floor: Floor) -> None:
    first = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Who else?").post.id
    pen = floor.pen(1, HOUSE)
    for text in ("Me", "Me, too"):
        floor.press(1, ReplyToPost(post=first, pen=pen))
        floor.type(1, text)
        thread = floor.press(1, SendPost(yes=True))
    assert [each.body for each in thread.replies] == ["Me", "Me, too"]
    floor.press(0, ReplyToPost(post=thread.replies[0].id, pen=pen))  # a reply to a reply is one to its post
    floor.type(0, "Three of us")
    assert floor.press(0, SendPost(yes=True)).post.id == first
    assert floor.press(2, ShowPost(post=first, page=0, pen="")).post.replies == 3


def test_hiding_leaves_a_tombstone_that_all_can_read(floor: Floor) -> None:
    post = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Call Ann at 555").post.id
    (digest,) = floor.rows("SELECT digest FROM board_posts")[0]
    floor.press(1, ReportPost(post=post))
    floor.press(2, ReportPost(post=post))
    admin = floor.house.requester
    asked = floor.rows("SELECT person FROM outbox WHERE screen = 'fairness.BoardPostToModerate'")
    assert asked == [(admin,)]
    with pytest.raises(NotAllowed):
        floor.press(1, ModeratePost(post=post, rule=1))
    floor.on(admin, lambda act: press(act, ModeratePost(post=post, rule=1)))
    assert floor.on(admin, lambda act: press(act, ModeratePost(post=post, rule=2))).gone
    (shown,) = floor.press(3, OpenBoard(board=HOUSE)).posts
    assert (shown.state, shown.rule, shown.body) == (PostState.HIDDEN, 1, "")
    log = floor.press(3, OpenLog(word="log"))
    assert isinstance(log, BoardLog)
    line = log.lines[0]
    assert (line.kind, line.post, line.person, line.rule, line.digest) == (EventKind.HIDDEN, post, admin, 1, digest)
    floor.sweep()
    assert all(len(each.head) == 64 for each in floor.press(3, OpenLog(word="log")).lines)
    assert floor.is_sound()


def test_a_reported_post_that_an_admin_leaves_is_in_the_audit_log(floor: Floor) -> None:
    post = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Call Ann at 555").post.id
    floor.press(1, ReportPost(post=post))
    admin = floor.house.requester
    assert not floor.on(admin, lambda act: press(act, ModeratePost(post=post, rule=0))).decided
    for rule in (0, 1):
        again = floor.on(admin, lambda act, rule=rule: press(act, ModeratePost(post=post, rule=rule)))
        assert (again.decided, again.gone) == (True, False)
    noted = floor.rows("SELECT actor, action FROM audit WHERE subject = :post ORDER BY id", post=f"post:{post}")
    assert noted == [(admin, "left")]
    assert floor.rows("SELECT state FROM board_posts") == [("shown",)]
    floor.press(2, ReportPost(post=post))
    assert floor.rows("SELECT state FROM board_reports") == [("left",)]


def test_two_admins_who_decide_at_once_decide_once(floor: Floor) -> None:
    pen, both = floor.pen(0, HOUSE), ADMINS | {901}
    posts = [floor.post(0, HOUSE, pen, text).post.id for text in ("Call Ann at 555", "Call Ben at 556")]
    with one_transaction(floor.url, floor.now) as unit:
        bob = unit.people.upsert(901, None, "Bob", "en", floor.now).id
    for post, first, second in ((posts[0], 0, 3), (posts[1], 3, 0)):
        floor.press(1, ReportPost(post=post))
        for admin, rule in ((floor.house.requester, first), (bob, second)):
            with one_transaction(floor.url, floor.now) as unit:
                press(act_of(unit, admin, both), ModeratePost(post=post, rule=rule))
    noted = floor.rows("SELECT actor, action, subject FROM audit WHERE subject LIKE 'post:%' ORDER BY id")
    ann = floor.house.requester
    assert noted == [(ann, "left", f"post:{posts[0]}"), (ann, "hidden", f"post:{posts[1]}")]
    assert floor.rows("SELECT state FROM board_posts ORDER BY id") == [("shown",), ("hidden",)]
    assert floor.rows("SELECT post FROM board_log WHERE kind = 'hidden'") == [(posts[1],)]
    assert floor.is_sound()


def test_a_reported_post_that_its_writer_takes_back_waits_for_nobody(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "Call Ann at 555").post.id
    floor.press(1, ReportPost(post=post))
    admin = floor.house.requester
    floor.sweep(lambda unit: unit.live_messages.keep(admin, f"case:post:{post}:asked", 70))
    floor.press(0, TakePostBack(post=post, sure=True, pen=pen))
    with one_transaction(floor.url, floor.now) as unit:
        (closed,) = [each for each in due_letters(unit, 999) if each.screen == CaseClosed.stored_as]
        assert (closed.person, closed.facts["what"], closed.facts["end"]) == (admin, f"#{post}", "taken back")
    assert floor.on(admin, lambda act: press(act, ModeratePost(post=post, rule=1))).gone
    assert floor.rows("SELECT state FROM board_reports") == [("withdrawn",)]


def test_after_the_sweep_a_report_shares_no_transaction_with_its_reporter(postgresql_url: str) -> None:
    floor = Floor(postgresql_url, NOW)
    post = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Call Ann at 555").post.id
    floor.sweep()
    floor.press(1, ReportPost(post=post))
    written = "SELECT count(*) FROM board_reports p, {other} o WHERE p.xmin::text = o.xmin::text"
    assert floor.rows(written.format(other="outbox")) != [(0,)]
    floor.sweep()
    for other in ("outbox", "board_readers", "people", "inbox", "drafts", "audit"):
        assert floor.rows(written.format(other=other)) == [(0,)], other


def test_another_admin_than_its_requester_decides_about_a_project_s_board(floor: Floor) -> None:
    post = floor.post(0, floor.project, floor.pen(0, floor.project), "This requester pays late").post.id
    both = ADMINS | {901}
    with one_transaction(floor.url, floor.now) as unit:
        bob = unit.people.upsert(901, None, "Bob", "en", floor.now).id
        press(act_of(unit, floor.house.workers[1], both), ReportPost(post=post))
        with pytest.raises(OwnMatter):
            press(act_of(unit, floor.house.requester, both), ModeratePost(post=post, rule=2))
    assert floor.rows("SELECT person FROM outbox WHERE screen = 'fairness.BoardPostToModerate'") == [(bob,)]
    with one_transaction(floor.url, floor.now) as unit:
        unit.live_messages.keep(bob, f"case:post:{post}:asked", 70)
        press(act_of(unit, bob, both), ModeratePost(post=post, rule=2))
        (closed,) = [each for each in due_letters(unit, 999) if each.screen == CaseClosed.stored_as]
        assert (closed.person, closed.facts["what"], closed.facts["end"]) == (bob, f"#{post}", "hidden")
    assert floor.rows("SELECT state FROM board_posts") == [("hidden",)]


def test_an_author_takes_their_own_back_and_nobody_else_does(floor: Floor) -> None:
    pen, other = floor.pen(0, HOUSE), floor.pen(1, HOUSE)
    post = floor.post(0, HOUSE, pen, "I regret this").post.id
    assert refused(lambda: floor.press(1, TakePostBack(post=post, sure=True, pen=other))) == "pen"
    floor.press(0, TakePostBack(post=post, sure=False, pen=pen))
    assert floor.rows("SELECT state FROM board_posts") == [("shown",)]
    floor.press(0, TakePostBack(post=post, sure=True, pen=pen))
    assert floor.rows("SELECT state, body, salt FROM board_posts") == [("withdrawn", "", "")]
    assert refused(lambda: floor.press(0, TakePostBack(post=post, sure=True, pen=pen))) == "gone"
    assert floor.press(1, OpenLog(word="log")).lines[0].kind is EventKind.WITHDRAWN
    floor.sweep()
    assert floor.is_sound()


def edited(floor: Floor, worker: int, payload: Payload) -> list[Any]:
    """The letters that edit a message, among those that this press sends."""
    last = floor.rows("SELECT COALESCE(MAX(id), 0) FROM outbox")[0][0]
    floor.press(worker, payload)
    sent = floor.rows("SELECT edits FROM outbox WHERE id > :last", last=last)
    assert len(sent) == 1
    return [row[0] for row in sent if row[0] is not None]


def test_no_button_beside_a_pen_edits_its_message(floor: Floor) -> None:
    pen, other = floor.pen(0, HOUSE), floor.pen(1, HOUSE)
    post = floor.post(0, HOUSE, pen, "Pay 10 cents", petition=True).post.id
    for payload in (
        ShowBoards(),  # below a page with a pen, too, and in chats since before this rule
        ShowBoard(board=HOUSE, page=0, pen=other),
        ShowPost(post=post, page=0, pen=other),
        SignPetition(post=post, pen=other),
    ):
        assert edited(floor, 1, payload) == [], payload
    for payload in (TakePostBack(post=post, sure=False, pen=pen), TakePostBack(post=post, sure=True, pen=pen)):
        assert edited(floor, 0, payload) == [], payload
    for payload in (ShowBoard(board=HOUSE, page=0, pen=""), ShowPost(post=post, page=0, pen="")):
        assert edited(floor, 1, payload) == [5], payload  # a reader's pages are turned in place


def suspend(floor: Floor, worker: int) -> None:
    floor.on(floor.house.requester, lambda act: press(act, SuspendPerson(person=floor.house.workers[worker])))
    floor.on(floor.house.requester, lambda act: inputs.take_words(act, "Sold accounts to other people."))


def test_a_suspended_author_still_takes_their_own_back(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "I regret this").post.id
    suspend(floor, 0)
    for payload in (
        OpenBoards(),
        ShowBoard(board=HOUSE, page=0, pen=""),
        ShowPost(post=post, page=0, pen=pen[::-1]),
        WritePost(board=HOUSE, petition=False, pen=pen),
    ):
        with pytest.raises(Suspended):
            floor.press(0, payload)
    assert floor.press(0, ShowBoard(board=HOUSE, page=0, pen=pen)).posts[0].mine  # the way from the pen's message
    assert floor.press(0, ShowPost(post=post, page=0, pen=pen)).post.mine
    floor.press(0, TakePostBack(post=post, sure=False, pen=pen))
    floor.press(0, TakePostBack(post=post, sure=True, pen=pen))
    assert floor.rows("SELECT state FROM board_posts") == [("withdrawn",)]


def petition(floor: Floor, board: int) -> tuple[int, dict[int, str]]:
    """A petition of worker 0 and the pens of the first four."""
    pens = {worker: floor.pen(worker, board) for worker in range(4)}
    return int(floor.post(0, board, pens[0], "Pay 10 cents", petition=True).post.id), pens


def answer(floor: Floor, person: PersonId, post: int, text: str) -> None:
    """Typed, shown, sent."""
    assert isinstance(floor.on(person, lambda act: inputs.take_words(act, text)), BoardAnswerDraft)
    assert floor.rows("SELECT answer FROM board_petitions") == [(None,)]
    floor.on(person, lambda act: press(act, SendPetitionAnswer(post=post, yes=True)))


def test_who_may_not_sign_or_write_sees_no_button_for_it(floor: Floor) -> None:
    """Its press was refused: too few answers, or a pen of an earlier month."""
    post, pens = petition(floor, floor.project)

    def offered(worker: int, pen: str) -> set[str]:
        shown = floor.press(worker, ShowPost(post=post, page=0, pen=pen))
        keys = (button.text for row in render(shown.stored_as, unpack(pack(shown)), "en").keyboard for button in row)
        return {text for text in keys if text[0] in "✍↪🪶"}

    assert offered(1, pens[1]) == {"✍️ Sign", "↪️ Reply"}
    assert offered(3, "") == {"🪶 I want to write"}
    floor.on(floor.house.workers[5], lambda act: submit.show_work(act.unit, act.person))
    assert offered(5, "") == set()
    floor.now = later(floor.now, 40 * DAY)
    assert offered(1, pens[1]) == {"🪶 I want to write"}
    assert refused(lambda: floor.press(1, SignPetition(post=post, pen=pens[1]))) == "pen"


def test_the_message_of_a_pen_is_found_by_the_hashtag_of_its_month(floor: Floor) -> None:
    """“Search 🪶 in this chat” found nothing."""
    shown = [floor.press(0, TakePen(board=HOUSE)) for _ in range(2)]
    assert [type(each) for each in shown] == [BoardPen, BoardPenTaken]
    for each in shown:
        assert "#pen202701" in render(each.stored_as, unpack(pack(each)), "fr").text


def test_a_signed_petition_is_answered_by_the_requester_and_the_answer_stays(floor: Floor) -> None:
    post, pens = petition(floor, floor.project)
    for worker in (1, 1):  # the second press counts nothing
        found = floor.press(worker, SignPetition(post=post, pen=pens[worker]))
    assert (found.post.petition.voices, found.post.petition.threshold) == (2, 3)
    assert floor.rows("SELECT count(*) FROM outbox WHERE screen = 'fairness.BoardPetitionToAnswer'") == [(0,)]
    assert refused(lambda: floor.press(1, AnswerPetition(post=post))) == "gone"
    found = floor.press(2, SignPetition(post=post, pen=pens[2]))
    assert found.post.petition.state is PetitionState.ASKED
    assert refused(lambda: floor.press(3, SignPetition(post=post, pen=pens[3]))) == "closed"
    requester = floor.house.requester
    told = floor.rows("SELECT person FROM outbox WHERE screen = 'fairness.BoardPetitionToAnswer'")
    assert told == [(requester,)]
    floor.on(requester, lambda act: press(act, AnswerPetition(post=post)))
    answer(floor, requester, post, "From Monday on")
    assert refused(lambda: floor.on(requester, lambda act: press(act, AnswerPetition(post=post)))) == "closed"
    shown = floor.press(1, ShowPost(post=post, page=0, pen="")).post.petition
    assert (shown.answer, shown.state) == ("From Monday on", PetitionState.ANSWERED)
    floor.sweep()
    assert floor.is_sound()


def test_a_petition_that_was_taken_back_after_it_was_sent_is_not_unanswered(floor: Floor) -> None:
    requester = floor.house.requester
    post, pens = petition(floor, floor.project)
    for worker in (1, 2):
        floor.press(worker, SignPetition(post=post, pen=pens[worker]))
    floor.on(requester, lambda act: press(act, AnswerPetition(post=post)))
    floor.press(0, TakePostBack(post=post, sure=True, pen=pens[0]))
    told = floor.rows("SELECT person FROM outbox WHERE screen = 'fairness.BoardPetitionTakenBack'")
    assert told == [(requester,)]
    assert refused(lambda: floor.on(requester, lambda act: press(act, AnswerPetition(post=post)))) == "gone"
    floor.now = later(floor.now, 60 * DAY)
    floor.sweep(board.close_due_petitions)
    (shown,) = floor.press(1, OpenBoard(board=floor.project)).posts
    assert (shown.state, shown.petition) == (PostState.WITHDRAWN, None)
    assert [kind for (kind,) in floor.rows("SELECT kind FROM board_log ORDER BY position")] == [
        "posted",
        "reached",
        "withdrawn",
    ]
    assert floor.is_sound()


def test_a_petition_of_before_that_runs_on_though_taken_back_ends_without_a_word(floor: Floor) -> None:
    post, pens = petition(floor, HOUSE)
    floor.press(0, TakePostBack(post=post, sure=True, pen=pens[0]))
    assert floor.rows("SELECT screen FROM outbox WHERE screen = 'fairness.BoardPetitionTakenBack'") == []
    floor.sweep(lambda unit: unit.connection.changed("UPDATE board_petitions SET state = 'asked', due = 5"))
    floor.sweep(board.close_due_petitions)
    assert floor.rows("SELECT state, due FROM board_petitions") == [("lapsed", None)]
    assert floor.rows("SELECT kind FROM board_log WHERE kind = 'unanswered'") == []


def test_silence_stays_and_a_late_answer_is_called_late(floor: Floor) -> None:
    post, pens = petition(floor, HOUSE)
    for worker in (1, 2):
        floor.press(worker, SignPetition(post=post, pen=pens[worker]))
    floor.now = later(floor.now, 7 * DAY)
    floor.sweep(board.close_due_petitions)
    assert floor.rows("SELECT state FROM board_petitions") == [("asked",)]
    floor.now = later(floor.now, DAY)
    floor.sweep(board.close_due_petitions)
    assert floor.rows("SELECT state FROM board_petitions") == [("unanswered",)]
    admin = floor.house.requester
    floor.on(admin, lambda act: press(act, AnswerPetition(post=post)))
    answer(floor, admin, post, "Sorry")
    assert floor.rows("SELECT state, answer FROM board_petitions") == [("unanswered", "Sorry")]
    kinds = [each.kind for each in floor.press(1, OpenLog(word="log")).lines]
    assert kinds == [EventKind.ANSWERED, EventKind.UNANSWERED, EventKind.REACHED, EventKind.POSTED]
    floor.sweep()
    assert floor.is_sound()


def test_too_few_voices_in_time_end_a_petition(floor: Floor) -> None:
    post, pens = petition(floor, HOUSE)
    assert refused(lambda: floor.press(0, WritePost(board=HOUSE, petition=True, pen=pens[0]))) == "petitions"
    floor.now = later(floor.now, 31 * DAY)
    floor.sweep(board.close_due_petitions)
    assert floor.rows("SELECT state FROM board_petitions") == [("lapsed",)]
    fresh = floor.pen(1, HOUSE)
    assert refused(lambda: floor.press(1, SignPetition(post=post, pen=fresh))) == "closed"


def test_one_person_counts_once_though_the_month_has_changed(floor: Floor) -> None:
    post, pens = petition(floor, HOUSE)
    floor.press(1, SignPetition(post=post, pen=pens[1]))
    while floor.rows("SELECT state FROM board_petitions") == [("open",)]:
        floor.now = later(floor.now, DAY)
        found = floor.press(1, TakePen(board=HOUSE))
        if isinstance(found, BoardPen):
            break
    shown = floor.press(1, SignPetition(post=post, pen=found.pen)).post.petition
    assert (shown.voices, shown.signed) == (2, True)
    assert floor.rows("SELECT count(*) FROM board_signatures") == [(3,)]


def test_the_digest_comes_once_a_day_at_the_chosen_hour_and_only_with_news(floor: Floor) -> None:
    floor.press(1, OpenBoard(board=HOUSE))
    floor.press(1, ChangeSetting(what="board", value="18"))
    pen = floor.pen(0, HOUSE)
    due = digest_due(floor)
    floor.sweep(board.send_digests)
    assert digests(floor) == []
    floor.post(0, HOUSE, pen, "News")
    floor.now = due
    floor.sweep(board.send_digests)
    floor.sweep(board.send_digests)
    assert digests(floor) == [floor.house.workers[1]]
    assert digest_due(floor) - due in (23 * HOUR, DAY, 25 * HOUR)
    floor.press(1, OpenBoard(board=HOUSE))
    floor.now = digest_due(floor)
    floor.sweep(board.send_digests)
    assert len(digests(floor)) == 1
    floor.press(1, ChangeSetting(what="board", value="24"))
    assert floor.rows("SELECT board_hour, digest_at FROM preferences") == [(-1, 0)]


@pytest.mark.parametrize("away", ["paused = 1", "suspended = 1", "reachable = 0"])
def test_no_digest_comes_to_who_is_paused_suspended_or_out_of_reach(floor: Floor, away: str) -> None:
    reader = floor.house.workers[1]
    floor.press(1, OpenBoard(board=HOUSE))
    floor.press(1, ChangeSetting(what="board", value="18"))
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "News")
    with one_transaction(floor.url, floor.now) as unit:
        unit.connection.changed(f"UPDATE people SET {away} WHERE id = :id", id=reader)
    floor.now = due = digest_due(floor)
    floor.sweep(board.send_digests)
    assert digests(floor) == []
    assert digest_due(floor) > due  # it is looked at once a day, not with every sweep


def digest_due(floor: Floor) -> Moment:
    return Moment(floor.rows("SELECT digest_at FROM preferences")[0][0])


def digests(floor: Floor) -> list[int]:
    name = BoardDigest.stored_as
    return [row[0] for row in floor.rows("SELECT person FROM outbox WHERE screen = :name", name=name)]


def test_a_head_of_the_log_joins_the_ledger_s_daily_head(floor: Floor) -> None:
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "Hello")
    floor.sweep(ledger.seal_recent)
    floor.sweep()
    assert floor.rows("SELECT count(*) FROM board_heads") == [(0,)]
    floor.now = later(floor.now, DAY)
    floor.sweep(ledger.seal_recent)
    floor.sweep()
    floor.sweep()
    assert floor.rows("SELECT h.day, b.position FROM board_heads b JOIN chain_heads h ON h.day = b.day") != []
    assert floor.rows("SELECT count(*) FROM board_heads") == [(1,)]
    assert floor.is_sound()


def test_erasure_takes_what_was_read_and_leaves_the_posts(floor: Floor) -> None:
    post = floor.post(0, HOUSE, floor.pen(0, HOUSE), "Hello").post.id
    with one_transaction(floor.url, floor.now) as unit:
        unit.erasure.erase(unit.people.get(floor.house.workers[0]))
    assert floor.rows("SELECT count(*) FROM board_readers") == [(0,)]
    assert floor.press(1, ShowPost(post=post, page=0, pen="")).post.body == "Hello"


def test_a_newcomer_reads_the_house_s_board(floor: Floor) -> None:
    with one_transaction(floor.url, floor.now) as unit:
        newcomer = settle_worker(unit, 77).id
    found = floor.on(newcomer, lambda act: press(replace(act, message=None), OpenBoards()))
    assert isinstance(found, BoardPage)


def test_two_who_both_want_it_exchange_names_and_nothing_of_it_stays(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "Who is in Lyon?").post.id
    floor.press(1, AskForContact(post=post))
    floor.press(1, AskForContact(post=post))
    assert floor.press(2, ShowPost(post=post, page=0, pen="")).post.wishes == 0
    assert floor.press(0, ShowPost(post=post, page=0, pen=pen)).post.wishes == 1
    assert refused(lambda: floor.press(2, GiveContact(post=post, pen=floor.pen(2, HOUSE)))) == "pen"
    found = floor.press(0, GiveContact(post=post, pen=pen))
    assert found == BoardContact(post, "worker1")
    told = floor.rows("SELECT person, facts FROM outbox WHERE screen = 'fairness.BoardContact' ORDER BY id")
    assert [(person, "worker0" in facts) for person, facts in told] == [
        (floor.house.workers[1], True),
        (floor.house.workers[0], False),
    ]
    assert floor.rows("SELECT count(*) FROM board_wishes") == [(0,)]
    assert refused(lambda: floor.press(0, GiveContact(post=post, pen=pen))) == "wished"


def test_no_contact_is_passed_on_for_who_switched_it_off_or_asked_long_ago(floor: Floor) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "Who is in Lyon?").post.id
    floor.press(1, AskForContact(post=post))
    floor.press(1, ChangeSetting(what="contacts", value="0"))
    assert refused(lambda: floor.press(1, AskForContact(post=post))) == "contacts"
    assert refused(lambda: floor.press(0, GiveContact(post=post, pen=pen))) == "wished"
    assert floor.rows("SELECT count(*) FROM outbox WHERE screen = 'fairness.BoardContact'") == [(0,)]
    floor.press(2, AskForContact(post=post))
    floor.now = later(floor.now, 15 * DAY)
    floor.sweep()
    assert floor.press(0, ShowPost(post=post, page=0, pen=pen)).post.wishes == 0


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM board_posts",
        "UPDATE board_posts SET body = 'other'",
        "UPDATE board_posts SET author = 'b'",
        "DELETE FROM board_log",
        "UPDATE board_log SET rule = 2",
        "UPDATE board_log SET hash = NULL",
    ],
)
def test_the_database_refuses_to_rewrite_the_board(floor: Floor, statement: str) -> None:
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "Hello")
    floor.sweep()
    with pytest.raises(Exception, match="append-only"), one_transaction(floor.url, floor.now) as unit:
        unit.connection.changed(statement)
