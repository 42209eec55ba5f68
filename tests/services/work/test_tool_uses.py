"""A worker says that they used a tool: paid as usual, told to the requester as a number, no sign against them."""

import json

import pytest

from domain.conduct import examination
from domain.conduct.evidence import Evidence, find_restricting_evidence
from domain.moments import Moment
from domain.projects.form_questions import pack_answers, questions_of
from domain.projects.projects import Project
from domain.quality.crowd import AnswerColumns
from domain.quality.figures import ProjectFigures
from domain.quality.machine import MachineAnswer
from domain.refusals import NotYours
from domain.work.assignments import AssignmentId
from domain.work.messages import TaskShown, ToolNoted
from formats.captions.questions import read_lines
from handlers.work.corrections import UsedTool
from services.quality import figures
from services.work import submit
from storage.database import Database
from storage.invariants import find_violations
from storage.unit import UnitOfWork
from storage.work.submissions import SELECT_TOOL_USERS
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.letters import due_letters

BALANCES = "SELECT id, balance FROM accounts ORDER BY id"


def answer(unit: UnitOfWork, house: House, seat: int, words: str) -> AssignmentId:
    person = unit.people.get(house.workers[seat])
    submit.show_work(unit, person)
    in_hand = unit.assignments.active_for(person.id)
    assert in_hand is not None
    submit.submit_answer(unit, person, in_hand.id, words, None)
    return in_hand.id


async def test_it_is_noted_once_and_the_pay_stays(database: Database, now: Moment) -> None:
    def say(unit: UnitOfWork) -> House:
        house = furnish(unit, workers=2, tasks=4, overlap=2, max_overlap=2, kind="text", options=())
        for words in ("a red cat", "a blue dog", "a cow", "a fox"):
            mine, _ = answer(unit, house, 0, words), answer(unit, house, 1, words)
        before = unit.connection.all(BALANCES)
        for _ in range(2):
            assert press(act_of(unit, house.workers[0]), UsedTool(assignment=mine)) == ToolNoted()
        assert unit.connection.all(BALANCES) == before
        assert unit.tool_uses.count(house.project) == 1
        assert find_violations(unit) == []
        return house

    house = await database.transact(say, now)
    assert [row[1] async for row in database.rows(SELECT_TOOL_USERS, project=house.project)] == [house.workers[0]]
    shown = await database.aside(lambda unit: figures.read_quality(act_of(unit, house.requester), house.project), now)
    (told,) = [each for each in shown if isinstance(each, ProjectFigures)]
    assert told.tools == 1


async def test_nobody_says_it_of_anothers_answer(database: Database, now: Moment) -> None:
    def say(unit: UnitOfWork) -> None:
        typed = furnish(unit, workers=2, kind="text", options=())
        mine = answer(unit, typed, 0, "a red cat")
        for worker, assignment in ((typed.workers[1], mine), (typed.workers[0], AssignmentId(mine + 999))):
            with pytest.raises(NotYours):
                press(act_of(unit, worker), UsedTool(assignment=assignment))
        assert unit.tool_uses.count(typed.project) == 0

    await database.transact(say, now)


async def test_a_press_of_a_button_needs_no_tool(database: Database, now: Moment) -> None:
    def say(unit: UnitOfWork) -> None:
        house = furnish(unit)
        with pytest.raises(NotYours):
            press(act_of(unit, house.workers[0]), UsedTool(assignment=answer(unit, house, 0, "0")))

    await database.transact(say, now)


@pytest.mark.parametrize("kind", ["text", "number", "choice"])
async def test_a_form_with_a_typed_question_has_the_button(database: Database, now: Moment, kind: str) -> None:
    def say(unit: UnitOfWork) -> None:
        options = read_lines(f"choice | A car? | yes, no\n{kind} | What else?{' | a, b' if kind == 'choice' else ''}")
        house = furnish(unit, kind="form", options=options, tasks=2)
        mine = answer(unit, house, 0, json.dumps(["yes", {"text": "a red cat", "number": "2", "choice": "a"}[kind]]))
        person, use = act_of(unit, house.workers[0]), UsedTool(assignment=mine)
        shown = [each.facts for each in due_letters(unit, 1_000) if each.screen == TaskShown.stored_as][-1]
        assert shown["last"]["typed"] == (kind != "choice")
        if kind == "choice":
            with pytest.raises(NotYours):
                press(person, use)
        else:
            assert press(person, use) == ToolNoted()

    await database.transact(say, now)


async def test_what_was_said_to_be_a_tools_is_no_sign_against_anybody(database: Database, now: Moment) -> None:
    """Two of six workers have the same words of the model's: signs, unless they said so."""
    project: Project = await database.transact(
        lambda unit: unit.projects.get(furnish(unit, kind="text", options=(), models=("",)).project), now
    )
    said, milliseconds, ai = AnswerColumns(), [], {}
    for task in range(30):
        model = " ".join(f"word{task}{n}" for n in range(12))
        ai[task] = (MachineAnswer("", model),)
        for worker in range(1, 7):
            said.add(task, worker, model if worker < 3 else " ".join(f"w{worker}{task}{n}" for n in range(12)))
            milliseconds.append(60_000)

    def signs(tools: set[tuple[int, int]]) -> list[Evidence]:
        found = examination.gather_evidence(project, said, milliseconds, {}, AnswerColumns(), ai, tools)
        return [each for own in found.values() for each in own]

    unsaid = signs(set())
    assert {(each.worker, each.suspicion) for each in unsaid} == {(1, "machine"), (2, "machine"), (2, "ring")}
    assert find_restricting_evidence(unsaid) is not None
    assert signs({(task, worker) for task in range(30) for worker in (1, 2)}) == []
    some = {each.worker for each in signs({(task, 2) for task in range(30)})}
    assert some == {1}, "nor is it the source of what somebody else is said to have copied"


async def test_typed_questions_of_a_form_show_signs_as_well(database: Database, now: Moment) -> None:
    """One of six workers repeats the model in both texts, and has them at once."""
    options = read_lines("choice | A car? | yes, no\ntext | What else?\ntext | Why?")
    project: Project = await database.transact(
        lambda unit: unit.projects.get(furnish(unit, kind="form", options=options, models=("",)).project), now
    )
    names = [each.name for each in questions_of(options)]
    said, milliseconds, ai = AnswerColumns(), [], {}
    for task in range(12):
        words = {name: " ".join(f"{name}{task}{n}" for n in range(12)) for name in names[1:]}
        ai[task] = tuple(MachineAnswer("", text, question=name) for name, text in words.items())
        for worker in range(1, 7):
            own = (
                words
                if worker == 1
                else {name: " ".join(f"{worker}{w}" for w in words[name].split()) for name in words}
            )
            said.add(task, worker, pack_answers({names[0]: "yes", **own}))
            milliseconds.append(1_000 if worker == 1 else 60_000)

    def signs(tools: set[tuple[int, int]]) -> list[tuple[int, str]]:
        found = examination.gather_evidence(project, said, milliseconds, {}, AnswerColumns(), ai, tools)
        return sorted((each.worker, each.suspicion) for own in found.values() for each in own)

    assert signs(set()) == [(1, "machine"), (1, "pasted")]
    assert signs({(task, 1) for task in range(12)}) == []
