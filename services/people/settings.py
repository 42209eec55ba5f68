"""`/settings`: days and hours of pushes, pace, daily goal, kinds of tasks. One message, edited in place."""

from dataclasses import replace

from domain.moments import (
    MINUTE,
    NEVER,
    Moment,
    later,
)
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
    changed,
    next_at,
    read_also,
    region_of,
    zone_called,
)
from domain.projects.projects import OF_COUNTRIES, UNTOLD, conditions
from domain.refusals import BadInput, Leaving, UnknownChoice
from domain.work.messages import LastAnswer
from locales.countries import (
    find_country,
    find_country_of_zone,
    find_zones,
    usual_countries,
)
from locales.languages import LANGUAGES, words_for
from services.act import Act, Reply
from services.work import answer_messages, dispatch
from services.work.dispatch import Bubble
from storage.people.settings import StoredPreferences
from storage.unit import UnitOfWork

LOOKED_AT = 50  # running projects that ask only some people
SUGGESTED = 6


def ask_once(unit: UnitOfWork, worker: Person) -> None:
    """Where there is no work for them, and a project wants people of some country."""
    chosen = unit.preferences.of(worker.id)
    if chosen.country or not _is_wanted(unit, worker):
        return
    unit.preferences.tell_country(worker.id, UNTOLD)
    unit.outbox.tell(worker.id, CountryWanted(suggested(unit, worker)))


def suggested(unit: UnitOfWork, worker: Person) -> tuple[str, ...]:
    """The country of their clock, then where their language is read."""
    clock = find_country_of_zone(unit.preferences.known(worker.id).zone_name)
    found = (clock, *usual_countries(worker.language))
    return tuple(dict.fromkeys(code for code in found if code))[:SUGGESTED]


def _is_wanted(unit: UnitOfWork, worker: Person) -> bool:
    return any(
        each.name in OF_COUNTRIES
        for project in unit.projects.for_some(LOOKED_AT)
        if project.speaks(worker.language)
        for each in conditions(project.who)
    )


SETTLING_IN = 10 * MINUTE  # so long a newcomer is left to read before anything comes unasked
AT_ONCE = 500  # people whose hours begin or end in one transaction


def wait(unit: UnitOfWork, worker: PersonId, asked: bool = False) -> None:
    """From now on a push may come, or from the moment that suits them; `asked`: they are here and want tasks."""
    unit.people.set_push_turns([(worker, _turn(unit, unit.preferences.known(worker), asked))])


def asked_for_work(unit: UnitOfWork, worker: Person) -> None:
    """A sign of life, which ends a pause. Raises Leaving for who is about to be erased."""
    if worker.leaving_at is not None:
        raise Leaving()
    unit.people.clear_unanswered(worker.id)
    if worker.paused:
        unit.people.set_paused(worker.id, False)


def settle_in(unit: UnitOfWork, newcomer: PersonId) -> None:
    """Nothing comes unasked until they have had time to read; asking for a task ends that."""
    rest(unit, newcomer, SETTLING_IN)


def rest(unit: UnitOfWork, worker: PersonId, milliseconds: int) -> None:
    """Nothing comes unasked for so long, unless the worker is told to wait before."""
    unit.people.set_push_turns([(worker, PushWindow(False, later(unit.now, milliseconds)))])


def turn_due(unit: UnitOfWork) -> None:
    """Sweep: moves workers between waiting and resting as their hours begin and end."""
    unit.people.set_push_turns([(chosen.person, _turn(unit, chosen)) for chosen in unit.preferences.turning(AT_ONCE)])


def quiet_until(unit: UnitOfWork, worker: PersonId) -> QuietUntil | None:
    """From when on pushes come, where none may come now."""
    known = unit.preferences.known(worker)
    turn = _turn(unit, known, asked=True)
    return None if turn.waits else QuietUntil(turn.until, unit.now, known.zone_name)


def left_unanswered(unit: UnitOfWork, worker: PersonId, pushed: bool) -> None:
    """An assignment ran out unanswered; `pushed`: it came unasked. After UNANSWERED_PUSHES of them pushes stop until
    /work; the worker is notified once."""
    unit.people.count_unanswered_push(worker)
    unanswered = unit.people.get(worker).unanswered
    wait(unit, worker, asked=unanswered == 1 and not pushed)  # asked for, or after an answer: they may still be up
    if unanswered == MAX_UNANSWERED_PUSHES:
        unit.outbox.tell(worker, LeftInPeace())


