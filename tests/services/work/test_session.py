"""Session mode: where the next task appears, what ends a message, double taps, and corrections in place."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest

from domain.moments import MINUTE, SECOND, Moment
from domain.people.accounts import PersonId
from domain.people.settings import Preferences
from domain.projects.form_questions import SPAN, FormQuestion, pack_questions
from domain.projects.projects import WorkedExample
from domain.refusals import AlreadyAnswered, AlreadySkipped, ChangeFirst, TooQuick, WorkRefusal
from domain.work.assignments import CHANGING_TIME, DOUBLE_TAP_MILLISECONDS, AssignmentId
from domain.work.honest_card import ExamplesShown
from domain.work.messages import (
    AnswerStands,
    ContentWarning,
    MissExplained,
    NothingNow,
    Qualified,
    TaskMoved,
    TaskShown,
    TaskSkipped,
)
from handlers.payload import Payload
from handlers.people.settings import ChangeSetting
from handlers.screen import render
from handlers.work.corrections import ChangeAnswer, CorrectAnswer, CorrectCantTell, KeepAnswer
from handlers.work.honest_card import ChooseContent
from handlers.work.offers import Decline, TakeTask
from handlers.work.tasks import AskForWork, CantTell, Choose, Done, KeepFile, SendAnswer, Skip, SubmitAnswer, TypeWords
from services.work import answer_messages, corrections, pages, submit, sweeps
from storage.boxes.outbox import Lane, Letter
from storage.database import one_transaction
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, a_project, furnish, launch, settle_tasks
from tests.letters import due_letters

LATER = 2 * SECOND  # between two answers
SCALE = ("1", "2", "3", "4", "5")


@dataclass
class Chat:
    """One worker's chat: every transaction is some seconds after the one before; letters are delivered at once."""

    url: str
    now: Moment
    house: House
    person: PersonId
    bubbles: dict[int, tuple[str, dict[str, Any]]]
    sent: int = 0

    def do(self, payload: Payload, message: int | None = None, after: int = LATER) -> object:
        self.now = Moment(self.now + after)
        result = self.take(payload, message)
        self.deliver()
        return result

    def take(self, payload: Payload, message: int | None) -> object:
        """As the bot takes a press; what it brings is not delivered yet."""
        with one_transaction(self.url, self.now) as unit:
            return press(act_of(unit, self.person, message=message), payload)

    def deliver(self) -> None:
        """As the relay does it: due letters, but the unhurried."""
        with one_transaction(self.url, self.now) as unit:
            for letter in due_letters(unit, 100):
                self.show(unit, letter)

    def show(self, unit: UnitOfWork, letter: Letter) -> None:
        self.sent += 1
        message = letter.edits or letter.live_message or 100 + self.sent
        self.bubbles[message] = (letter.screen, letter.facts)
        if letter.live is None:
            unit.outbox.mark_sent([(letter.id, message)])
        else:
            unit.live_messages.keep(letter.person, letter.live, message)
            unit.outbox_queue.mark_live_sent(letter, message)

    @property
    def last(self) -> int:
        return max(self.bubbles)

    def facts(self, message: int | None = None) -> dict[str, Any]:
        return self.bubbles[message or self.last][1]

    def screen(self, message: int | None = None) -> str:
        return self.bubbles[message or self.last][0]

    def answer(self, option: int = 0, after: int = LATER) -> int:
        """Presses an option of the newest task; its message."""
        message = self.last
        self.do(SubmitAnswer(assignment=self.facts()["assignment"], option=option), message, after)
        return message


def chat(url: str, now: Moment, in_place: bool = True, **house: Any) -> Chat:
    with one_transaction(url, now) as unit:
        furnished = furnish(unit, **{"workers": 1, "tasks": 15, **house})
        unit.preferences.store(furnished.workers[0], Preferences(begin_hour=0, end_hour=0, in_place=in_place))
    opened = Chat(url, now, furnished, furnished.workers[0], {})
    opened.do(AskForWork())
    assert opened.screen() == TaskShown.stored_as
    return opened


def in_hand(here: Chat) -> int | None:
    with one_transaction(here.url, here.now) as unit:
        found = unit.assignments.active_for(here.person)
        return found and found.id


def is_gold(here: Chat) -> bool:
    with one_transaction(here.url, here.now) as unit:
        found = unit.assignments.active_for(here.person)
        return found is not None and unit.tasks.get(found.task).gold is not None


def waiting(here: Chat) -> list[tuple[str, int | None]]:
    """Tidying that is still to come: (screen, message)."""
    with one_transaction(here.url, Moment(here.now + MINUTE)) as unit:
        return [(letter.screen, letter.edits) for letter in due_letters(unit, 100)]


def test_the_message_becomes_the_next_task_and_says_what_was_answered(database_url: str, now: Moment):
    here = chat(database_url, now)
    first, task = here.facts(), here.last
    assert here.answer(1) == task
    assert here.bubbles.keys() == {task}
    assert waiting(here) == []  # one letter an answer
    shown = here.facts()
    assert shown["assignment"] == in_hand(here) != first["assignment"]
    assert shown["last"]["stands"]["answer"] == "negative"
    assert shown["last"]["stands"]["about"] == first["content"]["text"]
    assert (shown["last"]["change"], shown["last"]["message"]) == (first["assignment"], task)
    for _ in range(3):
        assert here.answer() == task
    here.do(CantTell(assignment=here.facts()["assignment"]), task)
    here.do(Skip(assignment=here.facts()["assignment"]), task)
    assert here.facts()["last"]["stands"] is None
    assert here.bubbles.keys() == {task}
    with one_transaction(database_url, here.now) as unit:
        assert find_violations(unit) == []
        assert not unit.outbox.was_shown_in(first["assignment"], task)
        assert unit.outbox.find_message(here.facts()["assignment"]) == task


