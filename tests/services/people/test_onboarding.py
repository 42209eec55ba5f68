"""Files that were sent before, links, and a change of language."""

from dataclasses import replace
from decimal import Decimal

import pytest

from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.onboarding import LanguageChosen, Welcome
from domain.people.settings import Preferences
from domain.projects.projects import ProjectId
from domain.refusals import BadInput
from formats.captions.caption import ProjectForm
from formats.tables.reading import read_tasks
from services.people import onboarding, settings
from services.projects import drafts, launches, lifecycle
from services.projects.drafts import Sent
from storage.database import Database
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.house import settle_requester, settle_worker

TERMS = Terms("EUR", Decimal(10), Millionths(0))


@pytest.mark.parametrize(("asked", "kept"), [((), ()), (("fr-ca", "en"), ("fr", "en"))])
def test_a_project_asks_in_the_languages_there_are(asked: tuple[str, ...], kept: tuple[str, ...]):
    assert drafts.languages_of(asked) == kept


def test_a_language_nobody_is_asked_in_is_refused():
    with pytest.raises(BadInput) as refused:
        drafts.languages_of(("en", "xx"))
    assert refused.value.facts["expected"] == ["en", "fr"]


async def test_the_file_of_a_stopped_project_may_become_a_new_one(database: Database, now: Moment):
    form = ProjectForm(title="Pleased?", instructions=("Read.",), pay=50_000, options=("yes", "no"))
    file = read_tasks(b"text\ngood\nbad\n", "t.csv", form.options)

    def create(unit: UnitOfWork) -> ProjectId:
        requester = unit.people.find_by_username("anna") or settle_requester(unit)
        return ProjectId(drafts.create_draft(act_of(unit, requester.id), form, Sent(file, "t.csv", "print")).number)

    def run_and_stop(unit: UnitOfWork, number: ProjectId) -> None:
        requester = unit.people.find_by_username("anna")
        assert requester is not None
        launches.launch_project(act_of(unit, requester.id), number)
        lifecycle.stop_project(act_of(unit, requester.id), number, sure=True)

    first = await database.transact(create, now)
    assert await database.transact(create, now) == first
    await database.transact(run_and_stop, now, first)
    second = await database.transact(create, now)
    assert second != first
    assert await database.transact(create, now) == second


@pytest.mark.parametrize("token", ["2000", "ann", "ref_2000", "worker-2000"])
async def test_a_workers_link_credits_nobody(database: Database, now: Moment, token: str):
    """Whom it names is not looked for: the newcomer is welcomed as anybody, and nothing is written about both."""

    def comes(unit: UnitOfWork, telegram_id: int, token: str) -> tuple[object, list[int]]:
        act = act_of(unit, unit.people.upsert(telegram_id, None, "Nia", "en", unit.now).id)
        before = unit.connection.all("SELECT count(*) FROM invited UNION ALL SELECT count(*) FROM transfers")
        shown = onboarding.start(act, token)
        onboarding.agree_to_terms(act)
        after = unit.connection.all("SELECT count(*) FROM invited UNION ALL SELECT count(*) FROM transfers")
        return shown, [late[0] - early[0] for early, late in zip(before, after, strict=True)]

    def both(unit: UnitOfWork) -> bool:
        settle_worker(unit, 0)
        return comes(unit, 7, token) == comes(unit, 8, "") == ((Welcome("Nia", "en"),), [0, 0])

    assert await database.transact(both, now)


@pytest.mark.parametrize(("language", "ticked", "reads"), [("fr", (), True), ("en", (), False), ("fr", ("en",), False)])
async def test_who_changes_the_language_reads_that_their_tasks_change_too(
    database: Database, now: Moment, language: str, ticked: tuple[str, ...], reads: bool
):
    """Tasks in the old language stayed away without a word."""

    def change(unit: UnitOfWork) -> object:
        worker = settle_worker(unit, 7)
        if ticked:
            unit.preferences.store(worker.id, replace(Preferences(), languages=ticked))
        return onboarding.set_language(act_of(unit, worker.id), language)

    assert await database.transact(change, now) == LanguageChosen(reads=reads)


async def test_pushes_keep_to_the_hours_and_tasks_of_a_new_language(database: Database, now: Moment):
    """Whose zone and languages are those of the language; in summer Paris is an hour before London."""
    evening = Moment(1_814_473_800_000)  # 20:30 UTC in July

    def play(unit: UnitOfWork) -> tuple[int, int]:
        worker = settle_worker(unit, 1)
        settings.update_push_window(unit, worker.id)
        unit.people.park(worker.id)
        before = idle(unit, worker.id)
        onboarding.set_language(act_of(unit, worker.id), "fr")
        return before, idle(unit, worker.id)

    assert await database.transact(play, evening) == (2, 0)


def idle(unit: UnitOfWork, worker: int) -> int:
    return int(unit.connection.all("SELECT idle FROM people WHERE id = :id", id=worker)[0][0])
