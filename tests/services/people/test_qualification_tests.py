"""Tests of qualifications in the chat: back, time, words at the wrong moment, and presses that are not theirs."""

from typing import Any

import pytest

from domain.moments import MINUTE, Moment
from domain.people.qualifications import QualificationGranted, QualificationOffered, TestShown, TestWaits
from domain.projects.form_questions import BACK
from domain.refusals import AnswerUnfit, NotFound
from handlers.people.qualifications import AnswerTest, AskQualification, DeclineQualification
from services.act import Reply
from services.people import qualification_tests
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish
from tests.invariants.flows import turn
from tests.services.people.test_qualifications import a_type, idles, told_of
from tests.services.projects.test_audience import another

KEY = """<?xml version="1.0"?>
<AnswerKey xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/AnswerKey.xsd">
  <Question><QuestionIdentifier>{one}</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>cat</SelectionIdentifier><AnswerScore>3</AnswerScore></AnswerOption>
    <DefaultScore>-1</DefaultScore></Question>
  <Question><QuestionIdentifier>many</QuestionIdentifier>
    <AnswerOption><SelectionIdentifier>b</SelectionIdentifier><SelectionIdentifier>a</SelectionIdentifier>
      <AnswerScore>1</AnswerScore></AnswerOption></Question>
  <QualificationValueMapping><PercentageMapping><MaximumSummedScore>4</MaximumSummedScore></PercentageMapping>
  </QualificationValueMapping>
</AnswerKey>"""
TEST = """<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
  <Overview><Text>Two questions.</Text></Overview>
  <Question><QuestionIdentifier>animal</QuestionIdentifier><IsRequired>true</IsRequired>
    <QuestionContent><Text>Which one purrs?</Text></QuestionContent><AnswerSpecification><SelectionAnswer><Selections>
      <Selection><SelectionIdentifier>dog</SelectionIdentifier><Text>Dogs</Text></Selection>
      <Selection><SelectionIdentifier>cat</SelectionIdentifier><Text>Cats</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification></Question>
  <Question><QuestionIdentifier>many</QuestionIdentifier>
    <QuestionContent><Text>Which are vowels?</Text></QuestionContent><AnswerSpecification><SelectionAnswer>
      <StyleSuggestion>checkbox</StyleSuggestion><Selections>
      <Selection><SelectionIdentifier>a</SelectionIdentifier><Text>a</Text></Selection>
      <Selection><SelectionIdentifier>x</SelectionIdentifier><Text>x</Text></Selection>
      <Selection><SelectionIdentifier>b</SelectionIdentifier><Text>o</Text></Selection>
    </Selections></SelectionAnswer></AnswerSpecification></Question>
</QuestionForm>"""


def offered(unit: UnitOfWork, workers: int = 2) -> tuple[House, int]:
    """A worker who was offered a test: the request."""
    house = furnish(unit, workers=workers, tasks=1)
    worker = house.workers[0]
    idles(unit, worker)
    turn(unit, worker)
    key = KEY.format(one="animal")
    type_ = a_type(unit, house, test=TEST, test_seconds=600, answer_key=key, retry_seconds=0)
    another(unit, house, who=(f"holds={type_.id} >= 50",))
    idles(unit, worker)
    return house, told_of(unit, worker, QualificationOffered)[-1]["request"]


def said(reply: Any) -> Any:
    assert isinstance(reply, Reply)
    return reply.message


async def test_the_way_back_and_old_buttons(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house, request = offered(unit)
        act = act_of(unit, house.workers[0], message=5)
        first = said(press(act, AskQualification(request=request)))
        assert isinstance(first, TestShown)
        assert said(press(act, AnswerTest(request=request, option=1))).draft == ("Cats",)
        assert said(press(act, AnswerTest(request=request, option=0))).draft == ("Cats",)  # of the first step
        assert said(press(act, AnswerTest(request=request, option=100 + BACK))).draft == ()
        assert said(press(act, AnswerTest(request=request, option=0))).draft == ("Dogs",)
        again = said(press(act, AskQualification(request=request)))
        assert again.draft == ("Dogs",)
        with pytest.raises(AnswerUnfit):
            press(act, AnswerTest(request=request, option=199))  # done with nothing chosen

    await database.transact(play, now)


async def test_only_its_worker_takes_it_and_only_while_it_is_open(database: Database, now: Moment) -> None:
    def play(unit: UnitOfWork) -> None:
        house, request = offered(unit)
        act, other = act_of(unit, house.workers[0], message=5), act_of(unit, house.workers[1], message=5)
        with pytest.raises(NotFound):
            press(act, AnswerTest(request=request, option=1))  # not begun
        press(act, AskQualification(request=request))
        for payload in (AnswerTest(request=request, option=1), DeclineQualification(request=request)):
            with pytest.raises(NotFound):
                press(other, payload)
        with pytest.raises(NotFound):
            qualification_tests.answer_typed(other, {"request": request, "message": 5}, "Cats")
        press(act, AnswerTest(request=request, option=1))
        assert said(press(act, DeclineQualification(request=request))) == TestWaits(request, "Reads Breton", True)
        assert unit.drafts.find(house.workers[0]) is None  # words are for other things
        assert said(press(act, AskQualification(request=request))).draft == ("Cats",)
        for option in (100, 199):
            press(act, AnswerTest(request=request, option=option))
        for payload in (AnswerTest(request=request, option=1), AskQualification(request=request)):
            with pytest.raises(NotFound):
                press(act, payload)

    await database.transact(play, now)


async def test_what_was_answered_when_the_time_is_up_counts(database: Database, now: Moment) -> None:
    begun: list[tuple[House, int]] = []

    def begin(unit: UnitOfWork) -> None:
        house, request = offered(unit)
        begun.append((house, request))
        act = act_of(unit, house.workers[0], message=5)
        press(act, AskQualification(request=request))
        press(act, AnswerTest(request=request, option=1))

    def late(unit: UnitOfWork) -> None:
        ((house, request),) = begun
        act = act_of(unit, house.workers[0], message=5)
        done = said(press(act, AnswerTest(request=request, option=100)))
        assert done == QualificationGranted("Reads Breton", "Anna", 75, tested=True)

    await database.transact(begin, now)
    await database.transact(late, Moment(now + 11 * MINUTE))
