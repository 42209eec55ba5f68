"""A hidden post is contested by the holder of its pen, who stays unknown, and decided by another admin where there is
one; on both databases."""

from typing import Any

import pytest

from domain.fairness.board import (
    CONTEST_DAYS,
    HOUSE,
    BoardContested,
    BoardContestReasonWanted,
    BoardContestRuled,
    BoardContestToRule,
    BoardContestWanted,
    BoardPost,
    ContestState,
    EventKind,
    PetitionState,
    PostState,
)
from domain.moments import DAY, later
from domain.people.accounts import PersonId
from domain.refusals import BadInput, NotAllowed, OwnMatter
from handlers.fairness.board import (
    ContestPost,
    ModeratePost,
    OpenLog,
    ReportPost,
    RestorePost,
    ShowContest,
    ShowPost,
    SignPetition,
    UpholdHiding,
)
from handlers.fairness.petitions import AnswerPetition
from handlers.people.accounts import ShowDashboard
from services.act import Reply
from services.fairness import board
from services.work import inputs
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import REQUESTER
from tests.services.fairness.test_board import NOW, Floor, dump, refused, suspend

BOB, CARL = 901, 902
BOTH = frozenset({REQUESTER, BOB})
TEXT, REASON = "The pay of  line 2\nis too low", "It names a person who is not here."


class Staffed(Floor):
    """The first admin hides, the second one may decide."""

    def __init__(self, url: str, admins: frozenset[int] = BOTH) -> None:
        super().__init__(url, NOW)
        self.admins = admins
        with one_transaction(url, NOW) as unit:
            self.bob = unit.people.upsert(BOB, None, "Bob", "en", NOW).id

    def on(self, person: PersonId, do: Any) -> Any:
        with one_transaction(self.url, self.now) as unit:
            result = do(act_of(unit, person, self.admins, message=5))
        return result.message if isinstance(result, Reply) else result

    def admin(self, person: PersonId, payload: Any) -> Any:
        return self.on(person, lambda act: press(act, payload))

    def hidden(self, rule: int = 2, petition: bool = False, board: int = HOUSE, by: int = 0) -> tuple[int, str]:
        """A post of worker 0, and its pen."""
        pen = self.pen(0, board)
        post = int(self.post(0, board, pen, TEXT, petition).post.id)
        self.admin(PersonId(by or self.house.requester), ModeratePost(post=post, rule=rule))
        return post, pen

    def contest(self, post: int, pen: str) -> BoardContested:
        assert isinstance(self.press(0, ContestPost(post=post, pen=pen)), BoardContestWanted)
        noted = self.type(0, TEXT)
        assert isinstance(noted, BoardContested)
        return noted

    def log(self) -> list[EventKind]:
        """The oldest first."""
        return [each.kind for each in self.press(1, OpenLog(word="log")).lines][::-1]

    def seen(self, post: int, pen: str = "") -> BoardPost:
        found = self.press(1, ShowPost(post=post, page=0, pen=pen))
        assert isinstance(found, BoardPost)
        return found


@pytest.fixture
def floor(database_url: str) -> Staffed:
    return Staffed(database_url)


def test_the_same_text_comes_back_and_another_admin_shows_it_again(floor: Staffed) -> None:
    post, pen = floor.hidden()
    floor.press(0, ContestPost(post=post, pen=pen))
    assert refused(lambda: floor.type(0, "Something much worse")) == "words"
    noted = floor.type(0, TEXT)  # still asked for
    assert (noted.another, noted.silence) == (True, True)
    cards = floor.rows("SELECT person FROM outbox WHERE screen = :name", name=BoardContestToRule.stored_as)
    assert cards == [(floor.bob,)]
    for admin, waiting in ((floor.bob, (post,)), (floor.house.requester, ())):  # who hid it does not decide
        assert tuple(each.number for each in floor.admin(admin, ShowDashboard()).cases) == waiting
    assert floor.admin(floor.bob, ShowContest(post=post)).body == "The pay of line 2\nis too low"
    assert floor.seen(post).post.contest.state is ContestState.WAITING
    with pytest.raises(OwnMatter):
        floor.admin(floor.house.requester, RestorePost(post=post))
    ruled = floor.admin(floor.bob, RestorePost(post=post))
    assert isinstance(ruled, BoardContestRuled)
    tomb, again = floor.seen(post).post, floor.seen(ruled.again).post
    assert (tomb.state, tomb.body, tomb.contest.again) == (PostState.HIDDEN, "", ruled.again)
    assert (again.state, again.body, again.name, again.original) == (
        PostState.SHOWN,
        "The pay of line 2\nis too low",
        tomb.name,
        post,
    )
    assert floor.log() == [
        EventKind.POSTED,
        EventKind.HIDDEN,
        EventKind.CONTESTED,
        EventKind.POSTED,
        EventKind.RESTORED,
    ]
    assert refused(lambda: floor.admin(floor.bob, RestorePost(post=post))) == "decided"
    assert refused(lambda: floor.press(0, ContestPost(post=post, pen=pen))) == "contested"
    floor.sweep()
    assert floor.is_sound()


