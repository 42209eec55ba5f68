"""A requester makes qualifications in the chat: with a test of their own, or by a list of workers."""

from typing import Any

import pytest

from domain.moments import Moment
from domain.people.accounts import pseudonym
from domain.people.onboarding import NotUnderstood
from domain.people.qualifications import (
    OFFERED,
    HoldersChanged,
    QualificationDeletion,
    QualificationGranted,
    QualificationOffered,
    QualificationPage,
    TestShown,
)
from domain.refusals import BadInput, FormRefused, NotFound
from domain.work.messages import WrongKindSent
from formats.captions.qualifications import read_qualification
from formats.errors import FormErrors
from handlers.people.qualifications import (
    AnswerTest,
    AskHolders,
    AskQualification,
    DeclineQualification,
    DeleteQualification,
    MakeQualification,
    ShowQualification,
    ShowQualifications,
)
from services.act import Act
from services.people import qualification_grants, qualifications
from services.projects.audience import resolve_conditions
from services.work import inputs
from storage.database import one_transaction
from tests.acts import act_of, press
from tests.house import furnish
from tests.invariants.flows import turn
from tests.services.people.test_qualifications import idles, told_of
from tests.services.projects.test_audience import another

FORM = """
name: Reads Breton
description: You read short texts in <Breton> & more.
minutes: 10
again: 24
question: What does "demat" mean? | hello, goodbye | right=hello
question: Which are greetings? | demat, kenavo, bara | right=Demat, kenavo
"""


ASKS = "name: A\ndescription: c\nquestion: Q | yes, no | right=no\n"


def made(act: Act, text: str = FORM) -> QualificationPage:
    press(act, MakeQualification(team=0))
    found = inputs.take_words(act, text)
    assert isinstance(found, QualificationPage)
    return found


def test_a_test_written_in_the_chat_is_offered_taken_and_scored(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 1)
        idles(unit, house.workers[0])
        turn(unit, house.workers[0])
        page = made(act_of(unit, house.requester))
        assert (page.line.questions, page.minutes, page.again_hours, page.line.holders) == (2, 10, 24, 0)
        who = resolve_conditions(unit, unit.people.get(house.requester), ("qualified=Reads Breton >= 50",))
        another(unit, house, who=who)
        idles(unit, house.workers[0])
        (offer,) = told_of(unit, house.workers[0], QualificationOffered)
        assert (offer["questions"], offer["seconds"]) == (2, 600)
        worker = act_of(unit, house.workers[0], message=5)
        shown: Any = press(worker, AskQualification(request=offer["request"]))
        assert isinstance(shown.message, TestShown)
        press(worker, AnswerTest(request=offer["request"], option=0))
        for option in (100, 101, 199):  # demat, kenavo, done
            ended: Any = press(worker, AnswerTest(request=offer["request"], option=option))
        assert isinstance(ended.message, QualificationGranted)
        assert ended.message.value == 100
        assert unit.qualifications.get_held_values(house.workers[0]) == {page.line.type: 100}


def test_a_list_of_workers_is_granted_whole_or_not_at_all(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 4)
        for each in house.workers:
            turn(unit, each)
        act = act_of(unit, house.requester)
        number = made(act, "name: Allowed\ndescription: People I know.").line.type
        one, two = (pseudonym(unit.settings.secret, house.requester, each) for each in house.workers)
        press(act, AskHolders(type_=number))
        with pytest.raises(FormRefused) as refused:
            inputs.take_words(act, f"{one} 90\nwnobody\n{two} many\n@no\n123")
        assert [error["value"] for error in refused.value.errors] == ["wnobody", f"{two} many", "@no", "123"]
        assert qualifications.show_type(act, number).line.holders == 0
        assert inputs.take_words(act, f"{one.upper()} 90\n\n{two}") == HoldersChanged(number, "Allowed", 2, 0)
        assert [unit.qualifications.get_held_values(each)[number] for each in house.workers] == [90, 1]
        press(act, AskHolders(type_=number))
        assert inputs.take_words(act, f"{two} -") == HoldersChanged(number, "Allowed", 0, 1)
        assert not unit.qualifications.get_held_values(house.workers[1])