def test_a_message_a_task_is_chosen_in_the_settings(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now)
    here.do(ChangeSetting(what="session", value="0"))
    here.do(AskForWork())
    task = here.answer()
    assert here.last != task
    assert waiting(here) == [(AnswerStands.stored_as, task)]
    second = here.last
    here.do(ChangeSetting(what="session", value="1"))
    here.do(SubmitAnswer(assignment=here.facts(second)["assignment"], option=0), second)
    assert here.facts(second)["assignment"] == in_hand(here)
    here.do(ChangeSetting(what="session", value="0"))
    here.do(SubmitAnswer(assignment=here.facts(second)["assignment"], option=0), second)
    assert here.facts()["assignment"] == in_hand(here)
    assert here.last != second


def test_a_recap_stands_in_the_message_above_the_next_task(database_url: str, now: Moment):
    here = chat(database_url, now)
    task = here.last
    for number in range(1, 12):
        here.answer()
        run, shown = here.facts()["last"]["recap"], here.facts()["last"]["stands"]["recap"]
        assert (run and run["tasks"], shown) == (10 if number == 10 else None, None)  # said once
    assert here.facts()["assignment"] == in_hand(here)
    assert here.bubbles.keys() == {task}
    assert waiting(here) == []  # one letter an answer, never two


@pytest.mark.parametrize("in_place", [True, False])
def test_a_miss_keeps_its_recap_and_the_next_task_comes_below(database_url: str, now: Moment, in_place: bool):
    here = chat(database_url, now, gold=5, in_place=in_place)
    here.answer()
    while not is_gold(here):
        here.answer()
    with one_transaction(database_url, here.now) as unit:
        unit.connection.changed("UPDATE enrolments SET answered = 9 WHERE worker = :worker", worker=here.person)
    missed = here.facts()["assignment"]
    task = here.answer(1)
    assert here.last > task
    assert here.facts()["last"]["recap"] is None
    with one_transaction(database_url, here.now) as unit:  # the second tap of two
        submit.show_outcome_of_refused(act_of(unit, here.person, message=task), missed, AlreadyAnswered())
    here.now = Moment(here.now + SECOND)
    here.deliver()
    assert here.facts(task)["miss"]["gold"] == ["positive"]
    assert here.facts(task)["recap"]["tasks"] > 1


def test_a_missed_check_question_keeps_its_lesson_and_the_next_task_comes_below(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, tasks=3, gold=5)
    misses = list[int]()
    while in_hand(here):
        here.answer(1)
        misses = [message for message in here.bubbles if here.screen(message) == MissExplained.stored_as]
    lessons = [here.facts(message)["miss"] for message in misses]
    assert all(lesson["gold"] == ["positive"] for lesson in lessons)
    assert len({lesson["submission"] for lesson in lessons}) == len(lessons) > 1


def test_what_follows_the_last_task_is_said_in_its_place(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, tasks=3)
    task = here.last
    old = here.facts()["assignment"]
    for _ in range(3):
        here.answer()
    assert here.bubbles.keys() == {task}
    assert here.screen() == NothingNow.stored_as
    assert here.facts()["last"]["recap"]["tasks"] == 3
    assert here.facts()["last"]["stands"]["answer"] == "positive"
    with one_transaction(sqlite_url, here.now) as unit:  # a press that was on its way tidies nothing
        act = act_of(unit, here.person, message=task)
        submit.show_outcome_of_refused(act, old, AlreadyAnswered())
    assert waiting(here) == []


def test_text_and_pictures_share_no_message(sqlite_url: str, now: Moment):
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2)
        shown = {"template": "{text}{image}", "columns": ("text", "image")}
        pictures = unit.projects.add(a_project(house.requester, now, **shown))
        settle_tasks(unit, pictures, house.requester, 2, 0)
        unit.connection.changed(
            "UPDATE tasks SET content = :content WHERE project = :project AND position > 0",
            content='{"text": "a cat", "image": "https://example.org/cat.png"}',
            project=pictures,
        )
        launch(unit, house.requester, pictures)
        unit.preferences.store(house.workers[0], Preferences(begin_hour=0, end_hour=0, in_place=True))
    here = Chat(sqlite_url, now, house, house.workers[0], {})
    here.do(AskForWork())
    seen = dict[int, set[bool]]()
    for _ in range(4):
        seen.setdefault(here.last, set()).add(here.facts()["content"]["picture"] is not None)
        here.answer()
        here.now = Moment(here.now + MINUTE)
        here.deliver()
    assert sorted(map(sorted, seen.values())) == [[False], [True]]
    assert here.screen(min(seen)) == AnswerStands.stored_as


