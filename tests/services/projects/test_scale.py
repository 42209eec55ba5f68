"""Large files, launches and results go step by step: nothing half done is seen, nothing is lost between two steps."""

import asyncio
import csv
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest

from domain.moments import HOUR, Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.accounts import Person
from domain.projects.drafts import FileArriving
from domain.projects.projects import Project, ProjectId
from domain.projects.results import ProjectFile
from domain.refusals import BadInput
from formats.captions.caption import ProjectForm
from formats.tables.reading import read_tasks
from handlers.screen import render
from jobs import exports
from jobs.bulk_updates import run_bulk_updates
from jobs.uploads import progress, reading
from jobs.uploads.progress import UploadProgress, showing_progress
from services.projects import drafts, launches, lifecycle, results, trials
from services.projects.drafts import Sent
from services.projects.progress import progress_of
from services.quality import gold
from services.work import submit
from storage.database import Database
from storage.invariants import iter_findings
from storage.projects.batches import Batch
from storage.projects.results import results_of
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import settle_requester, settle_worker
from tests.letters import due_letters

TERMS = Terms("EUR", Decimal(10), Millionths(0))
FORM = ProjectForm(
    title="Pleased?", instructions=("Read.",), pay=50_000, options=("yes", "no"), overlap=1, max_overlap=1
)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, size in (
        (drafts, "STEP", 2),
        (drafts, "ALONG", 2),
        (reading, "STEP", 2),
        (lifecycle, "TASKS", 2),
        (lifecycle, "FIRST", 2),
        (lifecycle, "WORKERS", 1),
    ):
        monkeypatch.setattr(module, name, size)


def sent(*rows: str, name: str = "t.csv") -> Sent:
    """A file of `id,text`, row by row."""
    file = read_tasks("\n".join(["id,text", *(f"{row},is it {row}?" for row in rows)]).encode(), name, FORM.options)
    return Sent(file, name, f"print of {rows}")


def requester(unit: UnitOfWork) -> Person:
    return unit.people.find_by_username("anna") or settle_requester(unit)


def begin(file: Sent) -> Any:
    return lambda unit: drafts.begin_project(unit, requester(unit), FORM, file, TERMS)


def create(unit: UnitOfWork, file: Sent) -> ProjectId:
    return ProjectId(drafts.create_draft(act_of(unit, requester(unit).id), FORM, file).number)


def counts(unit: UnitOfWork) -> tuple[int, ...]:
    return tuple(
        unit.connection.all(f"SELECT count(*) FROM {table}")[0][0] for table in ("tasks", "batches", "projects")
    )


async def test_a_file_that_is_cut_off_goes_on_where_it_ended_and_nobody_sees_it_before(
    database: Database, now: Moment
) -> None:
    file = sent(*"abcdefg")

    def cut_off(unit: UnitOfWork, batch: Batch) -> tuple[Batch, Project | None, list[Project]]:
        grown = drafts.write_rows(unit, unit.projects.get(batch.project), batch, list(file.file.rows.packed())[:2])
        return grown, unit.projects.find(batch.project), unit.projects.list_of_requester(requester(unit).id)

    batch = await database.transact(begin(file), now)
    assert (await database.transact(cut_off, now, batch))[1:] == (None, [])
    told = UploadProgress("t.csv")
    await reading.stage_rows(database, lambda: now, begin(file), file, told)
    assert (told.written, told.total) == (7, 7)
    assert await database.transact(lambda unit: unit.projects.find(batch.project), now) is None
    assert await database.transact(create, now, file) == batch.project
    assert await database.transact(create, now, file) == batch.project  # the same file once more
    assert await database.transact(counts, now) == (7, 1, 1)
    waiting = await database.transact(lambda unit: unit.batches.waiting(batch.project), now)
    assert (waiting.tasks, waiting.submissions, waiting.last) == (7, 7, 7)


@pytest.mark.parametrize(
    ("rows", "keys"),
    [
        ([("2", "a"), ("", "b")], ["2", "#2"]),
        ([("", "a"), ("1", "b"), ("", "c")], ["#1", "1", "3"]),
        ([("", "a"), ("b", "b"), ("c", "c"), ("1", "d"), ("#1", "e")], ["##1", "b", "c", "1", "#1"]),  # in two steps
    ],
)
async def test_a_row_without_an_id_never_takes_one_of_the_files_own(
    database: Database, now: Moment, rows: list[tuple[str, str]], keys: list[str]
) -> None:
    """Its number was refused as an id that is taken already."""
    text = "".join(f"{key},{text}\n" for key, text in rows)
    file = Sent(read_tasks(f"id,text\n{text}".encode(), "t.csv", FORM.options), "t.csv", text)
    await reading.stage_rows(database, lambda: now, begin(file), file, UploadProgress("t.csv"))
    number = await database.transact(create, now, file)
    kept = "SELECT key FROM tasks WHERE project = :project ORDER BY position"
    assert [row[0] async for row in database.rows(kept, project=number)] == keys