def test_only_its_requester_sees_grants_and_deletes_it(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 1)
        act = act_of(unit, house.requester)
        number = made(act).line.type
        unit.people.make_requester(house.workers[1], True)
        other = act_of(unit, house.workers[1])
        for asked in (ShowQualification, AskHolders, DeleteQualification):
            with pytest.raises(NotFound):
                press(other, asked(type_=number))
        with pytest.raises(BadInput):
            made(act)  # of the same name
        assert press(act, DeleteQualification(type_=number)) == QualificationDeletion(number, "Reads Breton", 0, False)
        assert names(act) == ["Reads Breton"]
        press(act, DeleteQualification(type_=number, sure=True))
        assert names(act) == []


def test_words_are_for_other_things_once_the_qualification_of_a_begun_test_is_deleted(
    sqlite_url: str, now: Moment
) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, 2, 1)
        number, worker = made(act_of(unit, house.requester)).line.type, act_of(unit, house.workers[0], message=5)
        type_ = unit.qualifications.find(number)
        assert type_ is not None
        request = unit.qualifications.add_request(number, house.workers[0], OFFERED, type_.test)
        assert request is not None
        press(worker, AskQualification(request=request))
        press(act_of(unit, house.requester), DeleteQualification(type_=number, sure=True))
        for _ in range(2):
            assert isinstance(inputs.take_words(worker, "kenavo"), NotUnderstood | WrongKindSent)
            assert unit.drafts.find(house.workers[0]) is None


def names(act: Act) -> list[str]:
    shown: Any = press(act, ShowQualifications(team=0))
    return [each.name for each in shown.message.types]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", ["qualification_name"]),
        ("name: A", ["qualification_description"]),
        ("name: A > b\ndescription: c", ["qualification_name"]),
        ("name: A\ndescription: c\nminutes: 0", ["row_number"]),
        ("name: A\ndescription: c\nagain: soon", ["row_number"]),
        ("name: A\ndescription: c\npay: 0.20\npeople: 5", ["qualification_pay_no_test"]),
        (ASKS + "pay: 0.20", ["qualification_pay"]),
        (ASKS + "people: 5", ["qualification_pay"]),
        (ASKS + "pay: 0\npeople: 5", ["amount_positive"]),
        (ASKS + "paie: 0,20\npersonnes: 10001", ["row_number"]),
        ("nom: A\ndescription: c\nwhat is this\nquestion: Q", ["qualification_line", "qualification_question"]),
        ("name: A\ndescription: c\nquestion: Q | yes, no", ["qualification_question"]),
        ("name: A\ndescription: c\nquestion: Q | yes, no | right=maybe", ["qualification_question"]),
        ("name: A\ndescription: c\nquestion: Q | yes | right=yes", ["qualification_question"]),
        ("name: A\ndescription: c" + "\nquestion: Q | a, b | juste=a" * 21, ["questions_at_most"]),
    ],
)
def test_what_cannot_be_read_is_named(text: str, wrong: list[str]) -> None:
    with pytest.raises(FormErrors) as found:
        read_qualification(text, "EUR")
    assert [error.expected for error in found.value.errors] == wrong


def test_right_options_that_differ_by_an_accent_are_told_apart() -> None:
    written = read_qualification("name: N\ndescription: D\nquestion: Which? | ou, où | right=OU", "EUR")
    assert [each.right for each in written.questions] == [("ou",)]