def test_what_was_sent_stands_below_the_task_so_the_next_one_comes_below_it(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, kind="text", options=())
    task = here.last
    here.do(TypeWords(text="fine"))
    assert here.last > task
    assert here.facts()["last"]["received"]
    assert waiting(here) == [(AnswerStands.stored_as, task)]
    below = here.last
    here.do(CantTell(assignment=here.facts()["assignment"]), below)
    assert here.last == below
    assert here.facts()["assignment"] == in_hand(here)


@pytest.mark.parametrize("payload", [SubmitAnswer, CantTell, Skip, Choose, Done, Decline])
def test_a_double_tap_does_not_reach_the_next_task(sqlite_url: str, now: Moment, payload: type[Payload]):
    kind = "choices" if payload in (Choose, Done) else "choice"
    here = chat(sqlite_url, now, kind=kind)
    task = here.last
    first = here.facts()["assignment"]
    here.do(SubmitAnswer(assignment=first, option=0) if payload is SubmitAnswer else CantTell(assignment=first), task)
    number = here.facts()["assignment"]
    named = {"assignment": number, "option": 0, "project": here.house.project}
    hit = payload(**{name: value for name, value in named.items() if name in payload.__annotations__})
    with pytest.raises(TooQuick):
        here.do(hit, task, after=DOUBLE_TAP_MILLISECONDS - 1)
    assert in_hand(here) == number
    if payload is not Done:  # nothing is chosen yet
        here.do(hit, task, after=1)


def test_a_press_counts_from_its_arrival_and_a_task_from_its_delivery(sqlite_url: str, now: Moment):
    """The press waited in the inbox; the letter waited for its chat."""
    here = chat(sqlite_url, now)
    task = here.last
    here.now = Moment(here.now + LATER)
    with one_transaction(sqlite_url, here.now) as unit:
        press(act_of(unit, here.person, message=task), SubmitAnswer(assignment=here.facts()["assignment"], option=0))
        found = unit.assignments.active_for(here.person)
        assert found is not None
    arrived = Moment(here.now + 5 * SECOND)
    with one_transaction(sqlite_url, Moment(arrived - 300)) as unit:
        for letter in due_letters(unit, 10):
            here.show(unit, letter)
    with one_transaction(sqlite_url, arrived) as unit:
        unit.connection.changed(
            "INSERT INTO inbox (update_id, person, payload, state, received_at, holder) "
            "VALUES (77, 2000, '', 'waiting', :now, 'x')",
            now=arrived,
        )
    with one_transaction(sqlite_url, Moment(arrived + 9 * SECOND)) as unit:
        again = SubmitAnswer(assignment=found.id, option=0)
        with pytest.raises(TooQuick):
            press(act_of(unit, here.person, message=task, key="77"), again)
        press(act_of(unit, here.person, message=task, key="78"), again)


def test_a_task_whose_delivery_is_not_noted_yet_is_not_answered_by_a_double_tap(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now)
    here.now = Moment(here.now + LATER)
    with one_transaction(sqlite_url, here.now) as unit:
        act = act_of(unit, here.person, message=here.last)
        press(act, SubmitAnswer(assignment=here.facts()["assignment"], option=0))
        found = unit.assignments.active_for(here.person)
        assert found is not None
        with pytest.raises(TooQuick):
            press(act, SubmitAnswer(assignment=found.id, option=0))
    with one_transaction(sqlite_url, Moment(here.now + 4 * SECOND)) as unit:  # not noted, and not held up by that
        press(act_of(unit, here.person, message=here.last), SubmitAnswer(assignment=found.id, option=0))


def test_a_program_that_answers_at_once_is_not_taken_for_a_double_tap(sqlite_url: str, now: Moment):
    """It reads in no time, so its answers come as soon after their tasks as the second tap of a hand would."""
    here = chat(sqlite_url, now)
    for _ in range(4):
        here.answer(after=20)
    with one_transaction(sqlite_url, here.now) as unit:
        assert unit.submissions.count_of(here.person) == 4


def test_a_task_that_was_pressed_too_early_is_shown_again_once(sqlite_url: str, now: Moment):
    """So that a program which waits for its message to change goes on; a worker who has gone on never sees it."""
    here = chat(sqlite_url, now)
    task = here.answer()
    for _ in range(2):
        with pytest.raises(TooQuick):
            here.answer(after=50)
        with one_transaction(sqlite_url, here.now) as unit:
            early = here.facts()["assignment"]
            submit.show_outcome_of_refused(act_of(unit, here.person, message=task), early, TooQuick())
    assert waiting(here) == [(TaskShown.stored_as, task)]
    here.now = Moment(here.now + SECOND)
    here.deliver()
    assert here.facts(task)["pressed_unread"]
    here.answer(after=20)
    assert here.facts(task)["assignment"] != early
    here.answer(option=1, after=20)  # another button: no finger taps twice in two places
    with one_transaction(sqlite_url, here.now) as unit:
        submit.show_outcome_of_refused(act_of(unit, here.person, message=task), here.facts()["assignment"], TooQuick())
    here.answer()
    assert waiting(here) == []


