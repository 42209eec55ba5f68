"""Screening questions: asked once, where nothing else is in the way; answered or not, changed and deleted at will."""

from typing import Any

import pytest

from domain.moments import Moment
from domain.people.qualifications import NO_ANSWER, ScreeningAsked, ScreeningList, ScreeningSaid
from domain.projects.projects import Condition
from domain.refusals import NotFound, UnknownChoice
from formats.captions.caption import read_value
from formats.errors import FormErrors
from handlers.people.qualifications import AnswerScreening, AskScreening, ShowScreening
from services.projects.audience import readable_conditions, resolve_conditions
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.services.people.test_qualifications import idles, told_of
from tests.services.projects.test_audience import another, listed

WHO = "says=Do you wear glasses? yes / sometimes / no -> yes / sometimes"
WORDS = "Do you wear glasses?"


def asks(unit: UnitOfWork, who: str = WHO) -> tuple[House, int]:
    """A house where one project asks; its number."""
    house = furnish(unit, 2, 1)
    for worker in house.workers:
        idles(unit, worker)
        turn(unit, worker)
    read = read_value("who", who)
    assert isinstance(read, tuple)
    project = another(unit, house, who=resolve_conditions(unit, unit.people.get(house.requester), read))
    return house, project


def question_of(unit: UnitOfWork, worker: Any) -> int:
    return int(told_of(unit, worker, ScreeningAsked)[-1]["question"])


def test_it_is_asked_once_and_only_who_fits_hears_of_the_project(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, project = asks(unit)
        one, two = house.workers
        (known,) = readable_conditions(unit, unit.projects.get(project))  # type: ignore[arg-type]
        assert known == Condition("says", f"{WORDS}\nyes|sometimes")
        for worker in (one, two, two):
            idles(unit, worker)
        assert [len(told_of(unit, worker, ScreeningAsked)) for worker in (one, two)] == [1, 1]
        assert told_of(unit, one, ScreeningAsked)[0]["options"] == ["yes", "sometimes", "no"]
        number = question_of(unit, one)
        press(act_of(unit, one), AnswerScreening(question=number, option=1))
        press(act_of(unit, two), AnswerScreening(question=number, option=2))
        assert (project in listed(unit, one), project in listed(unit, two)) == (True, False)
        again = resolve_conditions(
            unit, unit.people.get(house.requester), ("says=DO YOU  wear glasses?\nyes|sometimes|no\nno",)
        )
        assert again == (f"says={number}:2",)  # another project asks the same question: nobody is asked twice


def test_what_was_said_is_changed_and_deleted_by_its_worker_alone(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, project = asks(unit)
        one, two = house.workers
        idles(unit, one)
        number, act = question_of(unit, one), act_of(unit, one, message=5)
        with pytest.raises(NotFound):  # never asked
            press(act_of(unit, two), AnswerScreening(question=number, option=0))
        with pytest.raises(UnknownChoice):
            press(act, AnswerScreening(question=number, option=3))
        press(act, AnswerScreening(question=number, option=0))
        assert project in listed(unit, one)
        shown: Any = press(act, ShowScreening())
        assert shown.message == ScreeningList((ScreeningSaid(number, WORDS, "yes"),))  # type: ignore[arg-type]
        asked: Any = press(act, AskScreening(question=number))
        assert asked.message.words == WORDS
        gone: Any = press(act, AnswerScreening(question=number, option=NO_ANSWER))
        assert gone.message.answer is None
        assert project not in listed(unit, one)
        before = told_of(unit, one, ScreeningAsked)
        idles(unit, one)
        assert told_of(unit, one, ScreeningAsked) == before  # not asked again
        assert unit.connection.all("SELECT answer FROM screening_answers") == [(None,)]
        unit.erasure.erase(unit.people.get(one))
        assert unit.connection.all("SELECT * FROM screening_answers") == []


def test_nobody_is_asked_where_something_else_is_in_the_way(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house, _ = asks(unit, f"{WHO}, invited")
        idles(unit, house.workers[0])
        assert told_of(unit, house.workers[0], ScreeningAsked) == []


@pytest.mark.parametrize(
    "said",
    ["says=Glasses", "says=Glasses? yes -> yes", "says=Glasses? yes / no", "says=Glasses? yes / no -> maybe",
     "says=Glasses? yes / no -> yes / no", "says=Glasses? yes / yes -> yes", "says=Glasses? yes /  -> yes"],
)  # fmt: skip
def test_what_is_no_question_is_named(said: str) -> None:
    with pytest.raises(FormErrors) as wrong:
        read_value("who", said)
    assert [error.expected for error in wrong.value.errors] == ["who_says"]
