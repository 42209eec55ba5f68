"""The boards in a Telegram group, on both databases: what goes there and when, what is changed, and what ends it."""

import pytest

from domain.fairness.board import (
    HOUSE,
    BoardDraft,
    BoardPost,
    BoardTakeBackQuestion,
    PostState,
)
from domain.fairness.board_mirror import (
    BoardMirror,
    BoardMirrorRefused,
    MirrorState,
    MirrorTrouble,
    read_place,
)
from domain.moments import DAY, HOUR, later
from domain.refusals import BoardRefused, NotAllowed
from handlers.fairness.board import (
    ModeratePost,
    OpenBoard,
    SendPost,
    TakePostBack,
    WritePost,
)
from handlers.fairness.board_mirror import EndMirror, MirrorAgain, OpenMirror
from services.fairness import board_mirror
from services.fairness.board_mirror import Step, StepKind
from storage.unit import UnitOfWork
from tests.acts import press
from tests.services.fairness.test_board import ADMINS, NOW, Floor

GROUP, OTHER = -1001234567890, -1009876543210


class Group:
    """Telegram's side: each step is done and written down."""

    def __init__(self, floor: Floor) -> None:
        self.floor, self.messages, self.done = floor, 100, list[Step]()

    def next(self) -> Step | None:
        found: list[Step | None] = []
        self.floor.sweep(lambda unit: found.append(board_mirror.next_step(unit)))
        return found[0]

    def work(self) -> list[Step]:
        """All that is to be done now."""
        before = len(self.done)
        while (step := self.next()) is not None:
            self.floor.sweep(lambda unit, step=step: self._do(unit, step))  # type: ignore[misc]  # a default binds it
            self.done.append(step)
        return self.done[before:]

    def _do(self, unit: UnitOfWork, step: Step) -> None:
        self.messages += 1
        if step.kind is StepKind.LOOK:
            number = OTHER if step.place == "@other" else GROUP
            board_mirror.store_topic(unit, step, number, self.messages)
            board_mirror.begin_mirror(unit, step, number, "Team", ADMINS)  # both groups have this title
        elif step.kind is StepKind.TOPIC:
            board_mirror.store_topic(unit, step, step.chat, self.messages)
        else:
            board_mirror.store_message(unit, step, step.message or self.messages)

    def is_refused(self, trouble: MirrorTrouble) -> None:
        step = self.next()
        assert step is not None
        self.floor.sweep(lambda unit: board_mirror.handle_refusal(unit, step, trouble, ADMINS))


def admin(floor: Floor, *words: str) -> BoardMirror:
    told = floor.on(floor.house.requester, lambda act: press(act, OpenMirror(word="mirror", place=" ".join(words))))
    assert isinstance(told, BoardMirror)
    return told


@pytest.fixture
def floor(database_url: str) -> Floor:
    return Floor(database_url, NOW)


@pytest.fixture
def group(floor: Floor) -> Group:
    """Named and found."""
    assert admin(floor, "@team").state is MirrorState.NAMED
    made = Group(floor)
    assert [step.kind for step in made.work()] == [StepKind.LOOK]
    return made


def a_day_later(floor: Floor) -> None:
    floor.now = later(floor.now, DAY)
    floor.sweep()


def bodies(steps: list[Step]) -> list[str]:
    return [step.shows.post.body for step in steps if step.shows is not None and step.kind is not StepKind.TOPIC]


@pytest.mark.parametrize(
    ("word", "place"),
    [
        *(("@Our_Team", "@Our_Team"), ("https://t.me/our_team", "@our_team"), ("t.me/our_team/7/12", "@our_team")),
        *(("https://t.me/c/1234567890/5", "-1001234567890"), ("-1001234567890", "-1001234567890")),
        *(
            ("-12", None),
            ("5", None),
            ("https://example.org/c/1234567890", None),
            ("t.me/+abcdef", None),
            ("@a b", None),
        ),
    ],
)
def test_a_group_is_named_by_its_name_or_a_link(word: str, place: str | None) -> None:
    assert read_place(word) == place


def test_posts_reach_the_group_after_their_day_with_replies_last(floor: Floor, group: Group) -> None:
    house, project = floor.pen(0, HOUSE), floor.pen(1, floor.project)
    texts = [f"Post {number}" for number in range(5)]
    for text in texts:
        floor.post(0, HOUSE, house, text)
    floor.post(1, floor.project, project, "Of the project")
    floor.sweep()
    assert group.work() == []  # the group's clock would tell the hour
    a_day_later(floor)
    steps = group.work()
    sent = [step for step in steps if step.kind is StepKind.SEND]
    assert sorted(bodies(sent)) == sorted([*texts, "Of the project"])
    digests = [step.shows.digest for step in sent if step.shows]
    assert digests == sorted(digests)  # not the order in which they were written
    assert [step.board for step in steps if step.kind is StepKind.TOPIC] == [floor.project]
    assert {step.chat for step in steps} == {GROUP}
    assert len({step.thread for step in sent}) == 2
    assert group.work() == []
    assert floor.is_sound()