def test_a_message_a_task_has_no_such_pause(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, in_place=False)
    for _ in range(3):
        here.answer(after=0)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_last_answer_is_changed_in_place_and_the_task_in_hand_comes_back(
    database_url: str, now: Moment, keeps: bool
):
    here = chat(database_url, now)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    second = here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), task)
    assert (here.facts()["assignment"], here.facts()["changing"]) == (first, True)
    here.do(KeepAnswer(assignment=first) if keeps else CorrectAnswer(assignment=first, option=1), task)
    assert here.bubbles.keys() == {task}
    assert waiting(here) == []
    shown = here.facts()
    assert (shown["assignment"], shown["changing"], in_hand(here)) == (second, False, second)
    assert shown["last"]["stands"]["answer"] == ("positive" if keeps else "negative")
    assert shown["last"]["stands"]["changed"] is not keeps
    with pytest.raises(TooQuick):
        here.answer(after=DOUBLE_TAP_MILLISECONDS - 1)
    here.answer()
    with one_transaction(database_url, here.now) as unit:
        assert find_violations(unit) == []


@pytest.mark.parametrize("payload", [KeepAnswer, CorrectCantTell])
def test_a_second_tap_on_change_presses_nothing_that_took_its_place(
    database_url: str, now: Moment, payload: type[Payload]
):
    """Such as that the answer is kept, which ended its change unseen."""
    here = chat(database_url, now)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    second, hit = in_hand(here), payload(assignment=first)
    here.do(ChangeAnswer(assignment=first, message=task), task)
    with pytest.raises(TooQuick):
        here.do(hit, task, after=DOUBLE_TAP_MILLISECONDS - 1)
    assert (here.facts()["assignment"], here.facts()["changing"]) == (first, True)
    here.do(hit, task, after=1)
    assert here.facts()["assignment"] == second


def test_an_answer_left_open_to_be_changed_gives_its_place_back(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    second = here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), task)
    with pytest.raises(AlreadyAnswered):
        here.do(CorrectAnswer(assignment=first, option=1), task, after=CHANGING_TIME + 1)
    for _ in range(2):  # once, however often it is pressed
        with one_transaction(sqlite_url, here.now) as unit:
            corrections.lapse_change(act_of(unit, here.person, message=task), first)
    with one_transaction(sqlite_url, here.now) as unit:
        (letter,) = due_letters(unit, 10)
        assert (letter.edits, letter.assignment) == (task, second)


def test_a_change_that_misses_a_check_question_stays_and_the_task_in_hand_comes_below(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, tasks=8, gold=8)
    while not is_gold(here):
        here.answer()
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    second = here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), task)
    here.do(CorrectAnswer(assignment=first, option=1), task)
    assert here.screen(task) == AnswerStands.stored_as
    assert here.facts(task)["miss"]
    assert here.last > task
    assert here.facts()["assignment"] == second


def test_work_asked_for_moves_the_task_down_and_the_next_takes_that_message(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now)
    task = here.answer()
    here.do(AskForWork())
    assert here.last > task
    assert here.screen(task) == TaskMoved.stored_as
    assert here.answer() == here.last
    assert here.screen(task) == TaskMoved.stored_as


def test_a_late_answer_keeps_what_was_to_say_so_away_from_the_next_task(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now)
    task = here.last
    with one_transaction(sqlite_url, here.now) as unit:
        unit.projects.lock(here.house.project)
    here.now = Moment(here.now + 11 * MINUTE)
    with one_transaction(sqlite_url, here.now) as unit:
        sweeps.expire_assignments(unit)
    assert waiting(here) == [(TaskShown.stored_as, task)]
    late = here.facts()["assignment"]
    with one_transaction(sqlite_url, here.now) as unit:
        press(act_of(unit, here.person, message=task), SubmitAnswer(assignment=late, option=0))
        found = unit.assignments.active_for(here.person)
        assert found is not None
    with one_transaction(sqlite_url, Moment(here.now + MINUTE)) as unit:
        (letter,) = [each for each in due_letters(unit, 10) if each.edits == task]
        assert (letter.assignment, letter.lane) == (found.id, Lane.REPLY)


@pytest.mark.parametrize(("skips", "left"), [(False, AnswerStands), (True, TaskSkipped)])
def test_a_message_that_could_not_become_the_next_task_is_tidied(
    sqlite_url: str, now: Moment, skips: bool, left: type[AnswerStands] | type[TaskSkipped]
):
    here = chat(sqlite_url, now)
    number = here.facts()["assignment"]
    payload = Skip(assignment=number) if skips else SubmitAnswer(assignment=number, option=0)
    with one_transaction(sqlite_url, here.now) as unit:
        press(act_of(unit, here.person, message=here.last), payload)
        (letter,) = due_letters(unit, 10)
        answer_messages.tidy_failed_edit(unit, letter)
        unit.outbox.mark_sent([(letter.id, 999)])
        answer_messages.tidy_failed_edit(unit, replace(letter, packed="{}"))
    assert waiting(here) == [(left.stored_as, here.last)]
    with one_transaction(sqlite_url, here.now) as unit:
        assert letter.assignment is not None
        assert unit.outbox.find_message(letter.assignment) == 999


