"""What was learnt of workers who had taken their answers back goes with the upgrade, of nobody else."""

from domain.moments import Moment
from services.people import personal_data
from storage.database import one_transaction
from tests.acts import act_of
from tests.invariants.flows import a_day
from tests.storage.test_upgrade import goes_on, upgraded_from

LEARN = "INSERT INTO worker_models (project, worker, model) VALUES (:project, :worker, '{}')"
OF = "SELECT worker FROM worker_models WHERE project = :project ORDER BY worker"
GIVERS = """
SELECT worker FROM enrolments WHERE project = :project AND consented_at IS NOT NULL ORDER BY worker LIMIT 2"""


def test_models_of_others_stay(database_url: str, now: Moment) -> None:
    house = a_day(database_url, now)
    with one_transaction(database_url, now) as unit:
        first, second = (row[0] for row in unit.connection.all(GIVERS, project=house.project))
        personal_data.withdraw_consent(act_of(unit, first), house.project, sure=True)
        unit.connection.changed("DELETE FROM worker_models")
        for worker in (first, second):
            unit.connection.changed(LEARN, project=house.project, worker=worker)
    upgraded_from(database_url, "models_of_taken_back", "")
    with one_transaction(database_url, now) as unit:
        assert [row[0] for row in unit.connection.all(OF, project=house.project)] == [second]
        goes_on(unit, house)