async def test_more_rows_without_ids_come_beside_those_that_have_numbers(database: Database, now: Moment) -> None:
    """Their sender had no id to mend."""
    number = await database.transact(create, now, sent("4", "5", "x"))
    text = "text\none\ntwo\nthree\n"
    more = Sent(read_tasks(text.encode(), "m.csv", FORM.options), "m.csv", text)

    def add(unit: UnitOfWork) -> list[str]:
        batch = drafts.begin_addition(unit, requester(unit), unit.projects.get(number), more)
        drafts.import_rows(unit, batch, more)
        return [row[0] for row in unit.connection.all("SELECT key FROM tasks ORDER BY position")]

    assert await database.transact(add, now) == ["4", "5", "x", "#4", "#5", "6"]


async def test_few_rows_come_with_the_transaction_that_shows_them_and_more_before_it(
    database: Database, now: Moment
) -> None:
    for file, before in ((sent(*"ab"), 0), (sent(*"abc"), 3)):
        tasks = (await database.transact(counts, now))[0]
        commits = database.commits
        await reading.stage_rows(database, lambda: now, begin(file), file, UploadProgress("t.csv"))
        assert (await database.transact(counts, now))[0] - tasks == before
        assert (database.commits - commits > 3) == (before > 0)  # begun, in two steps at least, and counted here
        await database.transact(create, now, file)
        assert (await database.transact(counts, now))[0] - tasks == len(file.file.rows)


async def test_what_is_not_brought_to_its_end_and_what_can_not_come_in_is_taken_out(
    database: Database, now: Moment
) -> None:
    lost, first, more = sent(*"abcde"), sent(*"vwxyz"), sent(*"klmnopx")
    await reading.stage_rows(database, lambda: now, begin(lost), lost, UploadProgress("t.csv"))
    assert await database.transact(counts, now) == (5, 1, 1)
    await reading.drop_stale_batches(database, lambda: Moment(now + 2 * HOUR))
    assert await database.transact(counts, now) == (0, 0, 0)
    number = await database.transact(create, now, first)

    def add(unit: UnitOfWork) -> Batch:
        return drafts.begin_addition(unit, requester(unit), unit.projects.get(number), more)

    batch = await database.transact(add, now)
    half = list(more.file.rows.packed())[:2]
    await database.transact(lambda unit: drafts.write_rows(unit, unit.projects.get(number), batch, half), now)
    sql, cells = results_of(database.dialect.name, ("text",))
    seen = [row async for row in database.rows(sql, project=number, **cells)]
    assert [row[5] for row in seen] == [f"is it {letter}?" for letter in "vwxyz"]
    with pytest.raises(BadInput) as refused:
        await reading.stage_rows(database, lambda: now, add, more, UploadProgress("t.csv"))
    assert refused.value.facts["value"] == "x"
    assert await database.transact(counts, now) == (5, 1, 1)


async def test_a_launch_and_an_end_reach_every_task_and_whoever_waits(database: Database, now: Moment) -> None:
    number = await database.transact(create, now, sent(*"abcdefg"))

    def launch(unit: UnitOfWork) -> None:
        for worker in range(3):
            person = settle_worker(unit, worker)
            unit.people.mark_busy(person.id, Moment(now - worker))
            unit.connection.changed("UPDATE people SET idle = 2 WHERE id = :id", id=person.id)
        launches.launch_project(act_of(unit, requester(unit).id), number)

    def state(unit: UnitOfWork) -> tuple[int, int, list[Any]]:
        openings = unit.connection.all("SELECT count(*) FROM openings")[0][0]
        parked = unit.connection.all("SELECT count(*) FROM people WHERE idle = 2")[0][0]
        return openings, parked, [finding for finding in iter_findings(unit) if finding.count]

    def answer(unit: UnitOfWork) -> None:
        worker = unit.people.get(unit.people.find_by_username("worker0").id)  # type: ignore[union-attr]  # settled above
        submit.show_work(unit, worker)
        in_hand = unit.assignments.active_for(worker.id)
        assert in_hand is not None
        submit.submit_answer(unit, worker, in_hand.id, "0", None)

    await database.transact(launch, now)
    assert await database.transact(state, now) == (2, 2, [])
    await run_bulk_updates(database, lambda: now, seconds=60)
    assert await database.transact(state, now) == (7, 0, [])
    await database.transact(answer, now)
    await database.transact(
        lambda unit: lifecycle.stop_project(act_of(unit, requester(unit).id), number, sure=True), now
    )
    assert (await database.transact(state, now))[2] == []
    await run_bulk_updates(database, lambda: now, seconds=60)
    later = Moment(now + HOUR)
    for _ in range(2):
        found = await database.transact(lambda unit: unit.progress_counts.progress(number), later)
        assert (found.tasks, found.closed, found.submissions, found.workers, found.spent) == (7, 1, 1, 1, 55_000)
        await database.transact(lambda unit: unit.progress_counts.fold(), later)
    assert (await database.transact(state, now))[0] == 0