def test_a_form_whose_last_question_is_pressed_becomes_the_next_form(database_url: str, now: Moment):
    """Its steps and the next task share one message; a form that ends with words has them below, and the next follows
    there."""
    pressed = [FormQuestion("car", "choice", "A car?", ("yes", "no")), FormQuestion("sharp", "rating", "Sharp?", SCALE)]
    here = chat(database_url, now, kind="form", options=pack_questions(pressed))
    task, first = here.last, here.facts()["assignment"]
    here.do(Choose(assignment=first, option=0), task)
    assert here.facts()["draft"] == ["yes"]
    here.do(Choose(assignment=first, option=SPAN + 3), task)
    assert here.bubbles.keys() == {task}
    shown = here.facts()
    assert (shown["assignment"], shown["draft"]) == (in_hand(here), [])
    assert json.loads(shown["last"]["stands"]["answer"])[1][2] == ["4"]
    assert shown["last"]["change"] == first
    here.do(Choose(assignment=shown["assignment"], option=1), task)
    assert here.facts()["draft"] == ["no"]
    assert here.bubbles.keys() == {task}


def test_a_form_that_ends_with_words_is_followed_below_them(sqlite_url: str, now: Moment):
    written = [FormQuestion("car", "choice", "A car?", ("yes", "no")), FormQuestion("why", "text", "Why?")]
    here = chat(sqlite_url, now, kind="form", options=pack_questions(written))
    task, first = here.last, here.facts()["assignment"]
    here.do(Choose(assignment=first, option=0), task)
    here.do(TypeWords(text="wheels"))
    assert here.last != task
    assert here.facts()["assignment"] == in_hand(here) != first
    assert here.facts()["last"]["received"] > 0  # no button could say so
    assert waiting(here) == [(AnswerStands.stored_as, task)]


def test_what_an_answer_brings_besides_stands_above_the_next_task(database_url: str, now: Moment):
    """That the worker has qualified; the next project's examples, which are to be read before its first task."""
    here = chat(database_url, now, tasks=3, gold=5)
    with one_transaction(database_url, here.now) as unit:
        shown = {"title": "With examples", "examples": (WorkedExample("Great", "positive"),), "minutes": 9}
        second = unit.projects.add(a_project(here.house.requester, here.now, **shown))
        settle_tasks(unit, second, here.house.requester, 2, 0)
        launch(unit, here.house.requester, second)
    told = set[str]()
    while in_hand(here):
        task = here.answer()
        told.update(screen for screen, _ in here.bubbles.values())
        assert here.screen() in (TaskShown.stored_as, NothingNow.stored_as)
        waits = [(AnswerStands.stored_as, task)] if here.last != task else []
        assert waiting(here) == waits
        here.now = Moment(here.now + MINUTE)
        here.deliver()
    assert {Qualified.stored_as, ExamplesShown.stored_as} <= told
    assert here.screen() == NothingNow.stored_as


