"""`/settings`: days and hours of pushes, pace, daily goal, kinds of tasks. One message, edited in place."""

from dataclasses import replace

from domain.moments import NEVER, Moment
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people.messages import SettingsPage
from domain.people.people import UNANSWERED_PUSHES
from domain.people.preferences import NO_HOUR, WAYS, Preferences, changed, read_also
from domain.people.push_hours import next_at
from domain.people.time_zones import REGIONS, region_of, zone_called
from domain.projects.audience import UNTOLD
from domain.refusals import BadInput, UnknownChoice
from locales import LANGUAGES
from locales.countries import country_named
from locales.languages import words
from locales.places import zones_named
from services.act import Act, Reply
from services.people import countries, push_schedule
from storage.people.preferences import StoredPreferences

LIVE = "settings"
PAGES = ("main", "when", "zone", "pace", "goal", "tasks", "session", "board", "country")
# Where several go together the page stays; where one is chosen it is back to the whole.
AFTERWARDS = {
    "day": "when",
    "shift": "when",
    "begin": "when",
    "end": "when",
    "way": "tasks",
    "language": "tasks",
    "contacts": "board",
}


def open_(act: Act, place: str) -> Reply:
    """`/settings` is a new message, the one before it stays as it is; `/settings Dakar` sets the time zone."""
    if (code := _country_in(place)) is not None:
        act.unit.live_messages.forget(act.person.id, LIVE)
        return change(act, "country", code)
    found = zones_named(place, act.unit.now) if place else ()
    if place and not found:
        raise BadInput(what="place", value=place, expected=[])
    act.unit.live_messages.forget(act.person.id, LIVE)
    if len(found) == 1:
        return change(act, "zone", found[0])
    return _page(act, "found" if found else "main", tuple(found))


def _country_in(said: str) -> str | None:
    """The code behind `country …`, as typed; BadInput where no country is called so."""
    first, _, name = said.strip().partition(" ")
    if first.casefold() not in words("country"):
        return None
    code = country_named(name)
    if code is None:
        raise BadInput(what="place", value=name or said, expected=[])
    return code


def show(act: Act, page: str) -> Reply:
    if page not in PAGES and page not in REGIONS:
        raise UnknownChoice()
    _stand(act)
    return _page(act, page)


def change(act: Act, what: str, value: str) -> Reply:
    """Stores one choice; it applies from the next push."""
    unit, worker = act.unit, act.person
    old = unit.preferences.known(worker.id)
    new = _timed(_changed(old, what, value, act.house.terms), old, unit.now)
    if new != old.preferences:
        unit.preferences.keep(worker.id, new)
        if unit.people.is_waiting(worker.id):
            push_schedule.wait(unit, worker.id)
    _stand(act)
    return _page(act, AFTERWARDS.get(what, "main"))


def pause(act: Act) -> Reply:
    """Does the same as /pause, and edits this message."""
    act.unit.people.pause(act.person.id, True)
    _stand(act)
    return _page(replace(act, person=replace(act.person, paused=True)), "main")


def _changed(old: StoredPreferences, what: str, value: str, terms: Terms) -> Preferences:
    if what == "language":
        return read_also(old.preferences, value, LANGUAGES)
    if what == "zone":
        if zone_called(value) is None:
            raise UnknownChoice()
        return replace(old.preferences, zone=value)
    if what == "country":
        if value != UNTOLD and country_named(value) != value:
            raise UnknownChoice()
        return replace(old.preferences, country=value)
    return replace(changed(old.preferences, what, value), currency=terms.currency)


def _timed(new: Preferences, old: StoredPreferences, now: Moment) -> Preferences:
    """With the moment of the next digest, where its hour or the zone has changed."""
    if (new.board_hour, new.zone) == (old.preferences.board_hour, old.preferences.zone):
        return new
    zone = replace(old, preferences=new).zone
    return replace(new, digest_at=NEVER if new.board_hour == NO_HOUR else next_at(zone, new.board_hour, now))


def _stand(act: Act) -> None:
    """Makes the message whose button was pressed the one to be edited."""
    if act.message:
        act.unit.live_messages.keep(act.person.id, LIVE, act.message)


def _page(act: Act, page: str, found: tuple[str, ...] = ()) -> Reply:
    known = _in(act.unit.preferences.known(act.person.id), act.house.terms)
    shown, chosen = _shown(act, page, found, known), known.preferences
    shown = replace(shown, board_hour=chosen.board_hour, contacts=chosen.contacts, country=_told(chosen))
    return Reply(replace(shown, countries=countries.suggested(act.unit, act.person)), live=LIVE)


def _told(chosen: Preferences) -> str:
    return "" if chosen.country == UNTOLD else chosen.country


def _shown(act: Act, page: str, found: tuple[str, ...], known: StoredPreferences) -> SettingsPage:
    chosen, region = known.preferences, page if page in REGIONS else region_of(known.zone_name)
    tasks, earned = push_schedule.today(act.unit, known)
    return SettingsPage(
        page="zone" if page in REGIONS or page == "found" else page,
        region="" if page == "found" else region,
        zones=found or REGIONS[region],
        at=act.unit.now,
        days=tuple(bool(chosen.days >> day & 1) for day in range(7)),
        begin=chosen.begin_hour,
        end=chosen.end_hour,
        zone=known.zone_name,
        guessed=not chosen.zone,
        gap=chosen.gap,
        goal_tasks=chosen.goal_tasks,
        goal_money=Millionths(chosen.goal_money),
        currency=chosen.currency,
        ways=tuple(way for way in WAYS if way not in chosen.unwanted),
        languages=chosen.languages,
        tasks=tasks,
        earned=earned,
        paused=act.person.paused,
        quiet=act.person.unanswered >= UNANSWERED_PUSHES,
        in_place=chosen.in_place,
    )


def _in(known: StoredPreferences, terms: Terms) -> StoredPreferences:
    chosen = known.preferences
    return replace(known, preferences=replace(chosen, currency=chosen.currency or terms.currency))
