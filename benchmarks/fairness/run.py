"""A town is settled, lives for some days, and is left with all its rows for the promises to be read from."""

from collections.abc import Callable
from functools import partial
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.fairness import events
from benchmarks.fairness.asked import Truth
from benchmarks.fairness.inline import InlineDatabase
from benchmarks.fairness.ran import Ran, Size
from benchmarks.fairness.requesters import CHARACTERS, Admin, Requester
from benchmarks.fairness.town import Town
from benchmarks.fairness.workers import SORTS, Sort, Worker
from bot.settings import Settings
from domain.moments import DAY, HOUR, MINUTE, Moment, later
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import PersonId
from handlers.fairness.board import ReportPost
from handlers.money.deposits import Deposit
from handlers.people.accounts import SetRole
from handlers.people.onboarding import Agree, Start
from handlers.people.settings import ChangeSetting
from jobs import exports
from services.people import onboarding
from storage.unit import UnitOfWork

START = Moment(1_791_180_000_000)  # 2026-10-05 06:00 UTC: the clocks change within the thirty days
ADMINS = (900, 901)
FUNDS = "3000"
ZONES = {"en": "UTC", "fr": "Europe/Paris"}


async def run(url: str, size: Size, prepare: Callable[[Town], None] = lambda town: None) -> Ran:
    """`prepare` may take something away from the town before it lives: a control."""
    database = InlineDatabase(url)
    try:
        town = Town(database, _terms(), frozenset(ADMINS), START, size.sweeps * MINUTE)
        prepare(town)
        ran, began = Ran(url, town, Truth(), size), perf_counter()
        await _settle(ran)
        await town.live(later(START, size.days * DAY))
        await _export(ran)
        ran.seconds = perf_counter() - began
        return ran
    finally:
        await database.close()


async def _export(ran: Ran) -> None:
    """What each requester would be sent."""
    database = ran.town.database
    launched = "SELECT id FROM projects WHERE launched_at IS NOT NULL"
    for (project,) in [row async for row in database.rows(launched)]:
        made = await exports.make_submissions_file(database, {"number": project, "format": "csv"}, ran.end)
        ran.exported[project] = made.path.read_text("utf-8")
        made.path.unlink()


def _terms() -> Terms:
    settings = Settings.model_construct()
    return Terms("EUR", settings.platform_fee_percent, Millionths(int(settings.wage_floor * 1_000_000)))


async def _settle(ran: Ran) -> None:
    town, random = ran.town, Random(ran.size.seed)
    admins = [await _come(town, number, f"admin{number}") for number in ADMINS]
    deciders = [Admin(town, ran.truth, admin, Random(random.random())) for admin in admins]
    for decider in deciders:
        decider.begin()
    every = int(ran.size.every * DAY)
    for number, character in enumerate(CHARACTERS):
        person = await _come(town, 1_000 + number, f"requester{number}", "fr" if character.order.languages else "en")
        await town.press(admins[0], SetRole(who=f"@requester{number}", role="requester", state="on"))
        await town.press(admins[0], Deposit(who=f"@requester{number}", amount=FUNDS))
        requester = Requester(town, ran.truth, person, character, Random(random.random()))
        ran.requesters[person] = requester
        requester.begin(every, ran.size.tasks)
    for number in range(ran.size.workers):
        _invite(ran, number, Random(random.random()))
    events.begin(ran, deciders, Random(random.random()))


def _invite(ran: Ran, number: int, random: Random) -> None:
    """Newcomers join during the first two thirds, the others on the first day."""
    sort = _sort_of(number, ran.size.workers)
    late = ran.size.days * 16 * HOUR if sort.name == "newcomer" else 10 * HOUR
    ran.town.at(later(START, random.randrange(late)), partial(_join, ran, number, sort, random))


def _sort_of(number: int, workers: int) -> Sort:
    place, bound = (number + 0.5) / workers, 0.0
    for sort, share in SORTS:
        bound += share
        if place < bound:
            return sort
    return SORTS[0][0]


async def _join(ran: Ran, number: int, sort: Sort, random: Random) -> None:
    town = ran.town
    person = await _come(town, 2_000 + number, f"worker{number}", sort.language)
    zone = sort.zone or ZONES[sort.language]
    worker = Worker(town, ran.truth, person, sort, random, ZoneInfo(zone))
    ran.workers[person] = worker
    await town.press(person, Agree())
    if sort.zone:
        for what, value in (("zone", sort.zone), ("begin", str(sort.hours[0])), ("end", str(sort.hours[1]))):
            await town.press(person, ChangeSetting(what=what, value=value))
    worker.begin()
    if number % 10 == 0:  # one in ten writes on the board now and then
        for day in range(2, ran.size.days, 4):
            town.at(later(town.now, day * DAY), partial(_post, ran, worker))


async def _post(ran: Ran, worker: Worker) -> None:
    """Some of what is written is reported by another."""
    await worker.posts()
    last = await ran.town.database.transact(_last_post, ran.town.now)
    other = next(iter(ran.workers))
    if last and other != worker.id:
        await ran.town.press(other, ReportPost(post=last))


def _last_post(unit: UnitOfWork) -> int:
    return int(unit.connection.all("SELECT coalesce(max(id), 0) FROM board_posts")[0][0])


async def _come(town: Town, telegram_id: int, name: str, language: str = "en") -> PersonId:
    person = await town.database.transact(onboarding.store_sender, town.now, telegram_id, name, name.title(), language)
    await town.press(person.id, Start())
    return person.id
