"""`/settings`: days and hours of pushes, pace, daily goal, kinds of tasks. One message, edited in place."""

from dataclasses import replace

from domain.moments import NEVER, Moment, later
from domain.money.amounts import Millionths
from domain.money.pricing import Terms
from domain.people import settings
from domain.people.accounts import MAX_UNANSWERED_PUSHES, Person, PersonId
from domain.people.push_schedule import GoalReached, LeftInPeace, PaceKept
from domain.people.settings import (
    NO_HOUR,
    REGIONS,
    WAYS,
    CountryWanted,
    Preferences,
    PushWindow,
    QuietUntil,
    SettingsPage,
    apply_choice,
    find_zone,
    next_clock_hour,
    region_of,
    toggle_language,
)
from domain.projects.projects import OF_COUNTRIES, UNTOLD, conditions
from domain.refusals import BadInput, Leaving, UnknownChoice
from domain.work.messages import LastAnswer
from locales.countries import find_country, find_country_of_zone, find_zones, usual_countries
from locales.languages import LANGUAGES, words_for
from services.act import Act, Reply
from services.work import answer_messages, dispatch
from services.work.dispatch import Bubble
from storage.people.settings import StoredPreferences
from storage.unit import UnitOfWork

SEARCHED_PROJECTS = 50  # running projects that ask only some people
SUGGESTED_COUNTRIES = 6


def ask_country_once(unit: UnitOfWork, worker: Person) -> None:
    """Ask a worker without work for their country, once, if a running project wants people of some country."""
    preferences = unit.preferences.get(worker.id)
    if preferences.country or not _is_country_wanted(unit, worker):
        return
    unit.preferences.set_country(worker.id, UNTOLD)
    unit.outbox.tell(worker.id, CountryWanted(suggest_countries(unit, worker)))


def suggest_countries(unit: UnitOfWork, worker: Person) -> tuple[str, ...]:
    """Return codes of countries: that of the worker's clock, then those in which their language is read."""
    clock = find_country_of_zone(unit.preferences.get_stored(worker.id).zone_name)
    codes = (clock, *usual_countries(worker.language))
    return tuple(dict.fromkeys(code for code in codes if code))[:SUGGESTED_COUNTRIES]


def _is_country_wanted(unit: UnitOfWork, worker: Person) -> bool:
    return any(
        condition.name in OF_COUNTRIES
        for project in unit.projects.for_some(SEARCHED_PROJECTS)
        if project.speaks(worker.language)
        for condition in conditions(project.who)
    )


PEOPLE_PER_STEP = 500  # people whose hours begin or end in one transaction


def update_push_window(unit: UnitOfWork, worker: PersonId, just_acted: bool = False) -> None:
    """Store whether pushes may reach the worker from now on, or the moment from which they may. `just_acted`: they have
    just asked for work, and are awake."""
    unit.people.set_push_turns([(worker, _push_window(unit, unit.preferences.get_stored(worker), just_acted))])


def note_work_request(unit: UnitOfWork, worker: Person) -> None:
    """Store that the worker asked for work: unanswered pushes are forgotten and a pause ends. Raise Leaving if they are
    about to be erased."""
    if worker.leaving_at is not None:
        raise Leaving()
    unit.people.clear_unanswered(worker.id)
    if worker.paused:
        unit.people.set_paused(worker.id, False)


def delay_pushes(unit: UnitOfWork, worker: PersonId, milliseconds: int) -> None:
    """Send the worker no pushes for so many milliseconds, unless `update_push_window` is called before."""
    unit.people.set_push_turns([(worker, PushWindow(False, later(unit.now, milliseconds)))])


def update_due_push_windows(unit: UnitOfWork) -> None:
    """Sweep: begin and end the push windows of workers whose hours begin or end now."""
    unit.people.set_push_turns(
        [(stored.person, _push_window(unit, stored)) for stored in unit.preferences.list_due_windows(PEOPLE_PER_STEP)]
    )


def find_quiet_period(unit: UnitOfWork, worker: PersonId) -> QuietUntil | None:
    """Return the moment from which pushes reach the worker again; None if they may come now."""
    stored = unit.preferences.get_stored(worker)
    window = _push_window(unit, stored, just_acted=True)
    return None if window.waits else QuietUntil(window.until, unit.now, stored.zone_name)


