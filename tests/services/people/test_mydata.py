"""`/mydata`: one page to read and one file of data, of a person who did a bit of everything."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import orjson

from domain.answers import list_kinds as answer_kinds
from domain.conduct.evidence import SUSPICIONS
from domain.fairness.automated import DECISIONS
from domain.fairness.board import month_number
from domain.moments import Moment
from domain.people.onboarding import CommandMenu
from domain.people.personal_data import PersonalData
from domain.people.settings import Preferences
from formats.personal_data import Values
from handlers.people.personal_data import value_names
from handlers.screen import SCREENS, render
from jobs import exports, personal_data
from locales import translator
from services.people import onboarding
from services.work import submit
from services.work.inputs import QUESTIONS
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import House, furnish

IBAN = "FR7630006000011234567890189"
TITLE = "<script>alert(1)</script> & more"


class Reader(HTMLParser):
    """What a phone would show: the words, and every tag."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self.inside = list[str](), set[str](), ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.inside = tag

    def handle_data(self, data: str) -> None:
        if self.inside != "style":
            self.words.append(data)


def busy(unit: UnitOfWork) -> House:
    """One worker with an answer, an account, a setting, a board that was read, and a movement of money."""
    house = furnish(unit, title=TITLE)
    worker = unit.people.get(house.workers[0])
    submit.show_work(unit, worker)
    in_hand = unit.assignments.active_for(worker.id)
    assert in_hand is not None
    submit.submit_answer(unit, worker, in_hand.id, "0", None)
    unit.payees.add(worker.id, IBAN, "Ann of Lyon", "code", unit.now)
    board = unit.boards.list_for_worker(worker.id, 5)[0].board
    unit.boards.mark_as_read(worker.id, board)
    unit.boards.take_pen(worker.id, board, month_number(unit.now))
    unit.preferences.store(worker.id, Preferences(begin_hour=9, days=0b11))
    unit.outbox.tell(worker.id, CommandMenu(()))
    unit.drafts.keep(worker.id, "payee", {"typed": "half a word"}, unit.now)
    unit.audit.note(worker.id, "payee", f"person:{worker.id}", payee=1, usable_at=unit.now)
    unit.audit.note(None, "withhold", f"person:{worker.id}", amount=50_000, lines=[{"begun_at": unit.now}])
    return house


async def files(database: Database, now: Moment, language: str) -> tuple[str, dict[str, list[dict[str, object]]]]:
    house = await database.transact(busy, now)

    def ask(unit: UnitOfWork) -> tuple[PersonalData, ...]:
        return onboarding.send_personal_data(act_of(unit, house.workers[0]))

    made = []
    for told in await database.transact(ask, now):
        shown = render(
            told.stored_as, {"person": told.person, "telegram_id": told.telegram_id, "form": told.form}, language
        )
        assert shown.file is not None
        made.append((await personal_data.make_mydata_file(database, shown.file.facts, now)).path)
    data, page = made
    return page.read_text(), orjson.loads(data.read_bytes())


async def test_the_page_is_read_in_ones_own_language_and_runs_nothing(database: Database, now: Moment) -> None:
    page, _ = await files(database, now, "fr")
    reader = Reader()
    reader.feed(page)
    shown = "".join(reader.words)
    assert reader.tags.isdisjoint({"script", "img", "link", "iframe"})
    assert TITLE in shown
    assert "Vos réponses" in shown
    assert IBAN in shown
    assert "Ann of Lyon" in shown
    assert "0,05\xa0€" in shown
    assert "half a word" in shown
    assert [word for word in ("None", "null", "{", "millionths") if word in shown] == []


async def test_the_page_has_words_where_codes_are_kept(database: Database, now: Moment) -> None:
    page, _ = await files(database, now, "fr")
    cards = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL))
    assert (cards["Jours"], cards["De"], cards["Résumé du forum à"]) == ("lun et mar", "9:00", "aucun")
    assert cards["Mois du dernier pseudonyme"] == "janvier 2027"
    assert cards["Langue"] == "English"
    said = "".join(cards.values())
    assert re.findall(r"\b(?:people|work|money|fairness)\.[A-Z]\w+|worker:\d+|24\d{3}|127", said) == []
    assert "vous et vos réglages" in page
    assert "votre paie" in page


def test_what_a_message_is_about_is_a_word_and_its_number() -> None:
    t = translator("en")
    known = Values(t, {f"value.{name}": said for name, said in value_names(t).items()})
    live = ("case:stop:3:asked", "stop:4", "complaint:5:1", "question:6")
    names = ("project:8", *live, "released:7:1", "people.Welcome", "complaint")
    assert [known.subject_words(name, {}) for name in names] == [
        "project 8",
        "a case for admins 3",
        "stop of a project or person 4",
        "a complaint 5",
        "a question 6",
        "pay that became yours 7",
        "you and your settings",
        "a complaint",
    ]


def test_every_code_of_the_page_has_words() -> None:
    known = value_names(translator("fr"))
    kinds = {
        "reward",
        "release",
        "forfeit",
        "topup",
        "payout",
        "withhold",
        "launch",
        "return",
        "stake",
        *answer_kinds(),
    }
    wanted = {f"about.{journey}" for journey in QUESTIONS} | {f"suspicion.{each}" for each in SUSPICIONS}
    wanted |= {f"about.{name.partition('.')[0]}" for name in SCREENS} | {
        f"kind.{each}" for each in (*kinds, *answer_kinds())
    }
    wanted |= {f"about.{each.name}" for each in DECISIONS}
    assert sorted(wanted - known.keys()) == []


async def test_the_data_has_names_dates_and_no_masks(database: Database, now: Moment) -> None:
    _, told = await files(database, now, "en")
    (answer,) = told["answers"]
    assert (answer["project"], answer["answer"], answer["pay"]) == (TITLE, "positive", "0.05")
    assert datetime.fromisoformat(str(answer["submitted_at"])) == datetime.fromtimestamp(now // 1000, UTC)
    assert told["bank_accounts"][0]["iban"] == IBAN
    assert told["boards_read"][0].keys() == {"board", "project", "last_post_seen", "month_of_last_name"}
    assert told["being_typed"][0]["data"] == {"typed": "half a word"}
    assert told["projects_answered"][0]["consented_at"]


async def test_what_was_noted_has_its_times_and_amounts_in_words_too(database: Database, now: Moment) -> None:
    """When another account is used was told as 1800003608799."""
    page, told = await files(database, now, "fr")
    at = str(told["answers"][0]["submitted_at"])
    noted = [each["facts"] for each in told["noted"]]
    assert {"payee": 1, "usable_at": at} in noted
    assert {"amount": "0.05", "lines": [{"begun_at": at}]} in noted
    assert str(now) not in page
    assert "Utilisable dès le: 15/01/2027 08:00" in page


async def test_what_telegram_would_not_take_is_zipped(database: Database, now: Moment) -> None:
    house = await database.transact(busy, now)
    file_parts_largest, exports.MAX_FILE_BYTES = exports.MAX_FILE_BYTES, 100
    try:
        made = await personal_data.make_mydata_file(database, {"person": house.workers[0], "telegram_id": 2_000}, now)
    finally:
        exports.MAX_FILE_BYTES = file_parts_largest
    assert (made.name, made.path.read_bytes()[:2]) == ("mydata.json.zip", b"PK")
