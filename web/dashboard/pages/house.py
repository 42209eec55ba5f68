"""The admins' page about the house: money, seal, people at work, queues, processes, bank files."""

from domain.people.accounts import ADMIN
from services.act import Act
from services.people import dashboard
from web.dashboard.endpoint import Endpoint


def read_house(act: Act) -> dict[str, object]:
    """Return the state of the house, the ledger's seal, and what failed."""
    unit = act.unit
    head = unit.hash_chain.head()
    return {"state": dashboard.read_dashboard(act), "seal": {"position": head.position, "hash": head.hash}}


ENDPOINTS = (Endpoint("GET", "/house", read_house, role=ADMIN),)
