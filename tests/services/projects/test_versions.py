"""Edits of a running project are versions: people keep the terms they began under, and hear once what changed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from domain.fairness.appeals import AnswerRejected
from domain.fairness.review import LinesToCite
from domain.messages import Message
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.edits import EditPage, VersionsKept
from domain.projects.projects import MOST_EXAMPLES, MOST_PICTURES, ProjectState, WorkedExample
from domain.refusals import BadInput, FormRefused, NotFound, UnknownChoice, WrongState
from domain.work.honest_card import ExamplesShown, ProjectInstructions
from domain.work.messages import TaskShown
from handlers.projects.drafts import CloneProject
from handlers.projects.edits import ClearPart, EditPart, EditProject, ShowVersions
from handlers.work.honest_card import ShowInstructions
from services.act import Act, Reply
from services.fairness import review
from services.projects import edits
from services.work import inputs
from storage import invariants
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.letters import due_letters

FILE = "A" * 60
SHOES = WorkedExample("Lovely shoes!", "positive", "they are happy")


def told(unit: UnitOfWork, person: PersonId, message: type[Message]) -> list[dict[str, Any]]:
    return [
        letter.facts
        for letter in due_letters(unit, 1_000)
        if letter.person == person and letter.screen == message.stored_as
    ]


def edit(act: Act, house: House, part: str, words: str) -> object:
    press(act, EditPart(number=house.project, part=part))
    return inputs.take_words(act, words)


def test_who_has_a_task_keeps_its_terms_and_the_next_one_says_once_what_changed(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=2, tasks=8, gold=0, accept="review", overlap=2)
        begun, new = house.workers
        turn(unit, begun)
        act = act_of(unit, house.requester)
        page = edit(act, house, "instructions", "Read the review.\nIs it kind?")
        assert isinstance(page, EditPage)
        assert (page.edition, page.instructions, page.edited) == (2, ("Read the review.", "Is it kind?"), True)
        shown = press(act_of(unit, begun), ShowInstructions(project=house.project))
        assert isinstance(shown, tuple)
        assert shown[0] == ProjectInstructions(
            "Is the review positive?", ("Read the review.", "Is the writer pleased?"), (), 1
        )
        turn(unit, begun)  # the task in hand, under the first version
        for worker in (new, begun, new):
            turn(unit, worker)
        of_begun, of_new = told(unit, begun, TaskShown), told(unit, new, TaskShown)
        assert [task["instructions"][1] for task in of_begun] == [*["Is the writer pleased?"] * 2, *["Is it kind?"] * 2]
        assert [task["news"] and task["news"]["lines"] for task in of_begun] == [None, None, [[2, "Is it kind?"]], None]
        assert {task["instructions"][1] for task in of_new} == {"Is it kind?"}
        assert {task["news"] for task in of_new} == {None}
        versions = unit.connection.all("SELECT version FROM submissions WHERE worker = :who ORDER BY id", who=begun)
        assert [row[0] for row in versions] == [1, 1, 2]
        assert invariants.find_violations(unit) == []


def test_a_rejection_cites_the_version_its_answer_was_made_under(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=2, tasks=6, gold=0, accept="review", overlap=2)
        turn(unit, house.workers[0])
        act = act_of(unit, house.requester)
        edit(act, house, "instructions", "Only one rule.")
        found = unit.reviews.list_waiting(house.project, 0, 1)[0]
        lines = review.ask_for_line(act, found.id)
        assert lines == LinesToCite(found.id, house.project, ("Read the review.", "Is the writer pleased?"), edition=1)
        review.reject_answer(act, found.id, 2, "The writer is angry, so this is wrong.")
        (heard,) = told(unit, house.workers[0], AnswerRejected)
        assert (heard["cited"]["clause"], heard["cited"]["version"]) == ("Is the writer pleased?", 1)
        turn(unit, house.workers[0])
        turn(unit, house.workers[0])
        later = unit.reviews.list_waiting(house.project, found.id, 10)[-1]
        assert later.version == 2
        with pytest.raises(BadInput):
            review.reject_answer(act, later.id, 2, "There is no second line any more.")
        listed = review.list_waiting_answers(act, house.project, 0, 10).answers
        assert {(each.answer.version, each.instructions) for each in listed} == {
            (1, ("Read the review.", "Is the writer pleased?")),
            (2, ()),
        }


def test_pictures_and_examples_come_before_the_first_task_and_at_the_button(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=2, tasks=8, gold=0, overlap=2)
        act, (begun, new) = act_of(unit, house.requester), house.workers
        turn(unit, begun)
        press(act, EditPart(number=house.project, part="picture"))
        inputs.take_attachment(act, "photo", f"{FILE} unique", "")
        page = edit(act, house, "example", "Lovely shoes! | positive | they are happy")
        assert isinstance(page, EditPage)
        assert (page.edition, page.pictures, page.examples) == (3, 1, 1)
        for worker in (begun, begun, begun, new, new):
            turn(unit, worker)
        for worker in house.workers:  # once, whether they had begun before or not
            (rules,), (examples,) = told(unit, worker, ProjectInstructions), told(unit, worker, ExamplesShown)
            assert rules["pictures"] == [FILE]
            assert examples["examples"][0]["why"] == "they are happy"
        shown = press(act_of(unit, new), ShowInstructions(project=house.project))
        assert isinstance(shown, tuple)
        assert shown[1] == ExamplesShown("Is the review positive?", (SHOES,))


def test_a_clone_has_the_newest_and_a_draft_is_changed_without_a_version(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2, gold=0)
        act = act_of(unit, house.requester)
        edit(act, house, "title", "Is it kind?")
        edit(act, house, "example", "Lovely shoes! | positive | they are happy")
        press(act, CloneProject(number=house.project, what="none"))
        clone = unit.projects.list_of_requester(house.requester)[0]
        assert (clone.title, clone.examples, clone.version) == ("Is it kind?", (SHOES,), 1)
        inputs_of = {"project": clone.id, "part": "instructions", "picture": ""}
        page = edits.take_text(act, inputs_of, "One rule.")
        assert (page.edition, page.instructions, unit.versions.all(clone.id)) == (1, ("One rule.",), [])
        kept = press(act, ShowVersions(number=house.project))
        assert isinstance(kept, VersionsKept)
        assert [each.wording.title for each in kept.versions] == ["Is the review positive?", *["Is it kind?"] * 2]
        before = unit.projects.get(house.project)
        same = edits.take_text(act, {**inputs_of, "project": house.project, "part": "title"}, "Is it kind?")
        assert same.edited is False
        assert unit.projects.get(house.project) == before
        assert invariants.find_violations(unit) == []


def test_what_is_too_much_or_not_theirs_changes_nothing(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2, gold=0)
        act, other = act_of(unit, house.requester), act_of(unit, house.workers[0])
        before = unit.projects.get(house.project)
        for forged in (
            lambda: edits.show_editor(other, house.project),
            lambda: edits.ask_for_part(other, house.project, "title"),
            lambda: edits.clear_part(other, house.project, "picture"),
            lambda: edits.list_versions(other, house.project),
            lambda: edits.take_text(other, {"project": house.project, "part": "title", "picture": ""}, "Mine"),
        ):
            with pytest.raises(NotFound):
                forged()
        for payload in (EditPart(number=house.project, part="pay"), ClearPart(number=house.project, part="title")):
            with pytest.raises(UnknownChoice):
                press(act, payload)
        about = {"project": house.project, "part": "", "picture": ""}
        for part, words in (
            ("title", "x" * 201),
            ("instructions", "x" * 10_000),
            ("example", "x" * 10_000),
            ("example", "only an item"),
            ("example", "item | answer | " + "y" * 201),
            ("example", "\n".join(["a | b"] * (MOST_EXAMPLES + 1))),
            ("picture", "javascript:alert(1)"),
            ("picture", "http://example.org/plain.jpg"),
        ):
            with pytest.raises(FormRefused):
                edits.take_text(act, {**about, "part": part}, words)
        assert unit.projects.get(house.project) == before
        for at in range(MOST_PICTURES):
            edits.take_text(act, {**about, "part": "picture"}, f"https://example.org/{at}.jpg")
        with pytest.raises(BadInput):
            edits.take_picture(act, {**about, "part": "picture"}, FILE)
        cleared = press(act, ClearPart(number=house.project, part="picture"))
        assert isinstance(cleared, Reply)
        assert unit.projects.get(house.project).pictures == ()
        unit.projects.end(house.project, ProjectState.STOPPED, now)
        with pytest.raises(WrongState):
            press(act, EditProject(number=house.project, here=False))


def test_a_version_is_never_changed(database_url: str, now: Moment):
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, workers=1, tasks=2, gold=0)
        edit(act_of(unit, house.requester), house, "title", "Is it kind?")
        first = unit.versions.all(house.project)[0]
    for statement in (
        "UPDATE project_versions SET title = 'another'",
        "DELETE FROM project_versions",
        "INSERT INTO project_versions SELECT project, 1, title, instructions, pictures, examples, made_by, made_at "
        "FROM project_versions WHERE number = 2",
    ):
        with pytest.raises(Exception, match=r"(?i)append-only|unique"), one_transaction(database_url, now) as unit:
            unit.connection.changed(statement)
    with one_transaction(database_url, now) as unit:
        assert unit.versions.all(house.project)[0] == first
        assert replace(first.wording, title="") != first.wording


async def test_edits_between_answers_that_share_commits(database: Database, now: Moment):
    """Each task shows the text of the version that its row names, whatever was edited beside it."""
    house = await database.transact(lambda unit: furnish(unit, workers=4, tasks=24, gold=0, overlap=2), now)

    def reword(step: int) -> Callable[[UnitOfWork], object]:
        about = {"project": house.project, "part": "instructions", "picture": ""}
        return lambda unit: edits.take_text(act_of(unit, house.requester), about, f"Rule {step}.")

    for step in range(6):
        at = Moment(now + 1_000 * step)
        answers = [partial(turn, worker=worker) for worker in house.workers]
        await asyncio.gather(*(database.transact(each, at) for each in (*answers[:2], reword(step), *answers[2:])))

    def look(unit: UnitOfWork) -> None:
        texts = {each.number: list(each.wording.instructions) for each in unit.versions.all(house.project)}
        assert len(texts) == 7
        shown = [letter for letter in due_letters(unit, 1_000) if letter.screen == TaskShown.stored_as]
        for letter in shown:
            held = unit.assignments.find(letter.facts["assignment"])
            assert held is not None
            assert letter.facts["instructions"] == texts[held.version]
        rows = unit.connection.all("SELECT worker, version FROM submissions ORDER BY id")
        for worker in house.workers:
            versions = [row[1] for row in rows if row[0] == worker]
            assert versions == sorted(versions)
        assert len({row[1] for row in rows}) > 3
        assert invariants.find_violations(unit) == []

    await database.transact(look, Moment(now + 10_000))
