"""The most that a project may take of its requester's money, as the requester was told."""

from domain.money.amounts import Millionths
from domain.projects.projects import ProjectId
from storage.drivers.connection import Connection
from storage.drivers.records import first

ADD = """
INSERT INTO stated_costs (project, amount) VALUES (:project, :amount)
ON CONFLICT (project) DO UPDATE SET amount = stated_costs.amount + excluded.amount"""
OF = "SELECT amount FROM stated_costs WHERE project = :project"


class StatedCosts:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, project: ProjectId, amount: int) -> None:
        """Record that the requester was told of so much more, and agreed, before it is held."""
        if amount > 0:
            self._db.changed(ADD, project=project, amount=amount)

    def of(self, project: ProjectId) -> Millionths:
        """Return the sum of all that was stated."""
        return Millionths(int(first(self._db.one(OF, project=project), 0)))
