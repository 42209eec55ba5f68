"""A worker's settings: one message whose pages are edited in place."""

from __future__ import annotations

from collections.abc import Callable

from domain.handing_in import Wants
from domain.money.amounts import UNIT
from domain.people.accounts import WORKER
from domain.people.push_schedule import GoalReached, LeftInPeace, PaceKept
from domain.people.settings import (
    BOARD_HOURS,
    GAPS,
    GOAL_MONEY,
    GOAL_TASKS,
    NO_HOUR,
    SHIFTS,
    CountryWanted,
    SettingsPage,
)
from domain.projects.projects import UNTOLD
from domain.work.messages import LastAnswer
from handlers.payload import Payload, Words
from handlers.people import qualifications
from handlers.routing import Route
from handlers.screen import (
    Button,
    Keyboard,
    Screen,
    in_rows,
    lines,
    shows,
)
from handlers.work import (
    answer_messages,
    corrections,
    offers,
    tasks,
)
from locales.languages import LANGUAGES
from locales.translator import Html, Translator
from services.people import settings


class OpenSettings(Payload):
    place: Words = ""


class ShowSettings(Payload, code="se"):
    """`page`: main, when, zone, pace, goal, tasks, or a part of the world."""

    page: str


class ChangeSetting(Payload, code="ss"):
    """Chooses `value` of the setting `what`, or removes it where several may be chosen."""

    what: str
    value: str


class PauseHere(Payload, code="sz"):
    pass


@shows(CountryWanted)
def wanted(m: CountryWanted, t: Translator) -> Screen:
    found = [
        Button(t.country(code[:2]), ChangeSetting(what="country", value=code[:2]).pack()) for code in (m.suggested)
    ]
    return Screen(
        lines(
            t("🌍 <b>Where do you live?</b>"),
            t("Some projects ask only people of one country. Say yours, and you get their tasks, too."),
            t("It is up to you, and kept for this alone: change or delete it in /settings."),
            t("Another country: <code>/settings country Canada</code>"),
        ),
        (
            *in_rows(found),
            (Button(t.plain("Rather not say"), ChangeSetting(what="country", value=UNTOLD).pack()),),
        ),
    )


@shows(GoalReached)
def reached(told: GoalReached, t: Translator) -> Screen:
    """The daily goal is reached: said once a day; work goes on."""
    return Screen(
        lines(
            answer_messages.format_last_answer(told.last, t),
            t("🎉 <b>You have reached your goal for today.</b>"),
            done(told.tasks, told.earned, told.currency, t),
            t("Well done!"),
            offers.format_next_time(told.quiet, t),
        ),
        _below(told.last, t, t.plain("▶️ Go on today"), "goal"),
        anew=True,
    )


@shows(PaceKept)
def at_pace(told: PaceKept, t: Translator) -> Screen:
    return Screen(
        lines(
            answer_messages.format_last_answer(told.last, t),
            t("👍 <b>That was it for now.</b>"),
            t("Your pace: {pace}.", pace=pace(told.gap, t)),
            offers.format_next_time(told.quiet, t),
        ),
        _below(told.last, t, t.plain("▶️ Go on"), "pace"),
        anew=True,
    )


@shows(LeftInPeace)
def quiet(told: LeftInPeace, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤫 <b>We leave you in peace now.</b>"),
            t("The last tasks went unanswered. That is no problem, and nothing is held against you."),
            t("We send no more until you want some: press “Go on” whenever you like."),
        ),
        _below(None, t, t.plain("▶️ Go on"), "main"),
    )


def done(tasks: int, earned: int, currency: str, t: Translator) -> Html:
    """Today's answers and earnings."""
    return t(
        "Today: {answers}, {earned}.",
        answers=t.n("{count} answer", "{count} answers", tasks),
        earned=t.money(earned, currency),
    )


def pace(gap: int, t: Translator) -> str:
    return {
        0: t.plain("tasks as they come"),
        15: t.plain("at most 4 tasks an hour"),
        60: t.plain("at most 1 task an hour"),
        240: t.plain("at most 1 task in 4 hours"),
    }[gap]


def _below(last: LastAnswer | None, t: Translator, go_on: str, page: str) -> Keyboard:
    """On with it, or another choice; and what can be said about the answer before."""
    go = Button(go_on, tasks.AskForWork().pack(), style="success")
    settings = Button(t.plain("⚙️ My settings"), ShowSettings(page=page).pack())
    return (go,), (settings,), *corrections.last_answer_keyboard(last, t)


@shows(SettingsPage)
def settings_page(page: SettingsPage, t: Translator) -> Screen:
    text, rows = PAGES[page.page](page, t)
    return Screen(text, rows if page.page == "main" else (*rows, (_open(t.plain("⬅️ Back"), "main"),)))