def test_whose_project_the_board_is_of_does_not_decide_where_another_can(database_url: str) -> None:
    floor = Staffed(database_url, BOTH | {CARL})
    with one_transaction(database_url, NOW) as unit:
        carl = unit.people.upsert(CARL, None, "Carl", "en", NOW).id
    post, pen = floor.hidden(board=floor.project, by=floor.bob)
    assert floor.contest(post, pen).another
    cards = floor.rows("SELECT person FROM outbox WHERE screen = :name", name=BoardContestToRule.stored_as)
    assert cards == [(carl,)]
    owner = floor.house.requester
    assert [tuple(each.number for each in floor.admin(who, ShowDashboard()).cases) for who in (owner, carl)] == [
        (),
        (post,),
    ]
    for payload in (ShowContest(post=post), RestorePost(post=post), UpholdHiding(post=post)):
        with pytest.raises(OwnMatter):
            floor.admin(owner, payload)
    assert isinstance(floor.admin(carl, RestorePost(post=post)), BoardContestRuled)


def test_an_upheld_contest_keeps_the_post_hidden_with_a_public_reason(floor: Staffed) -> None:
    post, pen = floor.hidden(1)
    assert not floor.contest(post, pen).silence
    assert isinstance(floor.admin(floor.bob, UpholdHiding(post=post)), BoardContestReasonWanted)
    with pytest.raises(BadInput):
        floor.on(floor.bob, lambda act: inputs.take_words(act, "no"))
    floor.on(floor.bob, lambda act: inputs.take_words(act, REASON))
    contest = floor.seen(post).post.contest
    assert (contest.state, contest.reason, contest.again) == (ContestState.UPHELD, REASON, None)
    line = floor.press(1, OpenLog(word="log")).lines[0]
    assert (line.kind, line.person) == (EventKind.UPHELD, floor.bob)
    assert floor.rows("SELECT body FROM board_contests") == [("",)]
    floor.sweep()
    assert floor.is_sound()


def test_only_the_pen_contests_and_only_an_admin_decides(floor: Staffed) -> None:
    post, pen = floor.hidden()
    other, shown = floor.pen(1, HOUSE), floor.post(2, HOUSE, floor.pen(2, HOUSE), "Hello").post.id
    for forged in (other, "", pen[::-1]):
        assert refused(lambda forged=forged: floor.press(1, ContestPost(post=post, pen=forged))) == "pen"
    for elsewhere in (shown, 99):
        assert refused(lambda post=elsewhere: floor.press(0, ContestPost(post=post, pen=pen))) == "gone"
    assert refused(lambda: floor.admin(floor.bob, RestorePost(post=post))) == "decided"  # nobody contests
    floor.now = later(floor.now, 40 * DAY)
    floor.contest(post, pen)  # the name is over, its posts are not
    for payload in (RestorePost(post=post), UpholdHiding(post=post)):
        with pytest.raises(NotAllowed):
            floor.press(0, payload)
    assert floor.seen(post).post.state is PostState.HIDDEN


def test_a_suspended_author_still_contests(floor: Staffed) -> None:
    post, pen = floor.hidden()
    suspend(floor, 0)
    floor.contest(post, pen)
    assert floor.seen(post).post.contest.state is ContestState.WAITING


def test_a_lone_admin_looks_again(database_url: str) -> None:
    floor = Staffed(database_url, frozenset({REQUESTER}))
    post, pen = floor.hidden()
    assert not floor.contest(post, pen).another
    assert isinstance(floor.admin(floor.house.requester, RestorePost(post=post)), BoardContestRuled)


@pytest.mark.parametrize(("rule", "shown"), [(1, False), (2, True), (3, True), (4, False)])
def test_silence_shows_it_again_unless_that_may_harm_others(floor: Staffed, rule: int, shown: bool) -> None:
    post, pen = floor.hidden(rule)
    floor.contest(post, pen)
    floor.now = later(floor.now, CONTEST_DAYS * DAY)
    floor.sweep(board.close_due_petitions)
    assert floor.log()[-1] is EventKind.CONTESTED
    floor.now = later(floor.now, DAY)
    floor.sweep(board.close_due_petitions)
    assert floor.log()[-1] is (EventKind.RESTORED if shown else EventKind.UNDECIDED)
    assert (floor.seen(post).post.contest.again is not None) is shown
    assert floor.rows("SELECT body FROM board_contests") == [("",)]
    floor.sweep()
    assert floor.is_sound()


def test_a_petition_goes_on_with_its_voices(floor: Staffed) -> None:
    post, pen = floor.hidden(petition=True)
    floor.contest(post, pen)
    again = floor.admin(floor.bob, RestorePost(post=post)).again
    petition = floor.seen(again).post.petition
    assert (petition.voices, petition.threshold) == (1, 3)
    for worker in (1, 2):
        floor.press(worker, SignPetition(post=again, pen=floor.pen(worker, HOUSE)))
    assert floor.seen(again).post.petition.voices == 3
    floor.sweep()
    assert floor.is_sound()