def test_hidden_and_withdrawn_posts_are_edited_in_the_group_at_once(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    kept, gone, early = (floor.post(0, HOUSE, pen, text).post.id for text in ("Insult", "Mine", "At once"))
    early_question = floor.press(0, TakePostBack(post=early, sure=False, pen=pen))
    floor.press(0, TakePostBack(post=early, sure=True, pen=pen))
    a_day_later(floor)
    assert sorted(bodies(group.work())) == ["Insult", "Mine"]
    question = floor.press(0, TakePostBack(post=gone, sure=False, pen=pen))  # says that the group sees the minute
    assert isinstance(early_question, BoardTakeBackQuestion)
    assert isinstance(question, BoardTakeBackQuestion)
    assert (early_question.mirrored, question.mirrored) == (False, True)
    floor.press(0, TakePostBack(post=gone, sure=True, pen=pen))
    (step,) = group.work()
    assert step.shows is not None
    assert (step.kind, step.shows.post.state, step.shows.post.body) == (StepKind.EDIT, PostState.WITHDRAWN, "")
    floor.on(floor.house.requester, lambda act: press(act, ModeratePost(post=kept, rule=2)))
    (step,) = group.work()
    assert step.shows is not None
    assert (step.shows.post.rule, step.shows.hider, len(step.shows.digest)) == (2, floor.house.requester, 64)
    assert step.message is not None
    assert "Insult" not in str(step)
    assert floor.rows("SELECT DISTINCT state FROM board_mirrored") == [("shown",)]


def test_what_changes_while_it_is_sent_is_changed_there(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "Mine").post.id
    a_day_later(floor)
    step = group.next()
    assert step is not None
    floor.press(0, TakePostBack(post=post, sure=True, pen=pen))  # Telegram has the text, and it is not written down yet
    floor.sweep(lambda unit: board_mirror.store_message(unit, step, 7))
    again = group.next()
    assert again is not None
    assert (again.kind, again.message, bodies([again])) == (StepKind.EDIT, 7, [""])


def test_a_group_that_refuses_stops_it_and_the_admins_hear_of_it_once(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    first = floor.post(0, HOUSE, pen, "First").post.id
    a_day_later(floor)
    group.work()
    floor.post(0, HOUSE, pen, "Second")
    floor.press(0, TakePostBack(post=first, sure=True, pen=pen))
    group.is_refused(MirrorTrouble.KICKED)
    told = "SELECT count(*) FROM outbox WHERE screen = 'fairness.BoardMirror' AND facts LIKE '%kicked%'"
    assert group.next() is None
    a_day_later(floor)
    assert [step.kind for step in (group.next(),) if step] == [StepKind.EDIT]  # what was taken back is tried every hour
    group.is_refused(MirrorTrouble.KICKED)
    assert group.next() is None
    assert floor.rows(told) == [(1,)]
    assert (admin(floor).state, admin(floor).trouble) == (MirrorState.STOPPED, "kicked")
    floor.on(floor.house.requester, lambda act: press(act, MirrorAgain()))
    steps = group.work()
    assert [step.kind for step in steps] == [StepKind.LOOK, StepKind.EDIT, StepKind.SEND]
    assert bodies(steps[1:]) == ["", "Second"]
    assert floor.is_sound()


def test_another_group_begins_anew_and_the_old_one_loses_what_is_taken_back(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    post = floor.post(0, HOUSE, pen, "Here").post.id
    a_day_later(floor)
    group.work()
    floor.post(0, HOUSE, pen, "Not there")
    admin(floor, "@other")
    a_day_later(floor)
    assert [step.kind for step in group.work()] == [StepKind.LOOK]
    floor.press(0, TakePostBack(post=post, sure=True, pen=pen))
    step = group.next()
    assert step is not None
    assert (step.kind, step.chat) == (StepKind.EDIT, GROUP)
    group.is_refused(MirrorTrouble.KICKED)  # of the group that was left: the other one goes on
    assert group.next() is None
    assert admin(floor).state is MirrorState.ON


def test_off_means_off(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    floor.post(0, HOUSE, pen, "Waiting")
    a_day_later(floor)
    assert floor.press(0, OpenBoard(board=HOUSE)).group == "Team"
    floor.on(floor.house.requester, lambda act: press(act, EndMirror()))
    assert group.next() is None
    assert floor.press(0, OpenBoard(board=HOUSE)).group == ""
    floor.post(0, HOUSE, pen, "Meanwhile")  # its writer read of no group
    admin(floor, "@team")
    a_day_later(floor)
    assert [step.kind for step in group.work()] == [StepKind.LOOK]
    assert [row[0] for row in floor.rows("SELECT action FROM audit WHERE action = 'board mirror'")] == [
        "board mirror"
    ] * 3


@pytest.mark.parametrize(
    ("who", "group_of"),
    [('["invited"]', ""), ('["country=FR"]', ""), ('["qualified=7"]', ""), ('["at most=5"]', "Team"), ("[]", "Team")],
)
def test_nothing_of_a_project_for_some_people_alone_gets_there(
    floor: Floor, group: Group, who: str, group_of: str
) -> None:
    floor.sweep(lambda unit: unit.connection.changed("UPDATE projects SET who = :who", who=who) and None)
    floor.post(1, floor.project, floor.pen(1, floor.project), "Among ourselves")
    assert floor.press(1, OpenBoard(board=floor.project)).group == group_of
    a_day_later(floor)
    assert bool(group.work()) == bool(group_of)


def test_writers_read_of_the_group_before_they_send(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    draft = floor.type(0, "Hello")
    assert isinstance(draft, BoardDraft)
    assert draft.group == "Team"


def test_telegram_is_given_the_time_it_asks_for(floor: Floor, group: Group) -> None:
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "Later")
    a_day_later(floor)
    floor.sweep(lambda unit: board_mirror.pause_until(unit, later(unit.now, HOUR)))
    assert group.next() is None
    floor.now = later(floor.now, HOUR)
    assert bodies(group.work()) == ["Later"]


def test_only_admins_name_a_group_and_it_is_one(floor: Floor) -> None:
    with pytest.raises(NotAllowed):
        floor.press(0, OpenMirror(word="mirror", place="@team"))
    for word in ("friends", "https://example.org/x"):
        with pytest.raises(BoardRefused):
            admin(floor, word)
    with pytest.raises(BoardRefused):
        floor.on(floor.house.requester, lambda act: press(act, MirrorAgain()))
    assert admin(floor) == BoardMirror("", "", MirrorState.OFF, "")
    assert admin(floor, "off") == BoardMirror("", "", MirrorState.OFF, "")


@pytest.mark.parametrize("first", ["", "@team"])
def test_a_draft_is_asked_for_again_where_another_group_shows_the_board(floor: Floor, first: str) -> None:
    group = Group(floor)
    if first:
        admin(floor, first)
        group.work()
    pen = floor.pen(0, HOUSE)
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    told = floor.type(0, "Hello")
    assert (told.group, told.moved) == ("Team" if first else "", False)
    admin(floor, "@other")
    group.work()
    again = floor.press(0, SendPost(yes=True))
    assert isinstance(again, BoardDraft)
    assert (again.group, again.moved, again.body) == ("Team", True, "Hello")
    assert floor.rows("SELECT count(*) FROM board_posts") == [(0,)]
    assert isinstance(floor.press(0, SendPost(yes=True)), BoardPost)


def test_a_draft_goes_where_its_group_shows_the_board_no_more(floor: Floor, group: Group) -> None:
    pen = floor.pen(0, HOUSE)
    floor.press(0, WritePost(board=HOUSE, petition=False, pen=pen))
    floor.type(0, "Hello")
    admin(floor, "off")
    assert isinstance(floor.press(0, SendPost(yes=True)), BoardPost)


def test_a_new_group_that_is_refused_leaves_the_old_one_as_it_was(floor: Floor, group: Group) -> None:
    mirror = "SELECT * FROM board_mirror"
    before = floor.rows(mirror)
    admin(floor, "@nobody_here")
    group.is_refused(MirrorTrouble.MISSING)
    assert floor.rows(mirror) == before
    told = "SELECT count(*) FROM outbox WHERE screen = :name AND facts LIKE '%@nobody_here%Team%missing%'"
    assert floor.rows(told, name=BoardMirrorRefused.stored_as) == [(1,)]
    assert group.next() is None
    shown = admin(floor)
    assert (shown.place, shown.title, shown.state) == ("@team", "Team", MirrorState.ON)
    admin(floor, "@nobody_here")
    assert admin(floor, "off").place == "@team"
    assert group.next() is None  # nor is the new one looked at any more


def test_a_new_group_that_is_found_takes_the_place_of_one_that_stopped(floor: Floor, group: Group) -> None:
    floor.post(0, HOUSE, floor.pen(0, HOUSE), "Early")
    a_day_later(floor)
    group.is_refused(MirrorTrouble.KICKED)
    admin(floor, "@nobody_here")
    group.is_refused(MirrorTrouble.MISSING)
    assert (admin(floor).place, admin(floor).state) == ("@team", MirrorState.STOPPED)
    admin(floor, "@other")
    assert [step.chat or step.kind for step in group.work()] == [StepKind.LOOK]  # it begins with what comes
    assert (admin(floor).place, admin(floor).state) == ("@other", MirrorState.ON)
