"""Periods that a restore cut out of the database: from the backup's last moment to the restore."""

import json

from domain.moments import Moment
from storage.drivers.settings import DatabaseSettings

NAME = "lost periods"


def add(settings: DatabaseSettings, since: Moment, until: Moment) -> None:
    """Note one more lost period."""
    settings.put(NAME, json.dumps([*lost_periods(settings), (since, until)]))


def lost_periods(settings: DatabaseSettings) -> list[tuple[Moment, Moment]]:
    """Return each lost period as (its first moment, the moment after its last), in the order of the restores."""
    return [(Moment(since), Moment(until)) for since, until in json.loads(settings.get(NAME) or "[]")]