def count_unanswered(unit: UnitOfWork, worker: PersonId, pushed: bool) -> None:
    """Count an assignment that ran out unanswered; `pushed`: it was not asked for. After MAX_UNANSWERED_PUSHES the
    worker is told that pushes stop until they ask for work."""
    unit.people.count_unanswered_push(worker)
    unanswered = unit.people.get(worker).unanswered
    update_push_window(
        unit, worker, just_acted=unanswered == 1 and not pushed
    )  # asked for, or after an answer: they may still be up
    if unanswered == MAX_UNANSWERED_PUSHES:
        unit.outbox.tell(worker, LeftInPeace())


def sum_today(unit: UnitOfWork, stored: StoredPreferences) -> tuple[int, int]:
    """Return (answers, earnings in millionths) of the worker's calendar day."""
    since, _ = settings.day_bounds(stored.zone, unit.now)
    return unit.preferences.sum_answers(stored.person, since, stored.preferences.currency)


def ends_session(unit: UnitOfWork, worker: Person, last: LastAnswer | None, bubble: Bubble | None) -> bool:
    """Return whether no further task follows, and tell the worker why in `bubble`: they have just reached their daily
    goal, or tasks come one at a time at their pace."""
    if not worker.choosy:
        return False
    stored = unit.preferences.get_stored(worker.id)
    if _announce_goal(unit, worker, stored, last, bubble):
        return True
    if stored.preferences.gap and unit.assignments.was_last_pushed(worker.id):
        update_push_window(unit, worker.id)
        last_answer = answer_messages.add_recap(unit, worker, last)
        dispatch.tell_ending(
            unit, worker, PaceKept(stored.preferences.gap, find_quiet_period(unit, worker.id), last_answer), bubble
        )
        return True
    return False


def _announce_goal(
    unit: UnitOfWork, worker: Person, stored: StoredPreferences, last: LastAnswer | None, bubble: Bubble | None
) -> bool:
    """Return whether this answer reached the daily goal, and tell the worker; later answers of the day do not repeat
    it."""
    preferences = stored.preferences
    since, _ = settings.day_bounds(stored.zone, unit.now)
    if not preferences.has_goal or preferences.reached_on == since:
        return False
    tasks, earned = sum_today(unit, stored)
    if not preferences.is_reached(tasks, earned):
        return False
    unit.preferences.store(stored.person, replace(preferences, reached_on=since))
    update_push_window(unit, stored.person)
    quiet, last = find_quiet_period(unit, stored.person), answer_messages.add_recap(unit, worker, last)
    dispatch.tell_ending(
        unit, worker, GoalReached(tasks, Millionths(earned), preferences.currency, quiet, last), bubble
    )
    return True


def _push_window(unit: UnitOfWork, stored: StoredPreferences, just_acted: bool = False) -> PushWindow:
    """Return the current push window by the worker's hours, pace and goal."""
    return settings.push_window(
        stored.preferences.hours, stored.zone, unit.now, _earliest_push(unit, stored), just_acted
    )


def _earliest_push(unit: UnitOfWork, stored: StoredPreferences) -> Moment:
    """Return the earliest moment of the next push by the worker's pace; the next day once the goal is reached."""
    preferences = stored.preferences
    if not preferences.has_goal:
        return preferences.next_at_pace
    is_reached = preferences.is_reached(*sum_today(unit, stored))
    tomorrow = settings.day_bounds(stored.zone, unit.now)[1] if is_reached else NEVER
    return Moment(max(preferences.next_at_pace, tomorrow))


LIVE_MESSAGE = "settings"
PAGES = ("main", "when", "zone", "pace", "goal", "tasks", "session", "board", "country")
# Where several go together the page stays; where one is chosen it is back to the whole.
PAGE_AFTER_CHANGE = {
    "day": "when",
    "shift": "when",
    "begin": "when",
    "end": "when",
    "way": "tasks",
    "language": "tasks",
    "contacts": "board",
}


def open_settings(act: Act, place: str) -> Reply:
    """Show the settings in a new message; an older one stays as it is. `/settings Dakar` sets the time zone, `/settings
    country Canada` the country. Raise BadInput for an unknown place."""
    if (code := _parse_country(place)) is not None:
        act.unit.live_messages.forget(act.person.id, LIVE_MESSAGE)
        return change_setting(act, "country", code)
    zones = find_zones(place, act.unit.now) if place else ()
    if place and not zones:
        raise BadInput(what="place", value=place, expected=[])
    act.unit.live_messages.forget(act.person.id, LIVE_MESSAGE)
    if len(zones) == 1:
        return change_setting(act, "zone", zones[0])
    return _page(act, "found" if zones else "main", tuple(zones))


def _parse_country(text: str) -> str | None:
    """Return the code of the country typed as `country …`; None if the text does not begin so. Raise BadInput for an
    unknown country."""
    word, _, name = text.strip().partition(" ")
    if word.casefold() not in words_for("country"):
        return None
    code = find_country(name)
    if code is None:
        raise BadInput(what="place", value=name or text, expected=[])
    return code


