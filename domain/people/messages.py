"""What people are told about themselves: onboarding, settings, roles, and leaving."""

from dataclasses import dataclass

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths


@dataclass(frozen=True, slots=True)
class SettingsPage(Message):
    """One page of /settings: `main`, `when`, `zone`, `pace`, `goal` or `tasks`.

    `zones` are offered on the page of zones, of the `region` or, where it is empty, of what was searched for. `days`
    begin on Monday; `begin` and `end` are hours of the day in `zone`; `gap` is in minutes; `tasks` and `earned` are
    today's.
    """

    page: str
    region: str
    zones: tuple[str, ...]
    at: Moment
    days: tuple[bool, ...]
    begin: int
    end: int
    zone: str
    guessed: bool
    gap: int
    goal_tasks: int
    goal_money: Millionths
    currency: str
    ways: tuple[str, ...]
    languages: tuple[str, ...]
    tasks: int
    earned: int
    paused: bool
    quiet: bool