def _main(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("⚙️ <b>When and how we write to you</b>"),
        " ",
        t("🗓 {days}, {hours}", days=_days(page, t), hours=_hours(page.begin, page.end, t)),
        t("🌍 {city}: it is {clock} now", city=t.city(page.zone), clock=t.clock(page.at, page.zone)),
        t("Is that not your time? Press “Local time”.") if page.guessed else None,
        t("🔔 {pace}", pace=_first_up(pace(page.gap, t))),
        t("🎯 {goal}", goal=_goal(page, t)),
        done(page.tasks, page.earned, page.currency, t) if page.tasks or page.goal_tasks or page.goal_money else None,
        t("🧩 {ways} · {languages}", ways=_wanted(page, t), languages=_spoken(page, t)),
        t("📍 {country}: you get tasks for people there, too", country=t.country(page.country[:2]))
        if page.country
        else None,
        t("💬 The same message for all tasks") if page.in_place else t("💬 A new message for each task"),
        " ",
        _state(page, t),
    )
    return text, (
        (_open(t.plain("🗓 Days and hours"), "when"), _open(t.plain("🌍 Local time"), "zone")),
        (_open(t.plain("🔔 How often"), "pace"), _open(t.plain("🎯 Daily goal"), "goal")),
        (_open(t.plain("🧩 Which tasks"), "tasks"), _open(t.plain("💬 New or same message"), "session")),
        (_open(t.plain("🗣 News of the board"), "board"), _open(t.plain("📍 Country"), "country")),
        (Button(t.plain("❓ Questions about you"), qualifications.ShowScreening().pack()),),
        (_pause(page, t),),
    )


def _state(page: SettingsPage, t: Translator) -> Html:
    if page.paused:
        return t("⏸ <b>Paused.</b> Nothing comes until you press “Go on”.")
    if page.quiet:
        return t("🤫 The last tasks went unanswered: nothing comes until you press “Go on”.")
    return t(
        "Outside these hours no task comes unasked, and news of your money comes without a sound. /work always works."
    )


def _pause(page: SettingsPage, t: Translator) -> Button:
    if page.paused or page.quiet:
        return Button(t.plain("▶️ Go on"), tasks.AskForWork().pack(), style="success")
    return Button(t.plain("⏸ Pause"), PauseHere().pack())


