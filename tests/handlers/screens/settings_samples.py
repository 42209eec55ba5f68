"""Messages of /settings and of its effects."""

from dataclasses import replace

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.settings import REGIONS, WAYS, SettingsPage

NOON = 1_790_000_000_000
SETTINGS = SettingsPage(
    page="main",
    region="europe",
    zones=REGIONS["europe"],
    at=Moment(NOON),
    days=(True,) * 7,
    begin=8,
    end=22,
    zone="Europe/Paris",
    guessed=True,
    gap=0,
    goal_tasks=0,
    goal_money=Millionths(0),
    currency="EUR",
    ways=WAYS,
    languages=("fr", "en"),
    tasks=12,
    earned=600_000,
    paused=False,
    quiet=False,
)
CHOSEN = replace(
    SETTINGS,
    days=(True,) * 5 + (False,) * 2,
    begin=18,
    end=0,
    zone="Etc/GMT-3",
    guessed=False,
    gap=60,
    goal_tasks=20,
    ways=("press", "text"),
    languages=("en",),
    paused=True,
)
MESSAGES: list[Message] = [
    SETTINGS,
    CHOSEN,
    replace(CHOSEN, days=(True, False) * 3 + (True,), begin=0, end=0, goal_tasks=0, goal_money=Millionths(5_000_000)),
    replace(SETTINGS, quiet=True, zone="UTC"),
    *(replace(SETTINGS, page=page) for page in ("when", "zone", "pace", "goal", "tasks", "session", "board")),
    replace(SETTINGS, page="board", board_hour=18),
    *(replace(SETTINGS, page=page, country="FR", countries=("BE", "SN")) for page in ("main", "country")),
    *(replace(CHOSEN, in_place=True, page=page) for page in ("main", "session")),
    *(replace(SETTINGS, page="zone", region=region, zones=zones) for region, zones in REGIONS.items()),
    *(replace(SETTINGS, gap=gap) for gap in (15, 60, 240)),
]