def today(unit: UnitOfWork, known: StoredPreferences) -> tuple[int, int]:
    """(answers, earnings in millionths) of their calendar day; zeros without a goal."""
    since, _ = settings.day_of(known.zone, unit.now)
    return unit.preferences.today(known.person, since, known.preferences.currency)


def ends_here(unit: UnitOfWork, worker: Person, last: LastAnswer | None, bubble: Bubble | None) -> bool:
    """Whether no further task follows: the goal is reached just now, or the pace is one at a time. Told in `bubble`."""
    if not worker.choosy:
        return False
    known = unit.preferences.known(worker.id)
    if _reached_now(unit, worker, known, last, bubble):
        return True
    if known.preferences.gap and unit.assignments.was_last_pushed(worker.id):
        wait(unit, worker.id)
        told = answer_messages.add_recap(unit, worker, last)
        dispatch.tell_ending(unit, worker, PaceKept(known.preferences.gap, quiet_until(unit, worker.id), told), bubble)
        return True
    return False


def _reached_now(
    unit: UnitOfWork, worker: Person, known: StoredPreferences, last: LastAnswer | None, bubble: Bubble | None
) -> bool:
    """Whether the goal was reached just now; True once a day, later answers do not repeat it."""
    chosen = known.preferences
    since, _ = settings.day_of(known.zone, unit.now)
    if not chosen.has_goal or chosen.reached_on == since:
        return False
    tasks, earned = today(unit, known)
    if not chosen.is_reached(tasks, earned):
        return False
    unit.preferences.keep(known.person, replace(chosen, reached_on=since))
    wait(unit, known.person)
    quiet, last = quiet_until(unit, known.person), answer_messages.add_recap(unit, worker, last)
    dispatch.tell_ending(unit, worker, GoalReached(tasks, Millionths(earned), chosen.currency, quiet, last), bubble)
    return True


def _turn(unit: UnitOfWork, known: StoredPreferences, asked: bool = False) -> PushWindow:
    return settings.turn(known.preferences.hours, known.zone, unit.now, _not_before(unit, known), asked)


def _not_before(unit: UnitOfWork, known: StoredPreferences) -> Moment:
    """The earliest next push by their pace; the next day once the goal is reached."""
    chosen = known.preferences
    if not chosen.has_goal:
        return chosen.next_at_pace
    reached = chosen.is_reached(*today(unit, known))
    tomorrow = settings.day_of(known.zone, unit.now)[1] if reached else NEVER
    return Moment(max(chosen.next_at_pace, tomorrow))


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
    found = find_zones(place, act.unit.now) if place else ()
    if place and not found:
        raise BadInput(what="place", value=place, expected=[])
    act.unit.live_messages.forget(act.person.id, LIVE)
    if len(found) == 1:
        return change(act, "zone", found[0])
    return _page(act, "found" if found else "main", tuple(found))


def _country_in(said: str) -> str | None:
    """The code behind `country …`, as typed; BadInput where no country is called so."""
    first, _, name = said.strip().partition(" ")
    if first.casefold() not in words_for("country"):
        return None
    code = find_country(name)
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
            wait(unit, worker.id)
    _stand(act)
    return _page(act, AFTERWARDS.get(what, "main"))


def pause(act: Act) -> Reply:
    """Does the same as /pause, and edits this message."""
    act.unit.people.set_paused(act.person.id, True)
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
        if value != UNTOLD and find_country(value) != value:
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
    return Reply(replace(shown, countries=suggested(act.unit, act.person)), live=LIVE)


def _told(chosen: Preferences) -> str:
    return "" if chosen.country == UNTOLD else chosen.country


def _shown(act: Act, page: str, found: tuple[str, ...], known: StoredPreferences) -> SettingsPage:
    chosen, region = known.preferences, page if page in REGIONS else region_of(known.zone_name)
    tasks, earned = today(act.unit, known)
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
        quiet=act.person.unanswered >= MAX_UNANSWERED_PUSHES,
        in_place=chosen.in_place,
    )


def _in(known: StoredPreferences, terms: Terms) -> StoredPreferences:
    chosen = known.preferences
    return replace(known, preferences=replace(chosen, currency=chosen.currency or terms.currency))