def _when(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    begin, end = page.begin, page.end
    week = [_tick(t.weekday(day), on, "day", str(day)) for day, on in enumerate(page.days)]
    shifts = [
        _one(_hours(*shift, t), shift == (begin, end), "shift", str(number)) for number, shift in enumerate(SHIFTS)
    ]
    text = lines(
        t("🗓 <b>On which days, at which hours?</b>"),
        t("{days}, {hours}", days=_days(page, t), hours=_hours(begin, end, t)),
        t("By your clock: {clock} now, {city}.", clock=t.clock(page.at, page.zone), city=t.city(page.zone)),
    )
    return text, (
        tuple(week[:4]),
        tuple(week[4:]),
        tuple(shifts[:2]),
        tuple(shifts[2:]),
        (
            _set(t.plain("Start earlier"), "begin", (begin - 1) % 24),
            _set(t.plain("Start later"), "begin", (begin + 1) % 24),
        ),
        (_set(t.plain("End earlier"), "end", (end - 1) % 24), _set(t.plain("End later"), "end", (end + 1) % 24)),
    )


def _zone(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    """A zone shown with its current time."""
    zones = [_one(f"{t.clock(page.at, zone)} {t.city(zone)}", zone == page.zone, "zone", zone) for zone in page.zones]
    regions = {
        "europe": t.plain("Europe"),
        "africa": t.plain("Africa"),
        "america": t.plain("America"),
        "asia": t.plain("Asia"),
        "pacific": t.plain("Pacific"),
    }
    others = [_open(name, region) for region, name in regions.items() if region != page.region]
    text = lines(
        t("🌍 <b>What time is it where you are?</b>"),
        t("Press the line that shows your time, or a part of the world for more."),
        t(
            "Or write it, with a city, a country or the difference: <code>/settings Dakar</code>, <code>/settings +3</code>"
        ),
    )
    return text, (*in_rows(zones), *in_rows(others))


def _pace(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🔔 <b>How often may a task come unasked?</b>"),
        t("With /work you get more at any time, one after another."),
    )
    return text, tuple((_one(_first_up(pace(gap, t)), gap == page.gap, "gap", str(gap)),) for gap in GAPS)


def _goal_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    tasks, money, currency = page.goal_tasks, page.goal_money, page.currency
    by_count = [
        _one(t.n("{count} answer", "{count} answers", count), count == tasks, "tasks", str(count))
        for count in GOAL_TASKS
    ]
    by_money = [
        _one(t.money(units * UNIT, currency), units * UNIT == money, "money", str(units)) for units in GOAL_MONEY
    ]
    text = lines(
        t("🎯 <b>How much is enough for a day?</b>"),
        t("We tell you when you are there, and send no more that day. You may always go on with /work."),
        done(page.tasks, page.earned, page.currency, t),
    )
    none = _one(t.plain("No goal"), not tasks and not money, "tasks", "0")
    return text, ((none,), *in_rows(by_count), *in_rows(by_money))


def _tasks(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    rows = [_tick(name, way in page.ways, "way", way) for way, name in ways(t).items()]
    names = {code: language.name for code, language in LANGUAGES.items()}
    spoken = [_tick(name, code in page.languages, "language", code) for code, name in names.items()]
    text = lines(
        t("🧩 <b>Which tasks do you want?</b>"),
        t("How you answer, and which languages you read. What is not ticked is never given to you."),
        None
        if page.languages
        else t("No language is ticked: you get tasks in the language of this chat, and those that name none."),
    )
    return text, (*((way,) for way in rows), tuple(spoken))


def _session(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("💬 <b>Where does the next task come?</b>"),
        t("In a new message below, or in the message you have just answered: then the chat stays short."),
    )
    return text, (
        (_one(t.plain("A new message"), not page.in_place, "session", "0"),),
        (_one(t.plain("The same message"), page.in_place, "session", "1"),),
    )


def _board(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🗣 <b>What others write on the board</b>"),
        t("One message a day with what is new, at this hour. Never more. /board always works."),
    )
    hours = [_one(f"{hour:02}:00", hour == page.board_hour, "board", str(hour)) for hour in BOARD_HOURS]
    none = _one(t.plain("No message"), page.board_hour == NO_HOUR, "board", "24")
    contacts = _tick(t.plain("✉️ Exchange contacts"), page.contacts, "contacts", str(int(not page.contacts)))
    return text, ((none,), *in_rows(hours), (contacts,))


def _country(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🌍 <b>Where do you live?</b>"),
        t("Some projects ask only people of one country. Say yours, and you get their tasks, too."),
        t("It is up to you, and kept for this alone. “Rather not say” deletes it."),
        t("Another country: <code>/settings country Canada</code>"),
    )
    found = dict.fromkeys((*((page.country,) if page.country else ()), *page.countries))
    rows = [_one(t.country(code[:2]), code == page.country, "country", code[:2]) for code in found]
    return text, (*in_rows(rows), (_one(t.plain("Rather not say"), not page.country, "country", UNTOLD),))


PAGES: dict[str, Callable[[SettingsPage, Translator], tuple[Html, Keyboard]]] = {
    "main": _main,
    "when": _when,
    "zone": _zone,
    "pace": _pace,
    "goal": _goal_page,
    "tasks": _tasks,
    "session": _session,
    "board": _board,
    "country": _country,
}


def ways(t: Translator) -> dict[str, str]:
    return {
        Wants.PRESS: t.plain("👆 Press buttons"),
        Wants.TEXT: t.plain("⌨️ Write"),
        Wants.PHOTO: t.plain("📷 Take photos"),
        Wants.VOICE: t.plain("🎤 Speak"),
        Wants.LOCATION: t.plain("📍 Be at a place"),
        Wants.PAGE: t.plain("✏️ Draw and mark"),
    }


def _days(page: SettingsPage, t: Translator) -> str:
    chosen = [day for day, on in enumerate(page.days) if on]
    if len(chosen) == 7:
        return t.plain("Every day")
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return _first_up(t.plain("{first} to {last}", first=t.weekday(chosen[0]), last=t.weekday(chosen[-1])))
    return _first_up(t.all_of([t.weekday(day) for day in chosen]))


def _hours(begin: int, end: int, t: Translator) -> str:
    if begin == end:
        return t.plain("round the clock")
    return t.plain("{begin}–{end}", begin=f"{begin:02}:00", end=f"{end or 24:02}:00")


def _goal(page: SettingsPage, t: Translator) -> str:
    if page.goal_tasks:
        return t.n("{count} answer a day", "{count} answers a day", page.goal_tasks)
    if page.goal_money:
        return t.plain("{amount} a day", amount=t.money(page.goal_money, page.currency))
    return t.plain("No daily goal")


def _wanted(page: SettingsPage, t: Translator) -> str:
    names = ways(t)
    if len(page.ways) == len(names):
        return t.plain("All kinds of tasks")
    return ", ".join(names[way] for way in page.ways)


def _spoken(page: SettingsPage, t: Translator) -> str:
    if not page.languages:
        return t.plain("in the language of this chat")
    return ", ".join(LANGUAGES[code].name for code in page.languages)


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _open(text: str, where: str) -> Button:
    return Button(text, ShowSettings(page=where).pack())


def _set(text: str, what: str, value: object) -> Button:
    return Button(text, ChangeSetting(what=what, value=str(value)).pack())


def _one(text: str, chosen: bool, what: str, value: str) -> Button:
    """One of several: which it is now is marked."""
    return _set(f"🔘 {text}" if chosen else text, what, value)


def _tick(text: str, on: bool, what: str, value: str) -> Button:
    """Each on its own."""
    return _set(f"{'✅' if on else '◻️'} {text}", what, value)


ROUTES = (
    Route(
        OpenSettings,
        WORKER,
        settings.open_settings,
        command="settings",
        usage="[PLACE]",
        means="days, hours, how often, daily goal, which tasks",
    ),
    Route(ShowSettings, WORKER, settings.show_page),
    Route(ChangeSetting, WORKER, settings.change_setting),
    Route(PauseHere, WORKER, settings.pause_pushes),
)