ASKED_FOR = """
SELECT count(*) FROM outbox WHERE person = :person AND screen = 'fairness.BoardPetitionToAnswer'"""


@pytest.mark.parametrize("decided", [True, False])
def test_a_hidden_petition_owes_no_answer_and_is_asked_anew_when_it_is_shown_again(
    floor: Staffed, decided: bool
) -> None:
    hider, pen = floor.house.requester, floor.pen(0, HOUSE)
    post = int(floor.post(0, HOUSE, pen, TEXT, petition=True).post.id)
    for worker in (1, 2):
        floor.press(worker, SignPetition(post=post, pen=floor.pen(worker, HOUSE)))
    floor.admin(floor.bob, AnswerPetition(post=post))
    floor.admin(hider, ModeratePost(post=post, rule=2))
    told = floor.rows("SELECT person FROM outbox WHERE screen = 'fairness.BoardPetitionTakenBack' ORDER BY person")
    assert told == [(each,) for each in sorted((hider, floor.bob))]
    assert refused(lambda: floor.admin(floor.bob, AnswerPetition(post=post))) == "gone"
    assert floor.seen(post).post.petition is None
    floor.now = later(floor.now, 9 * DAY)
    floor.sweep(lambda unit: board.close_due_petitions(unit, BOTH))
    assert EventKind.UNANSWERED not in floor.log()
    floor.contest(post, pen)
    if decided:
        again = floor.admin(floor.bob, RestorePost(post=post)).again
    else:
        floor.now = later(floor.now, (CONTEST_DAYS + 1) * DAY)
        floor.sweep(lambda unit: board.close_due_petitions(unit, BOTH))
        again = floor.seen(post).post.contest.again
    petition = floor.seen(again).post.petition
    assert (petition.voices, petition.state) == (3, PetitionState.ASKED)
    assert floor.rows(ASKED_FOR, person=floor.bob) == [(2,)]
    floor.now = later(floor.now, 9 * DAY)
    floor.sweep(lambda unit: board.close_due_petitions(unit, BOTH))
    assert floor.log()[-1] is EventKind.UNANSWERED  # nobody answered the second time either
    floor.sweep()
    assert floor.is_sound()


def test_a_petition_hidden_while_it_waited_by_an_earlier_version_ends_without_a_word(floor: Staffed) -> None:
    floor.hidden(petition=True)
    floor.sweep(lambda unit: unit.connection.changed("UPDATE board_petitions SET state = 'asked', due = 5"))
    floor.sweep(board.close_due_petitions)
    assert floor.rows("SELECT state, due FROM board_petitions") == [("lapsed", None)]
    assert EventKind.UNANSWERED not in floor.log()


def test_what_was_shown_again_can_be_reported_and_hidden_again(floor: Staffed) -> None:
    post, pen = floor.hidden()
    floor.contest(post, pen)
    again = floor.admin(floor.bob, RestorePost(post=post)).again
    floor.press(1, ReportPost(post=again))
    floor.admin(floor.bob, ModeratePost(post=again, rule=2))
    assert isinstance(floor.press(0, ContestPost(post=again, pen=pen)), BoardContestWanted)
    floor.sweep()
    assert floor.is_sound()


def test_nothing_stored_leads_from_a_contest_to_a_person(floor: Staffed) -> None:
    post, pen = floor.hidden()
    floor.contest(post, pen)
    floor.now = later(floor.now, 5 * 60_000)

    def sent(unit: UnitOfWork) -> None:
        unit.connection.changed("UPDATE outbox SET state = 'sent', ended_at = written_at, facts = '{}'")

    floor.sweep(sent)
    floor.sweep()
    kept = dump(floor)
    for secret in (pen, "is too low"):
        assert {table for table, row in kept if secret in row} <= {"board_contests"}, secret
    assert floor.rows("SELECT count(*) FROM drafts") == [(0,)]
    assert floor.rows("SELECT count(*) FROM outbox WHERE screen LIKE 'fairness.Board%' AND key IS NULL") == [(0,)]


def test_after_the_sweep_a_contest_shares_no_transaction_with_its_writer(postgresql_url: str) -> None:
    floor = Staffed(postgresql_url)
    floor.contest(*floor.hidden())
    written = "SELECT count(*) FROM {ours} p, {other} o WHERE p.xmin::text = o.xmin::text"
    assert floor.rows(written.format(ours="board_contests", other="outbox")) != [(0,)]
    floor.sweep()
    for ours in ("board_contests", "board_log"):
        for other in ("outbox", "board_readers", "people", "inbox", "drafts", "audit"):
            assert floor.rows(written.format(ours=ours, other=other)) == [(0,)], (ours, other)