async def test_gold_made_of_a_task_that_its_launch_has_not_reached_is_counted(database: Database, now: Moment) -> None:
    number = await database.transact(create, now, sent(*"abcdefg"))
    await database.transact(lambda unit: launches.launch_project(act_of(unit, requester(unit).id), number), now)

    def make(unit: UnitOfWork) -> bool:
        last = unit.connection.all("SELECT max(id) FROM tasks WHERE state = 'draft'")[0][0]
        return gold.make_gold(unit, unit.projects.get(number), last, ("yes",))

    assert await database.transact(make, now)
    before = database.commits
    await run_bulk_updates(database, lambda: now, seconds=60)
    assert database.commits - before <= 1 + 5  # one a step, of one or two tasks of the five that are left
    found = await database.transact(lambda unit: unit.progress_counts.progress(number), now)
    assert (found.tasks, found.gold) == (6, 1)


@pytest.mark.parametrize(("largest", "files"), [(600, 1), (240, 2)])
async def test_results_too_large_for_a_message_are_zipped_and_come_in_parts(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch, largest: int, files: int
) -> None:
    monkeypatch.setattr(exports, "MAX_FILE_BYTES", largest)
    keys = [f"k{number}" for number in range(60)]
    number = await database.transact(create, now, sent(*keys))

    def order(unit: UnitOfWork) -> None:
        asker = requester(unit).id
        unit.outbox.tell(asker, results.order_results(act_of(unit, asker), number, "csv"))

    await database.transact(order, now)
    seen: list[str] = []
    letters = await orders(database, now)
    for at in range(9):
        if at == len(letters):
            break
        made = await exports.make_results_file(database, letters[at], now)
        with zipfile.ZipFile(made.path) as archive:
            (name,) = archive.namelist()
            rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        made.path.unlink()
        assert made.name == f"{name}.zip"
        seen += [row[0] for row in rows[1:]]
        letters = await orders(database, now)
    assert len(letters) >= files
    assert seen == keys


async def orders(database: Database, now: Moment) -> list[dict[str, Any]]:
    letters = await database.transact(lambda unit: due_letters(unit, 50), now)
    return [letter.facts for letter in letters if letter.screen == ProjectFile.stored_as]


async def test_a_file_that_takes_long_says_how_far_it_is(
    database: Database, now: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_EDITS", 0.01)
    anna = await database.transact(requester, now)

    async def told(unit_says: str) -> list[dict[str, Any]]:
        letters = await database.transact(lambda unit: due_letters(unit, 9), now)
        return [letter.facts for letter in letters if letter.screen == unit_says]

    heard = asyncio.Event()
    database.on("outbox", heard.set)
    async with showing_progress(database, lambda: now, anna.id, 7, "t.csv") as far:
        far.note_checked(41_000)
        await heard.wait()
        said = await told(FileArriving.stored_as)
    assert [(facts["checked"], facts["done"]) for facts in said] == [(41_000, False)]
    assert [facts["done"] for facts in await told(FileArriving.stored_as)] == [True]


async def test_tasks_that_were_added_are_the_sample_and_wait_for_a_launch(database: Database, now: Moment) -> None:
    number = await database.transact(create, now, sent(*"ab"))

    def launch(unit: UnitOfWork) -> object:
        return launches.launch_project(act_of(unit, requester(unit).id), ProjectId(number))

    def add(unit: UnitOfWork) -> tuple[str, int]:
        act = act_of(unit, requester(unit).id)
        card = drafts.add_tasks(act, ProjectId(number), sent(*"xy", name="more.csv"))
        assert card.sample is not None
        tried = trials.begin_trial(act, ProjectId(number))
        assert "is it x?" in str(tried)
        return card.sample.text, progress_of(unit, ProjectId(number)).waiting

    def wait(unit: UnitOfWork) -> str:
        return render(type(shown := progress_of(unit, ProjectId(number))).stored_as, shown, "en").text

    assert await database.transact(lambda unit: progress_of(unit, ProjectId(number)).waiting, now) == 0
    await database.transact(launch, now)
    assert "wait for you" not in await database.transact(wait, now)
    assert await database.transact(add, now) == ("is it x?", 2)
    assert f"2 more tasks wait for you: nobody gets them before /launch {number}" in await database.transact(wait, now)
    await database.transact(launch, now)
    assert "wait for you" not in await database.transact(wait, now)