def test_a_double_tap_on_the_last_task_agrees_to_nothing(sqlite_url: str, now: Moment):
    """What follows the last task has buttons, too: a yes to disturbing content, and going on."""
    here = chat(sqlite_url, now, tasks=1)
    with one_transaction(sqlite_url, here.now) as unit:
        gore = unit.projects.add(a_project(here.house.requester, here.now, content=("violence",)))
        settle_tasks(unit, gore, here.house.requester, 2, 0)
        launch(unit, here.house.requester, gore)
    task = here.answer()
    assert here.screen(task) == ContentWarning.stored_as
    for payload in (ChooseContent(project=gore, agrees=True), AskForWork()):
        with pytest.raises(TooQuick):
            here.do(payload, task, after=DOUBLE_TAP_MILLISECONDS // 3)
    assert in_hand(here) is None
    here.do(ChooseContent(project=gore, agrees=True), task)
    assert in_hand(here)


def test_a_second_message_of_the_same_task_is_tidied_once_it_is_pressed(sqlite_url: str, now: Moment):
    """A call whose answer was lost had brought it: it came twice, and the house knows of the later one."""
    here = chat(sqlite_url, now)
    known, unknown, first = here.last, here.last - 50, here.facts()["assignment"]
    here.bubbles[unknown] = here.bubbles[known]
    here.do(SubmitAnswer(assignment=first, option=0), unknown)
    assert here.facts(unknown)["assignment"] == in_hand(here) != first
    with one_transaction(sqlite_url, here.now) as unit:
        submit.show_outcome_of_refused(act_of(unit, here.person, message=known), first, AlreadyAnswered())
    assert waiting(here) == [(AnswerStands.stored_as, known)]


def test_what_was_answered_stands_above_the_next_task_while_it_takes_several_presses(database_url: str, now: Moment):
    """As long as the answer can be changed; a message a task has said it further up."""
    here = chat(database_url, now, kind="choices", options=("red", "green"))
    task, first = here.last, here.facts()["assignment"]
    here.do(Choose(assignment=first, option=0), task)
    assert here.facts()["last"] is None  # nothing was answered before
    here.do(Done(assignment=first), task)
    second = here.facts()["assignment"]
    for option in (0, 1):
        here.do(Choose(assignment=second, option=option), task)
        last = here.facts()["last"]
        assert (last["change"], last["message"], last["stands"]["answer"]) == (first, task, "red")
    here.do(ChangeAnswer(assignment=first, message=task), task)
    assert here.facts()["changing"]
    here.do(KeepAnswer(assignment=first), task)
    here.do(Choose(assignment=second, option=1), task, after=MINUTE)
    assert (here.facts()["assignment"], here.facts()["draft"], here.facts()["last"]) == (second, [0], None)
    with one_transaction(database_url, here.now) as unit:
        unit.preferences.store(here.person, Preferences(begin_hour=0, end_hour=0, in_place=False))
    here.do(Done(assignment=second), task)
    here.do(Choose(assignment=here.facts()["assignment"], option=0), here.last)
    assert here.facts()["last"] is None


KINDS = [("text", "a bed", "a bad one"), ("number", "7", "12")]


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize(("kind", "first", "second"), KINDS)
def test_words_after_work_was_asked_for_answer_the_task_it_shows(
    sqlite_url: str, now: Moment, in_place: bool, kind: str, first: str, second: str
):
    """Even while an answer is open to be changed: it stays as it is, and what shows it says so."""
    here = chat(sqlite_url, now, in_place=in_place, kind=kind, options=())
    task, answered = here.last, here.facts()["assignment"]
    here.do(TypeWords(text=first))
    here.do(ChangeAnswer(assignment=answered, message=task), here.last)
    change = here.last
    assert here.facts(change)["changing"]
    here.do(AskForWork())
    assert (here.screen(task), here.screen(change)) == (TaskMoved.stored_as, AnswerStands.stored_as)
    assert here.facts()["last"]["stands"]["answer"] == first
    assert here.facts()["last"]["change"] == answered
    here.do(TypeWords(text=second))
    assert answers(here) == [first, second]
    with pytest.raises(AlreadyAnswered):
        here.do(KeepAnswer(assignment=answered), change)


@pytest.mark.parametrize("in_place", [True, False])
def test_the_message_of_the_task_in_hand_says_what_stands_where_work_ends_its_change(
    sqlite_url: str, now: Moment, in_place: bool
):
    here = chat(sqlite_url, now, in_place=in_place)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    second, shown = here.facts()["assignment"], here.last
    here.do(ChangeAnswer(assignment=first, message=task), here.last)
    change = here.last
    here.do(AskForWork())
    assert here.screen(change) == AnswerStands.stored_as
    assert here.screen(shown) == (AnswerStands.stored_as if in_place else TaskMoved.stored_as)
    assert here.facts()["assignment"] == in_hand(here) == second
    assert here.last > shown
    here.do(ChangeAnswer(assignment=first, message=here.facts()["last"]["message"]), here.last, after=SECOND)
    assert here.facts()["changing"]  # the button below the task that came works as any
    here.do(CorrectAnswer(assignment=first, option=1), here.last)
    assert answers(here) == ["negative"]


def test_a_project_that_is_chosen_ends_the_change_of_an_answer(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, in_place=False, kind="text", options=())
    with one_transaction(sqlite_url, here.now) as unit:
        other = unit.projects.add(a_project(here.house.requester, here.now, kind="text", options=(), title="Other"))
        settle_tasks(unit, other, here.house.requester, 2, 0)
        launch(unit, here.house.requester, other)
    task, answered = here.last, here.facts()["assignment"]
    here.do(TypeWords(text="a bed"))
    here.do(ChangeAnswer(assignment=answered, message=task), here.last)
    here.do(TakeTask(project=other))
    assert here.facts()["project"] == other
    here.do(TypeWords(text="another"))
    assert answers(here) == ["a bed", "another"]


@pytest.mark.parametrize("in_place", [True, False])
def test_a_miss_of_an_answer_that_was_sent_is_explained_below_it_and_never_called_received(
    sqlite_url: str, now: Moment, in_place: bool
):
    """A green “Received” stood above the next task, and the known answer in an edit two screens further up."""
    here = chat(sqlite_url, now, in_place=in_place, kind="text", options=(), gold=3)
    while not is_gold(here):
        here.do(TypeWords(text="a bed"))
        assert here.facts()["last"]["received"]
    task = here.last
    here.do(TypeWords(text="a bed"))
    explained, following = here.last - 1, here.last
    assert here.screen(explained) == MissExplained.stored_as
    assert here.facts(explained)["miss"]["gold"] == ["positive"]
    assert here.facts(following)["last"]["received"] is None
    here.now = Moment(here.now + SECOND)
    here.deliver()
    assert here.screen(task) == AnswerStands.stored_as
    shown = render(here.screen(task), here.facts(task), "en")
    assert (shown.text[0], shown.keyboard) == ("✗", ())
    assert render(here.screen(explained), here.facts(explained), "en").keyboard


@pytest.mark.parametrize("in_place", [True, False])
def test_while_an_answer_is_changed_it_alone_is_answered_and_it_stands_last(
    database_url: str, now: Moment, in_place: bool
):
    """The task that was changed had scrolled off, and the next one showed the same buttons near the thumb."""
    here = chat(database_url, now, in_place=in_place, kind="text", options=())
    task, first = here.last, here.facts()["assignment"]
    here.do(TypeWords(text="a bed"))
    shown, second = here.last, here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), shown)
    change = here.last
    assert change > shown
    assert here.facts(change)["changing"]
    assert here.screen(shown) == here.screen(task) == TaskMoved.stored_as
    here.do(ChangeAnswer(assignment=first, message=task), shown, after=100)  # the second tap of two
    assert here.last == change
    for payload in (CantTell(assignment=second), Skip(assignment=second)):
        with pytest.raises(ChangeFirst):
            here.do(payload, shown)
    here.do(TypeWords(text="a bad one"))
    assert (answers(here), here.screen(change)) == (["a bad one"], AnswerStands.stored_as)
    assert here.facts()["assignment"] == in_hand(here) == second
    assert here.facts()["last"]["change"] == first
    here.do(TypeWords(text="another"))
    assert answers(here) == ["a bad one", "another"]


