"""The sweep that pushes results to the hub of data sets, where the client it needs is installed."""

from importlib.util import find_spec

from bot.schedule import AsyncSweep
from bot.settings import Settings
from handlers.screens.projects import data_sheet
from jobs.hub.pushing import HubPushing
from services.act import House


def hub_of(settings: Settings) -> str:
    """The hub's address; empty where nothing can be pushed."""
    return settings.hf_endpoint if find_spec("huggingface_hub") else ""


def sweeps_of(house: House) -> tuple[AsyncSweep, ...]:
    pushing = HubPushing(house.encryption, house.hub, data_sheet.words)
    return (AsyncSweep("pushes to the hub", 2, pushing.push),) if house.hub else ()