def test_people_who_have_not_come_are_awaited_by_name_and_say_yes_themselves(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 3, 1, overlap=3)
        one, two, three = house.workers
        for each in house.workers:
            turn(unit, each)
        unit.connection.changed("UPDATE people SET username = 'Ann_Lee' WHERE id = :id", id=one)
        act = act_of(unit, house.requester)
        number = made(act).line.type  # it has a test: who is on the list takes none
        press(act, AskHolders(type_=number))
        names = f"@ann_lee 80\n@Bob_Roe\n{unit.people.get(two).telegram_id}\n700700700 -"
        assert inputs.take_words(act, names) == HoldersChanged(number, "Reads Breton", 0, 0, awaited=3, dropped=0)
        marks = [row[0] for row in unit.connection.all("SELECT mark FROM awaited_names ORDER BY mark")]
        assert all(len(mark) == 64 and "ann" not in mark for mark in marks)
        line = qualifications.show_type(act, number).line
        assert (line.holders, line.awaited) == (0, 3)
        assert not any(unit.qualifications.get_held_values(each) for each in house.workers)
        another(
            unit, house, who=resolve_conditions(unit, unit.people.get(house.requester), ("qualified=Reads Breton",))
        )
        for worker, value in ((one, 80), (two, 1), (three, None)):
            idles(unit, worker)
            (offered,) = told_of(unit, worker, QualificationOffered)
            assert offered["named"] is (value is not None)
            assert offered["questions"] == (0 if offered["named"] else 2)
            press(act_of(unit, worker), AskQualification(request=offered["request"]))
            assert unit.qualifications.get_held_values(worker).get(number) == value
        line = qualifications.show_type(act, number).line
        assert (line.holders, line.awaited) == (2, 1)
        press(act, AskHolders(type_=number))
        assert inputs.take_words(act, "@BOB_ROE -") == HoldersChanged(
            number, "Reads Breton", 0, 0, awaited=0, dropped=1
        )


def test_a_name_goes_with_its_person_and_with_the_list(database_url: str, now: Moment) -> None:
    with one_transaction(database_url, now) as unit:
        house = furnish(unit, 2, 1)
        person = unit.people.get(house.workers[0])
        act = act_of(unit, house.requester)
        number = made(act, "name: Allowed\ndescription: People I know.").line.type
        press(act, AskHolders(type_=number))
        inputs.take_words(act, f"{person.telegram_id}\n@somebody_else")
        qualification_grants.forget_awaited(unit, person)
        assert qualifications.show_type(act, number).line.awaited == 1
        press(act, DeleteQualification(type_=number, sure=True))
        assert unit.connection.all("SELECT 1 FROM awaited_names") == []


def test_who_asked_before_they_were_on_the_list_has_it_once_they_say_yes_and_no_list_tells_who_it_is(
    sqlite_url: str, now: Moment
) -> None:
    with one_transaction(sqlite_url, now) as unit:
        house = furnish(unit, 2, 1)
        act, worker = act_of(unit, house.requester), house.workers[0]
        turn(unit, worker)
        number = made(act, "name: Allowed\ndescription: People I know.").line.type
        another(unit, house, who=resolve_conditions(unit, unit.people.get(house.requester), ("qualified=Allowed",)))
        idles(unit, worker)
        (offered,) = told_of(unit, worker, QualificationOffered)
        yes, no = AskQualification(request=offered["request"]), DeclineQualification(request=offered["request"])
        press(act_of(unit, worker), yes)
        with pytest.raises(NotFound):  # it waits, and they are on no list
            press(act_of(unit, worker), yes)
        for name in (str(unit.people.get(worker).telegram_id), "@somebody_else"):
            press(act, AskHolders(type_=number))
            assert inputs.take_words(act, name) == HoldersChanged(number, "Allowed", 0, 0, awaited=1)
        press(act_of(unit, worker), no)  # their request is not seen to go
        assert [each.worker for each in unit.qualifications.list_waiting(house.requester, number, 0, 9)] == [worker]
        assert not unit.qualifications.get_held_values(worker)
        assert [each.get("named", False) for each in told_of(unit, worker, QualificationOffered)] == [False, True]
        press(act_of(unit, worker), yes)
        assert unit.qualifications.get_held_values(worker) == {number: 1}


@pytest.mark.parametrize("line", ["@ada_l,90", "@ada_l, 90", "@ada_l;90", "@ada_l=90", "@ada_l: 90"])
def test_a_value_stands_behind_a_name_as_in_any_table(sqlite_url: str, now: Moment, line: str) -> None:
    with one_transaction(sqlite_url, now) as unit:
        act = act_of(unit, furnish(unit, 1, 1).requester)
        number = made(act, "name: Allowed\ndescription: People I know.").line.type
        press(act, AskHolders(type_=number))
        assert inputs.take_words(act, line) == HoldersChanged(number, "Allowed", 0, 0, awaited=1)
        assert unit.connection.all("SELECT value FROM awaited_names") == [(90,)]


def test_a_form_with_full_width_colons_is_the_same_form() -> None:
    assert read_qualification(FORM.replace(":", "\uff1a"), "EUR") == read_qualification(FORM, "EUR")
