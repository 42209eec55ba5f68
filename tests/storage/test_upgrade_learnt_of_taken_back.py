"""How much workers tell who had taken their answers back, and evidence against them, goes with the upgrade, of nobody
else."""

from domain.conduct.evidence import Evidence
from domain.moments import Moment
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId
from services.people import personal_data
from storage.database import one_transaction
from storage.unit import UnitOfWork
from tests.acts import act_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

LEARN = "UPDATE enrolments SET worth = 0.2, later = 1, watch = 1 WHERE project = :project AND worker = :worker"
LEARNT = "SELECT worth, later, watch FROM enrolments WHERE project = :project AND worker = :worker"
GIVERS = """
SELECT worker FROM enrolments WHERE project = :project AND consented_at IS NOT NULL ORDER BY worker LIMIT 2"""


def known(unit: UnitOfWork, project: ProjectId, worker: PersonId) -> tuple[object, ...]:
    (row,) = unit.connection.all(LEARNT, project=project, worker=worker)
    return (*row, len(unit.evidence.against(worker, 5)))


def test_what_is_known_of_others_stays(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        first, second = (row[0] for row in unit.connection.all(GIVERS, project=house.project))
        personal_data.withdraw_consent(act_of(unit, first), house.project, sure=True)
        for worker in (first, second):
            unit.connection.changed(LEARN, project=house.project, worker=worker)
            unit.evidence.keep(house.project, worker, [Evidence(worker, "constant", 9.0, 30, 0, 0.5, 1.0)])
    upgraded_from(database_url, "learnt_of_taken_back", "")
    with one_transaction(database_url, now) as unit:
        assert known(unit, house.project, first) == (None, 0, 0, 0)
        assert known(unit, house.project, second) == (0.2, 1, 1, 1)
        goes_on(unit, house)