def test_words_are_no_answer_to_the_task_in_hand_while_another_answer_is_changed_by_a_press(
    sqlite_url: str, now: Moment
):
    here = chat(sqlite_url, now, in_place=False, tasks=1)
    with one_transaction(sqlite_url, here.now) as unit:
        other = unit.projects.add(a_project(here.house.requester, here.now, kind="text", options=(), title="Other"))
        settle_tasks(unit, other, here.house.requester, 2, 0)
        launch(unit, here.house.requester, other)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    assert here.facts()["project"] == other
    here.do(ChangeAnswer(assignment=first, message=task), here.last)
    with pytest.raises(ChangeFirst):
        here.do(TypeWords(text="a word"))
    here.do(KeepAnswer(assignment=first), here.last)
    here.do(TypeWords(text="a word"))
    assert answers(here) == ["positive", "a word"]


def test_a_change_that_was_left_ends_with_its_time_and_the_next_press_brings_the_task_in_hand(
    sqlite_url: str, now: Moment
):
    here = chat(sqlite_url, now, in_place=False)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    shown, second = here.last, here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), shown)
    change = here.last
    here.now = Moment(here.now + CHANGING_TIME + 1)
    with one_transaction(here.url, here.now) as unit:
        corrections.lapse_change(act_of(unit, here.person, message=change), AssignmentId(first))
    here.deliver()
    assert here.screen(change) == AnswerStands.stored_as
    assert (here.last > change, here.facts()["assignment"]) == (True, second)
    here.answer(1)
    assert answers(here) == ["positive", "negative"]


def test_nothing_is_pushed_while_an_answer_is_changed(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, in_place=False, tasks=1)
    task, first = here.last, here.facts()["assignment"]
    here.answer()
    here.do(ChangeAnswer(assignment=first, message=task), here.last)
    with one_transaction(here.url, here.now) as unit:
        other = unit.projects.add(a_project(here.house.requester, here.now, title="Other"))
        settle_tasks(unit, other, here.house.requester, 2, 0)
        launch(unit, here.house.requester, other)
    for _ in range(2):
        with one_transaction(here.url, here.now) as unit:
            sweeps.push_tasks(unit)
        assert in_hand(here) is None
    here.do(CorrectAnswer(assignment=first, option=1), here.last)
    with one_transaction(here.url, here.now) as unit:
        sweeps.push_tasks(unit)
    assert in_hand(here) is not None


def test_an_answer_given_anew_on_a_page_gives_its_message_back_to_the_task_in_hand(database_url: str, now: Moment):
    """It said what stands twice, and the task came below."""
    here = chat(database_url, now, kind="boxes", options=("car",), template="{image}", columns=("image",))
    task, first = here.last, here.facts()["assignment"]
    on_page(here, first, "[]")
    second = here.facts()["assignment"]
    here.do(ChangeAnswer(assignment=first, message=task), task)
    on_page(here, first, '[{"label": "car", "x": 0.1, "y": 0.1, "width": 0.4, "height": 0.4}]')
    assert here.bubbles.keys() == {task}
    assert waiting(here) == []
    assert here.facts()["assignment"] == in_hand(here) == second
    assert here.facts()["last"]["stands"]["changed"]


def on_page(here: Chat, assignment: int, answer: str) -> None:
    here.now = Moment(here.now + LATER)
    with one_transaction(here.url, here.now) as unit:
        pages.hand_in(act_of(unit, here.person), AssignmentId(assignment), None, answer)
    here.deliver()


def test_a_voice_message_is_followed_below_and_one_that_is_kept_too(sqlite_url: str, now: Moment):
    here = chat(sqlite_url, now, kind="voice", options=())
    task, first = here.last, here.facts()["assignment"]
    here.do(SendAnswer(what="voice", handed_in="a 1"))
    second = here.last
    here.do(ChangeAnswer(assignment=first, message=task), second)
    change = here.last
    here.do(SendAnswer(what="voice", handed_in="b 2"))
    assert here.screen(change) == here.screen(here.last - 1) == AnswerStands.stored_as  # what was sent stands below it
    second = here.last
    number = here.facts(second)["assignment"]
    here.do(SendAnswer(what="voice", handed_in="c 3", flaws="short"))
    here.do(KeepFile(assignment=number), here.last)
    assert answers(here) == ["b 2", "c 3"]
    assert here.facts()["assignment"] == in_hand(here)
    assert waiting(here) == [(AnswerStands.stored_as, second)]


