"""What a worker chooses: when they are written to, how often, how much in a day, which tasks. One message, edited."""

from dataclasses import replace
from typing import Any

from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.people import UNANSWERED_PUSHES, Person
from domain.people.preferences import WAYS, Preferences, changed, read_also
from domain.people.time_zones import REGIONS, region_of, zone_called
from domain.refusals import BadInput, UnknownChoice
from locales import LANGUAGES
from locales.places import zones_named
from services.people import push_schedule
from storage.people.preferences import StoredPreferences
from storage.unit import UnitOfWork

LIVE = "settings"
PAGES = ("main", "when", "zone", "pace", "goal", "tasks")
# Where several go together the page stays; where one is chosen it is back to the whole.
AFTERWARDS = {"day": "when", "shift": "when", "begin": "when", "end": "when", "way": "tasks", "language": "tasks"}


def open_(unit: UnitOfWork, worker: Person, terms: Terms) -> None:
    """A new message; the one before it stays as it is."""
    unit.outbox.forget_live(worker.id, LIVE)
    _show(unit, worker, terms, "main")


def show(unit: UnitOfWork, worker: Person, terms: Terms, page: str, message: int | None) -> None:
    if page not in PAGES and page not in REGIONS:
        raise UnknownChoice()
    _stand(unit, worker, message)
    _show(unit, worker, terms, page)


def change(unit: UnitOfWork, worker: Person, terms: Terms, what: str, value: str, message: int | None) -> None:
    """One press. From now on pushes come as it says."""
    old = unit.preferences.known(worker.id)
    new = _changed(old, what, value, terms)
    if new != old.preferences:
        unit.preferences.keep(worker.id, new)
        if unit.people.is_waiting(worker.id):
            push_schedule.wait(unit, worker.id)
    _stand(unit, worker, message)
    _show(unit, worker, terms, AFTERWARDS.get(what, "main"))


def find_zone(unit: UnitOfWork, worker: Person, terms: Terms, words: str) -> None:
    """`/settings Dakar`: a city, a country or `+3`; several that fit are shown to choose from."""
    found = zones_named(words, unit.now)
    if not found:
        raise BadInput(what="place", value=words, expected=[])
    unit.outbox.forget_live(worker.id, LIVE)
    if len(found) == 1:
        change(unit, worker, terms, "zone", found[0], None)
    else:
        _show(unit, worker, terms, "found", found)


def pause(unit: UnitOfWork, worker: Person, terms: Terms, message: int | None) -> None:
    """The same as /pause, said where it was pressed."""
    unit.people.pause(worker.id, True)
    _stand(unit, worker, message)
    _show(unit, replace(worker, paused=True), terms, "main")


def _changed(old: StoredPreferences, what: str, value: str, terms: Terms) -> Preferences:
    if what == "language":
        return read_also(old.preferences, value, old.language, LANGUAGES)
    if what == "zone":
        if zone_called(value) is None:
            raise UnknownChoice()
        return replace(old.preferences, zone=value)
    return replace(changed(old.preferences, what, value), currency=terms.currency)


def _stand(unit: UnitOfWork, worker: Person, message: int | None) -> None:
    """The message whose button was pressed is the one that is edited."""
    if message:
        unit.outbox.keep_live(worker.id, LIVE, message)


def _show(unit: UnitOfWork, worker: Person, terms: Terms, page: str, found: list[str] | None = None) -> None:
    known = unit.preferences.known(worker.id)
    region = page if page in REGIONS else region_of(known.zone_name)
    tasks, earned = push_schedule.today(unit, replace(known, preferences=_in(known.preferences, terms)))
    unit.outbox.say(
        worker.id,
        "settings.page",
        live=LIVE,
        page="zone" if page in REGIONS or page == "found" else page,
        region="" if page == "found" else region,
        zones=found or list(REGIONS[region]),
        at=unit.now,
        **_chosen(known, terms),
        tasks=tasks,
        earned=earned,
        paused=worker.paused,
        quiet=worker.unanswered >= UNANSWERED_PUSHES,
    )


def _in(chosen: Preferences, terms: Terms) -> Preferences:
    return replace(chosen, currency=chosen.currency or terms.currency)


def _chosen(known: StoredPreferences, terms: Terms) -> dict[str, Any]:
    chosen = _in(known.preferences, terms)
    return {
        "days": [bool(chosen.days >> day & 1) for day in range(7)],
        "begin": chosen.begin_hour,
        "end": chosen.end_hour,
        "zone": known.zone_name,
        "guessed": not chosen.zone,
        "gap": chosen.gap,
        "goal_tasks": chosen.goal_tasks,
        "goal_money": Millionths(chosen.goal_money),
        "currency": chosen.currency,
        "ways": [way for way in WAYS if way not in chosen.unwanted],
        "languages": list(chosen.reads(known.language)),
    }
