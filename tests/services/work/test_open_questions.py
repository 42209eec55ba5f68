"""The latest question takes the words; its row is read once."""

import pytest

from domain.fairness.questions import QuestionSent
from domain.handing_in import Wants
from domain.moments import Moment
from domain.money.payouts import AccountKept
from domain.people.onboarding import NotUnderstood
from domain.projects.wizard import FileAwaited, FileWanted, WizardQuestion
from domain.work.messages import Submitted, WrongKindSent
from handlers.fairness.questions import AskInWords
from handlers.routing import list_results
from services.act import Reply
from services.fairness import questions
from services.money import payouts
from services.projects import wizard
from services.work import corrections, inputs, submit
from storage.database import Database
from storage.people import settings
from storage.unit import UnitOfWork
from tests.acts import act_of, press
from tests.house import House, furnish

FORM = "/newproject\ntitle: a\ninstructions: b\npay: 1\noptions: x, y"


async def asked(database: Database, now: Moment, kind: str = "text") -> House:
    """A worker who has a task in hand."""

    def begin(unit: UnitOfWork) -> House:
        house = furnish(unit, kind=kind, options=() if kind == "text" else ("x", "y"))
        submit.show_work(unit, unit.people.get(house.workers[0]))
        return house

    return await database.transact(begin, now)


def say(unit: UnitOfWork, house: House, words: str) -> object:
    return inputs.take_words(act_of(unit, house.workers[0]), words)


async def test_every_question_is_known_by_its_journey() -> None:
    known = {"payee", "review", "appeal", "bonus", "newproject", "gold", "question", "answer", "board", "petition"}
    known |= {
        "counter_offer",
        "end",
        "group link",
        "rating_reply",
        "first look",
        "suspend",
        "stop appeal",
        "stop ruling",
    }
    known |= {
        "confirm",
        "block",
        "qualification test",
        "qualification",
        "qualification holders",
        "redo",
        "hub",
        "complaint",
        "complaint answer",
        "board contest",
        "board lapsed",
        "board open",
        "board ruling",
        "trial",
        "team name",
        "team cap",
        "edit",
        "role request",
        "role refusal",
    }
    assert known == set(inputs.QUESTIONS)


async def test_whoever_asked_last_takes_the_words(database: Database, now: Moment) -> None:
    house, later = await asked(database, now), Moment(now + 1_000)
    begun = await database.transact(lambda unit: wizard.begin_form(act_of(unit, house.workers[0])), later)
    assert begun == WizardQuestion("title", "choice", 1, 0, currency="EUR")
    assert isinstance(await database.transact(say, later, house, "A title"), WizardQuestion)
    await database.transact(lambda unit: submit.skip_task(act_of(unit, house.workers[0]), mine(unit, house)), later)
    await database.transact(
        lambda unit: submit.show_work(unit, unit.people.get(house.workers[0])), Moment(later + 1_000)
    )
    assert isinstance(await database.transact(say, Moment(later + 2_000), house, "An answer"), Submitted)


def mine(unit: UnitOfWork, house: House):
    in_hand = unit.assignments.active_for(house.workers[0])
    assert in_hand is not None
    return in_hand.id


def delivered(unit: UnitOfWork, house: House, message: int) -> None:
    """The task is in the chat."""
    [(letter,)] = unit.connection.all("SELECT id FROM outbox WHERE assignment = :task", task=mine(unit, house))
    unit.outbox.mark_sent([(letter, message)])


async def test_an_account_is_never_an_answer_and_leaves_the_chat(database: Database, now: Moment) -> None:
    house = await asked(database, now)
    await database.transact(
        lambda unit: unit.drafts.keep(house.workers[0], payouts.JOURNEY, {"holder": "Ann"}, now), now
    )
    later = Moment(now + 1_000)
    replies = await database.transact(say, later, house, "FR76 3000 6000 0112 3456 7890 189")
    assert any(isinstance(each, Reply) and each.erases for each in list_results(replies))
    assert await database.transact(lambda unit: unit.connection.all("SELECT answer FROM submissions"), now) == []


@pytest.mark.parametrize("words", ["In 2019 he moved to Paris", "De 12 a 13 personnes y vivent"])
async def test_words_that_only_look_like_an_account_answer_the_task(
    database: Database, now: Moment, words: str
) -> None:
    house = await asked(database, now)
    await database.transact(
        lambda unit: unit.drafts.keep(house.workers[0], payouts.JOURNEY, {"holder": "Ann"}, now), now
    )
    assert isinstance(await database.transact(say, Moment(now + 1_000), house, words), Submitted)


@pytest.mark.parametrize("typed", ["FR76 3000 6000 0112 3456 7890 188", "FR76 3000 6000 0112 3456 7890"])
async def test_a_mistyped_account_is_no_answer_either(database: Database, now: Moment, typed: str) -> None:
    house = await asked(database, now)
    await database.transact(
        lambda unit: unit.drafts.keep(house.workers[0], payouts.JOURNEY, {"holder": "Ann"}, now), now
    )
    await database.transact(say, Moment(now + 1_000), house, typed)
    assert await database.transact(lambda unit: unit.connection.all("SELECT answer FROM submissions"), now) == []