def answers(here: Chat) -> list[str | None]:
    with one_transaction(here.url, here.now) as unit:
        return [row[0] for row in unit.connection.all("SELECT answer FROM submissions ORDER BY id")]


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_a_second_tap_on_skip_skips_nothing_more(sqlite_url: str, now: Moment, in_place: bool, late: bool):
    """Both taps came before the next task was shown, so that they name the same one; it may have been late by then."""
    here = chat(sqlite_url, now, in_place=in_place)
    task, first = here.last, here.facts()["assignment"]
    if late:
        here.now = Moment(here.now + 11 * MINUTE)
        with one_transaction(sqlite_url, here.now) as unit:
            sweeps.expire_assignments(unit)
    with one_transaction(sqlite_url, here.now) as unit:
        act = act_of(unit, here.person, message=task)
        press(act, Skip(assignment=first))
        with pytest.raises(AlreadySkipped) as second:
            press(act, Skip(assignment=first))
        submit.show_outcome_of_refused(act, first, second.value)
    here.deliver()
    here.now = Moment(here.now + SECOND)
    here.deliver()  # what tidies, too
    assert here.screen() == TaskShown.stored_as
    assert here.facts()["assignment"] == in_hand(here) != first
    assert here.screen(task) == (TaskShown.stored_as if in_place else TaskSkipped.stored_as)
    with one_transaction(sqlite_url, here.now) as unit:
        assert unit.connection.all("SELECT count(*) FROM assignments")[0][0] == 2
        assert find_violations(unit) == []


PRESSES = [SubmitAnswer, CantTell, Skip]


@pytest.mark.parametrize("again", PRESSES)
@pytest.mark.parametrize("skips", [True, False])
def test_an_edit_that_telegram_did_not_make_is_made_good_where_the_old_task_is_pressed_again(
    database_url: str, now: Moment, skips: bool, again: type[Payload]
):
    """It said that the message is not modified, and so the house takes it for shown."""
    here = chat(database_url, now)
    task, first = here.last, here.facts()["assignment"]
    here.do(Skip(assignment=first) if skips else SubmitAnswer(assignment=first, option=0), task)
    second = here.facts()["assignment"]
    pressed = again(**{"assignment": first, **({"option": 1} if again is SubmitAnswer else {})})
    for after in (SECOND, 2 * SECOND, SECOND):  # the first one may still have been on its way
        refused(here, pressed, task, after)
        assert in_hand(here) == second
        assert (here.last > task) == (here.now >= now + 7 * SECOND)
    here.now = Moment(here.now + SECOND)
    here.deliver()
    assert here.bubbles.keys() == {task, here.last}  # however often it is pressed
    assert here.screen(task) == (TaskSkipped.stored_as if skips else AnswerStands.stored_as)
    assert here.facts()["assignment"] == second
    assert here.answer() == here.last
    assert here.facts()["assignment"] == in_hand(here) != second
    with one_transaction(database_url, here.now) as unit:
        assert find_violations(unit) == []


@pytest.mark.parametrize("skips", [True, False])
def test_an_edit_to_no_task_that_telegram_did_not_make_leaves_no_dead_buttons(
    database_url: str, now: Moment, skips: bool
):
    here = chat(database_url, now, tasks=1)
    task, first = here.last, here.facts()["assignment"]
    here.do(Skip(assignment=first) if skips else SubmitAnswer(assignment=first, option=0), task)
    assert here.screen(task) == NothingNow.stored_as
    pressed = SubmitAnswer(assignment=first, option=1)
    refused(here, pressed, task, SECOND)  # it may have come before the edit
    assert waiting(here) == []
    refused(here, pressed, task, 2 * SECOND)
    assert waiting(here) == [((TaskSkipped if skips else AnswerStands).stored_as, task)]
    with one_transaction(database_url, here.now) as unit:
        assert find_violations(unit) == []


@pytest.mark.parametrize("in_place", [True, False])
def test_a_second_tap_leaves_what_a_missed_check_question_teaches(database_url: str, now: Moment, in_place: bool):
    """It was overwritten by the bare answer, and could not be contested any more."""
    here = chat(database_url, now, in_place, tasks=3, gold=5)
    while not is_gold(here):
        here.answer()
    task, first = here.last, here.facts()["assignment"]
    here.do(SubmitAnswer(assignment=first, option=1), task)
    for after in (SECOND // 5, MINUTE):
        refused(here, SubmitAnswer(assignment=first, option=1), task, after)
        here.now = Moment(here.now + 2 * SECOND)
        here.deliver()
        assert here.facts(task)["miss"]["gold"] == ["positive"]


def test_a_second_tap_tidies_a_message_no_second_time(database_url: str, now: Moment):
    """Telegram refused the same edit, which had taken a second of the chat. One made long ago is made good."""
    here = chat(database_url, now, in_place=False)
    task, first = here.last, here.facts()["assignment"]
    again = SubmitAnswer(assignment=first, option=0)
    here.do(again, task)
    tidied = (AnswerStands.stored_as, task)
    refused(here, again, task, SECOND // 5)
    assert waiting(here) == [tidied]
    here.now = Moment(here.now + 2 * SECOND)
    here.deliver()
    refused(here, again, task, SECOND // 5)
    assert waiting(here) == []
    refused(here, again, task, MINUTE)
    assert waiting(here) == [tidied]


def refused(here: Chat, payload: Payload, message: int, after: int) -> None:
    """As the chat does it: a refused press tidies its message."""
    try:
        here.do(payload, message, after)
    except WorkRefusal as refusal:
        with one_transaction(here.url, here.now) as unit:
            submit.show_outcome_of_refused(
                act_of(unit, here.person, message=message), payload.fields()["assignment"], refusal
            )
        here.deliver()
