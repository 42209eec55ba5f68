"""The worker's page: their own work."""

from domain.people.accounts import WORKER
from services.money import statements
from web.dashboard.endpoint import Endpoint

ENDPOINTS = (Endpoint("GET", "/work", statements.read_own_work, role=WORKER),)