async def test_a_task_that_is_brought_down_again_takes_the_words(database: Database, now: Moment) -> None:
    house, later = await asked(database, now), Moment(now + 1_000)

    def play(unit: UnitOfWork) -> None:
        delivered(unit, house, 77)
        assert payouts.ask_for_holder(unit, unit.people.get(house.workers[0]))
        assert isinstance(inputs.take_words(act_of(unit, house.workers[0]), "Ann Ada"), tuple)  # a question asked since

    await database.transact(play, later)
    again = Moment(later + 1_000)
    await database.transact(lambda unit: submit.ask_for_work(act_of(unit, house.workers[0])), again)
    assert isinstance(await database.transact(say, Moment(again + 1_000), house, "Hello you"), Submitted)


async def test_a_reply_to_a_task_answers_the_task(database: Database, now: Moment) -> None:
    house, later = await asked(database, now), Moment(now + 1_000)

    def play(unit: UnitOfWork) -> object:
        worker = act_of(unit, house.workers[0])
        delivered(unit, house, 77)
        payouts.ask_for_holder(unit, worker.person)
        return inputs.take_words(worker, "Hello you", 77)

    assert isinstance(await database.transact(play, later), Submitted)


async def test_words_for_nobody_are_said_to_be_so(database: Database, now: Moment) -> None:
    house = await asked(database, now, "choice")
    assert await database.transact(say, now, house, "hm") == WrongKindSent(Wants.PRESS)
    await database.transact(lambda unit: submit.skip_task(act_of(unit, house.workers[0]), mine(unit, house)), now)
    assert await database.transact(lambda unit: inputs.take_words(act_of(unit, house.requester), "hm"), now) == (
        NotUnderstood(False)
    )


async def test_the_file_is_waited_for_and_the_row_is_read_once(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await asked(database, now)
    described = await database.transact(lambda unit: wizard.begin_described(act_of(unit, house.requester), FORM), now)
    assert described == FileWanted()
    looks: list[int] = []
    read = settings.Drafts.find
    monkeypatch.setattr(settings.Drafts, "find", lambda self, person: (looks.append(person), read(self, person))[1])
    told = await database.transact(lambda unit: inputs.take_words(act_of(unit, house.requester), "hello"), now)
    assert (told, looks) == (FileAwaited(), [house.requester])


async def test_a_bank_account_typed_into_a_question_reaches_nobody(database: Database, now: Moment) -> None:
    house = await asked(database, now, kind="choice")
    iban = "FR76 3000 6000 0112 3456 7890 189"

    def typed(unit: UnitOfWork) -> tuple[object, list[object], object]:
        worker = act_of(unit, house.workers[0])
        in_hand = unit.assignments.active_for(worker.person.id)
        assert in_hand is not None
        questions.ask_for_question(worker, in_hand.id)
        kept = inputs.take_words(worker, iban)
        known = unit.connection.all("SELECT id FROM questions")
        return kept, known, inputs.take_words(worker, "Does FR76 3000 count?")

    kept, known, then = await database.transact(typed, now)
    assert kept == Reply(AccountKept(), erases=True)
    assert known == []
    assert isinstance(then, QuestionSent)


async def test_a_bank_account_does_not_take_the_place_of_an_answer(database: Database, now: Moment) -> None:
    """Asked for before ↩️ was pressed, it became the answer, which the requester reads."""
    house, iban = await asked(database, now), "FR76 3000 6000 0112 3456 7890 189"

    def typed(unit: UnitOfWork) -> list[object]:
        worker = act_of(unit, house.workers[0])
        assignment = mine(unit, house)
        inputs.take_words(worker, "An answer")
        unit.drafts.keep(worker.person.id, payouts.JOURNEY, {"holder": "Ann"}, now)
        corrections.reopen_answer(worker, assignment, 0)
        replies = list_results(inputs.take_words(worker, iban))
        assert any(isinstance(each, Reply) and each.erases for each in replies)
        answers = unit.connection.all("SELECT answer FROM submissions UNION SELECT answer FROM corrections")
        return [inputs.take_words(worker, "Another answer"), *answers]

    assert (await database.transact(typed, now))[1:] == [("An answer",)]


async def test_a_bank_account_behind_a_command_or_in_a_reply_reaches_nobody(database: Database, now: Moment) -> None:
    house, iban = await asked(database, now), "FR76 3000 6000 0112 3456 7890 189"

    def typed(unit: UnitOfWork) -> list[object]:
        worker, requester = act_of(unit, house.workers[0]), act_of(unit, house.requester)
        behind = press(worker, AskInWords(words=iban))
        known = unit.connection.all("SELECT id FROM questions")
        press(worker, AskInWords(words="Does a half count?"))
        (number,) = unit.connection.all("SELECT id FROM questions")[0]
        unit.live_messages.keep(house.requester, f"question:{number}", 77)
        return [behind, known, inputs.take_words(requester, iban, replied=77)]

    kept = Reply(AccountKept(), erases=True)
    assert await database.transact(typed, now) == [kept, [], kept]