def show_page(act: Act, page: str) -> Reply:
    """Show a page of the settings in the pressed message. Raise UnknownChoice for a page that does not exist."""
    if page not in PAGES and page not in REGIONS:
        raise UnknownChoice()
    _keep_live_message(act)
    return _page(act, page)


def change_setting(act: Act, what: str, value: str) -> Reply:
    """Store one choice, which applies from the next push, and show its page. Raise UnknownChoice for an impossible
    value, LastChoice if the last one would be removed."""
    unit, worker = act.unit, act.person
    old = unit.preferences.get_stored(worker.id)
    new = _with_next_digest(_apply_choice(old, what, value, act.house.terms), old, unit.now)
    if new != old.preferences:
        unit.preferences.store(worker.id, new)
        if unit.people.is_waiting(worker.id):
            update_push_window(unit, worker.id)
    _keep_live_message(act)
    return _page(act, PAGE_AFTER_CHANGE.get(what, "main"))


def pause_pushes(act: Act) -> Reply:
    """Pause pushes, as /pause does, and show it in this message."""
    act.unit.people.set_paused(act.person.id, True)
    _keep_live_message(act)
    return _page(replace(act, person=replace(act.person, paused=True)), "main")


def _apply_choice(old: StoredPreferences, what: str, value: str, terms: Terms) -> Preferences:
    if what == "language":
        return toggle_language(old.preferences, value, LANGUAGES)
    if what == "zone":
        if find_zone(value) is None:
            raise UnknownChoice()
        return replace(old.preferences, zone=value)
    if what == "country":
        if value != UNTOLD and find_country(value) != value:
            raise UnknownChoice()
        return replace(old.preferences, country=value)
    return replace(apply_choice(old.preferences, what, value), currency=terms.currency)


def _with_next_digest(new: Preferences, old: StoredPreferences, now: Moment) -> Preferences:
    """Return the preferences with the moment of the next digest, if its hour or the zone has changed."""
    if (new.board_hour, new.zone) == (old.preferences.board_hour, old.preferences.zone):
        return new
    zone = replace(old, preferences=new).zone
    return replace(new, digest_at=NEVER if new.board_hour == NO_HOUR else next_clock_hour(zone, new.board_hour, now))


def _keep_live_message(act: Act) -> None:
    """Store the message whose button was pressed as the one to be edited."""
    if act.message:
        act.unit.live_messages.keep(act.person.id, LIVE_MESSAGE, act.message)


def _page(act: Act, page: str, zones: tuple[str, ...] = ()) -> Reply:
    stored = _with_currency(act.unit.preferences.get_stored(act.person.id), act.house.terms)
    settings_page, preferences = _to_page(act, page, zones, stored), stored.preferences
    settings_page = replace(
        settings_page,
        board_hour=preferences.board_hour,
        contacts=preferences.contacts,
        country=_stated_country(preferences),
    )
    return Reply(replace(settings_page, countries=suggest_countries(act.unit, act.person)), live=LIVE_MESSAGE)


def _stated_country(preferences: Preferences) -> str:
    return "" if preferences.country == UNTOLD else preferences.country


def _to_page(act: Act, page: str, found_zones: tuple[str, ...], stored: StoredPreferences) -> SettingsPage:
    preferences, region = stored.preferences, page if page in REGIONS else region_of(stored.zone_name)
    tasks, earned = sum_today(act.unit, stored)
    return SettingsPage(
        page="zone" if page in REGIONS or page == "found" else page,
        region="" if page == "found" else region,
        zones=found_zones or REGIONS[region],
        at=act.unit.now,
        days=tuple(bool(preferences.days >> day & 1) for day in range(7)),
        begin=preferences.begin_hour,
        end=preferences.end_hour,
        zone=stored.zone_name,
        guessed=not preferences.zone,
        gap=preferences.gap,
        goal_tasks=preferences.goal_tasks,
        goal_money=Millionths(preferences.goal_money),
        currency=preferences.currency,
        ways=tuple(way for way in WAYS if way not in preferences.unwanted),
        languages=preferences.languages,
        tasks=tasks,
        earned=earned,
        paused=act.person.paused,
        quiet=act.person.unanswered >= MAX_UNANSWERED_PUSHES,
        in_place=preferences.in_place,
    )


def _with_currency(stored: StoredPreferences, terms: Terms) -> StoredPreferences:
    preferences = stored.preferences
    return replace(stored, preferences=replace(preferences, currency=preferences.currency or terms.currency))
