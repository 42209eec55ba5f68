"""The worker's page: their own work."""

from domain.people.accounts import WORKER
from services.work import own_work
from web.dashboard.endpoint import Endpoint

ENDPOINTS = (Endpoint("GET", "/work", own_work.read_own_work, role=WORKER),)
