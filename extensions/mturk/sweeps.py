"""Sweeps of the Mechanical Turk interface."""

from bot.sweeps import AnySweep, AsyncSweep, Sweep
from extensions.mturk.jobs.hit_events import TurkEvents
from extensions.mturk.services import hits
from extensions.mturk.storage.hits import Hits
from services.act import House
from storage.unit import UnitOfWork

# Sweeps that decide nothing about a person, each with the reason.
NO_DECISION = {
    "sweep HITs": "ends a HIT at the moment its program named",
    "sweep events of HITs": "tells programs of events, and does what their review policies say",
    "sweep page storage": "deletes what pages stored long ago",
}


def list_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Return the sweeps that expire HITs, follow their events and delete what pages stored long ago."""
    return (
        Sweep("HITs", 1, hits.expire_due_hits),
        AsyncSweep("events of HITs", 1, TurkEvents(house).process_events),
        Sweep("page storage", 600, delete_old_page_storage),
    )


def delete_old_page_storage(unit: UnitOfWork) -> None:
    """Delete documents that requesters' pages stored long ago."""
    unit.records(Hits).page_storage.delete_old()
