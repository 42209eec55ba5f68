"""Who is forgotten is nowhere: canaries are planted in every place, and searched for in the bytes that are left."""

import logging
from io import StringIO
from pathlib import Path

from bot.logs import LogFormatter
from domain.moments import HOUR, Moment, later
from domain.money.amounts import Millionths
from domain.money.ledger import BANK, Transfer, accounts_of_worker, available_account
from domain.people.accounts import PersonId
from domain.people.onboarding import WelcomeBack
from handlers.fairness.board import TakePostBack
from jobs import personal_data
from services.fairness import board, questions
from services.people import personal_data as personal_data_service
from services.work import submit, sweeps
from storage.backups import back_up
from storage.boxes.inbox import ReceivedUpdate
from storage.database import Database, one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.canaries import found, kept
from tests.house import furnish
from tests.services.fairness.test_board import ANSWERED, Floor

NAME, USERNAME, TELEGRAM = "Quetzalina Okapi", "okapi_quetzal", 7_654_321_987
IBAN, HOLDER = "FR7630006000011234567890189", "Quetzalina Axolotl"
TYPED, ANSWER, FIRST, ASKED = "typed numbat", "answered pangolin", "firstly tapir", "questioned fossa, is it?"
POST, APPEAL, LETTER, UPDATE = "posted kakapo of the board", "appealed dugong", "lettered narwhal", "updated saola"
FILE, UNIQUE, ALBUM = "BQACAgCanaryFile", "AgADCanaryUnique", "albumcanary77"
CANARIES = (
    *(NAME, USERNAME, str(TELEGRAM), IBAN, HOLDER, TYPED, ANSWER, FIRST, ASKED, POST, APPEAL, LETTER, UPDATE),
    *(FILE, UNIQUE, ALBUM),
)
REJECTED = """
INSERT INTO rejections (submission, project, line, clause, reason, state, notice, rejected_by, rejected_at,
  appeal_until, decided_at)
VALUES (:submission, :project, 1, 'Read.', 'It says nothing at all.', 'final', 'n', :requester, 1, 2, 3)"""
APPEALED = """
INSERT INTO appeals (submission, words, state, funded, places, opened_at, due_at, decided_at)
VALUES (:submission, :words, 'lost', 0, 0, 1, 2, 3)"""
BEFORE = "INSERT INTO corrections (submission, number, answer, made_at) VALUES (:submission, 1, :answer, 1)"


class Home(Floor):
    """A house whose tasks ask for words, and somebody with canaries in their place of the first worker."""

    def __init__(self, url: str, now: Moment) -> None:
        self.url, self.now = url, now
        with one_transaction(url, now) as unit:
            house = furnish(unit, workers=3, tasks=1, overlap=3, kind="text", options=())
            person = unit.people.upsert(TELEGRAM, USERNAME, NAME, "en", now)
            unit.people.give_consent(person.id, now)
            unit.ledger.open(accounts_of_worker(person), "EUR")
            unit.connection.changed(ANSWERED, worker=person.id, project=house.project, answered=10)
        self.house = type(house)(house.requester, (person.id, *house.workers[1:]), house.project, house.tasks)

    @property
    def person(self) -> PersonId:
        return self.house.workers[0]


def work(home: Home, unit: UnitOfWork) -> None:
    """Asked, answered, corrected, rejected once and appealed; pay sent to the bank."""
    worker = unit.people.get(home.person)
    submit.show_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    assert in_hand is not None
    questions.ask_for_question(act_of(unit, worker.id), in_hand.id)
    questions.ask_question_in_words(act_of(unit, worker.id), ASKED)
    submit.submit_answer(unit, worker, in_hand.id, ANSWER, None)
    number = unit.connection.all("SELECT id FROM submissions WHERE worker = :id", id=worker.id)[0][0]
    unit.connection.changed(BEFORE, submission=number, answer=FIRST)
    unit.connection.changed(REJECTED, submission=number, project=home.project, requester=home.house.requester)
    unit.connection.changed(APPEALED, submission=number, words=APPEAL)
    unit.answer_files.keep(home.house.project, worker.id, in_hand.id, FILE, UNIQUE, ALBUM)
    unit.payees.add(worker.id, IBAN, HOLDER, "code", unit.now)
    paid = Millionths(unit.ledger.balance(available_account(worker), "EUR"))
    unit.ledger.post(Transfer("bank:1", "paid", available_account(worker), BANK, paid, "EUR"))


def say(home: Home, unit: UnitOfWork) -> None:
    """Letters that wait and that were sent; an update that was handled; half a sentence."""
    unit.outbox.tell(home.person, WelcomeBack(LETTER), delay=100 * HOUR)
    unit.outbox.tell(home.person, WelcomeBack(LETTER), key="a", delay=100 * HOUR)
    unit.inbox.store([ReceivedUpdate(1, TELEGRAM, {"message": {"text": UPDATE}})])
    unit.drafts.keep(home.person, "payee", {"typed": "long " * 2_000 + TYPED}, unit.now)


def plant(home: Home) -> None:
    for do in (work, say):
        with one_transaction(home.url, home.now) as unit:
            do(home, unit)
    pen = home.pen(0, home.project)
    post = home.post(0, home.project, pen, POST)
    with one_transaction(home.url, home.now) as unit:
        unit.drafts.keep(home.person, "payee", {"typed": "long " * 2_000 + TYPED}, unit.now)
    assert found(CANARIES, kept(home.url)) == set(CANARIES)  # each is there to be found
    home.press(0, TakePostBack(post=post.post.id, sure=True, pen=pen))


async def leave(home: Home) -> None:
    """As /forget and the sweeps do it."""
    with one_transaction(home.url, home.now) as unit:
        unit.inbox.finish(1)
        assert personal_data_service.begin_erasure(act_of(unit, home.person)) is not None
    home.now = later(home.now, 2 * HOUR)
    for sweep in (
        personal_data_service.finish_erasures,
        personal_data_service.redraw_consensus,
        board.run_board_sweep,
        board.run_board_sweep,
        sweeps.delete_old_rows,
    ):
        home.sweep(sweep)
    database = Database(home.url)
    await personal_data.scrub_log(database, lambda: home.now)
    await database.close()


async def test_who_is_forgotten_is_in_no_row_file_backup_or_log(database_url: str, now: Moment, tmp_path: Path) -> None:
    logged, handler = StringIO(), logging.StreamHandler()
    handler.setFormatter(LogFormatter())
    handler.setStream(logged)
    logging.getLogger().addHandler(handler)
    home = Home(database_url, now)
    plant(home)
    await leave(home)
    logging.getLogger().removeHandler(handler)
    back_up(home.url, tmp_path / "copy")
    places = (kept(home.url), (tmp_path / "copy").read_bytes(), logged.getvalue().encode())
    assert found(CANARIES, *places) == set()


async def test_a_log_that_is_being_read_is_emptied_later(sqlite_url: str, now: Moment) -> None:
    home = Home(sqlite_url, now)
    database = Database(sqlite_url)
    await database.transact(lambda unit: unit.erasure.order_scrub(), now)
    reading = database.dialect.open(read_only=True)
    reading.all("BEGIN")
    reading.all("SELECT count(*) FROM people")
    await database.transact(lambda unit: unit.settings.store("motto", "mine"), now)
    await personal_data.scrub_log(database, lambda: home.now)
    assert await database.transact(lambda unit: unit.erasure.is_scrub_ordered(), now)
    reading.close()
    await personal_data.scrub_log(database, lambda: home.now)
    assert not await database.transact(lambda unit: unit.erasure.is_scrub_ordered(), now)
    await database.close()
