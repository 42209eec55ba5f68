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
from handlers.screen import Button, Keyboard, Screen, lines, shows, to_button_rows
from handlers.work import answer_messages, corrections, offers, tasks
from locales.languages import LANGUAGES
from locales.translator import Html, Translator
from services.people import settings


class OpenSettings(Payload):
    place: Words = ""


class ShowSettings(Payload, code="se"):
    """Button that opens a page: main, when, zone, pace, goal, tasks, or a part of the world."""

    page: str


class ChangeSetting(Payload, code="ss"):
    """Button that chooses `value` of the setting `what`, or removes it if several may be chosen."""

    what: str
    value: str


class PauseHere(Payload, code="sz"):
    pass


@shows(CountryWanted)
def country_question_screen(m: CountryWanted, t: Translator) -> Screen:
    country_buttons = [
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
            *to_button_rows(country_buttons),
            (Button(t.plain("Rather not say"), ChangeSetting(what="country", value=UNTOLD).pack()),),
        ),
    )


@shows(GoalReached)
def goal_reached_screen(m: GoalReached, t: Translator) -> Screen:
    """Screen after the daily goal was reached, once a day; the worker may go on."""
    return Screen(
        lines(
            answer_messages.format_last_answer(m.last, t),
            t("🎉 <b>You have reached your goal for today.</b>"),
            today_sentence(m.tasks, m.earned, m.currency, t),
            t("Well done!"),
            offers.format_next_time(m.quiet, t),
        ),
        _keyboard_after_answer(m.last, t, t.plain("▶️ Go on today"), "goal"),
        anew=True,
    )


@shows(PaceKept)
def pace_screen(m: PaceKept, t: Translator) -> Screen:
    return Screen(
        lines(
            answer_messages.format_last_answer(m.last, t),
            t("👍 <b>That was it for now.</b>"),
            t("Your pace: {pace}.", pace=pace_words(m.gap, t)),
            offers.format_next_time(m.quiet, t),
        ),
        _keyboard_after_answer(m.last, t, t.plain("▶️ Go on"), "pace"),
        anew=True,
    )


@shows(LeftInPeace)
def left_in_peace_screen(told: LeftInPeace, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🤫 <b>We leave you in peace now.</b>"),
            t("The last tasks went unanswered. That is no problem, and nothing is held against you."),
            t("We send no more until you want some: press “Go on” whenever you like."),
        ),
        _keyboard_after_answer(None, t, t.plain("▶️ Go on"), "main"),
    )


def today_sentence(tasks: int, earned: int, currency: str, t: Translator) -> Html:
    """Sentence with today's answers and earnings."""
    return t(
        "Today: {answers}, {earned}.",
        answers=t.n("{count} answer", "{count} answers", tasks),
        earned=t.money(earned, currency),
    )


def pace_words(gap: int, t: Translator) -> str:
    return {
        0: t.plain("tasks as they come"),
        15: t.plain("at most 4 tasks an hour"),
        60: t.plain("at most 1 task an hour"),
        240: t.plain("at most 1 task in 4 hours"),
    }[gap]


def _keyboard_after_answer(last: LastAnswer | None, t: Translator, go_on: str, page: str) -> Keyboard:
    """Buttons after the last answer: go on, open a page of the settings, and correct that answer."""
    go = Button(go_on, tasks.AskForWork().pack(), style="success")
    settings = Button(t.plain("⚙️ My settings"), ShowSettings(page=page).pack())
    return (go,), (settings,), *corrections.last_answer_keyboard(last, t)


@shows(SettingsPage)
def settings_page(page: SettingsPage, t: Translator) -> Screen:
    text, rows = PAGES[page.page](page, t)
    return Screen(text, rows if page.page == "main" else (*rows, (_page_button(t.plain("⬅️ Back"), "main"),)))


def _main_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("⚙️ <b>When and how we write to you</b>"),
        " ",
        t("🗓 {days}, {hours}", days=_days_words(page, t), hours=_hours_words(page.begin, page.end, t)),
        t("🌍 {city}: it is {clock} now", city=t.city(page.zone), clock=t.clock(page.at, page.zone)),
        t("Is that not your time? Press “Local time”.") if page.guessed else None,
        t("🔔 {pace}", pace=_capitalized(pace_words(page.gap, t))),
        t("🎯 {goal}", goal=_goal_words(page, t)),
        today_sentence(page.tasks, page.earned, page.currency, t)
        if page.tasks or page.goal_tasks or page.goal_money
        else None,
        t("🧩 {ways} · {languages}", ways=_ways_words(page, t), languages=_languages_words(page, t)),
        t("📍 {country}: you get tasks for people there, too", country=t.country(page.country[:2]))
        if page.country
        else None,
        t("💬 The same message for all tasks") if page.in_place else t("💬 A new message for each task"),
        " ",
        _push_state_sentence(page, t),
    )
    return text, (
        (_page_button(t.plain("🗓 Days and hours"), "when"), _page_button(t.plain("🌍 Local time"), "zone")),
        (_page_button(t.plain("🔔 How often"), "pace"), _page_button(t.plain("🎯 Daily goal"), "goal")),
        (_page_button(t.plain("🧩 Which tasks"), "tasks"), _page_button(t.plain("💬 New or same message"), "session")),
        (_page_button(t.plain("🗣 News of the board"), "board"), _page_button(t.plain("📍 Country"), "country")),
        (Button(t.plain("❓ Questions about you"), qualifications.ShowScreening().pack()),),
        (_pause_button(page, t),),
    )


def _push_state_sentence(page: SettingsPage, t: Translator) -> Html:
    if page.paused:
        return t("⏸ <b>Paused.</b> Nothing comes until you press “Go on”.")
    if page.quiet:
        return t("🤫 The last tasks went unanswered: nothing comes until you press “Go on”.")
    return t(
        "Outside these hours no task comes unasked, and news of your money comes without a sound. /work always works."
    )


def _pause_button(page: SettingsPage, t: Translator) -> Button:
    if page.paused or page.quiet:
        return Button(t.plain("▶️ Go on"), tasks.AskForWork().pack(), style="success")
    return Button(t.plain("⏸ Pause"), PauseHere().pack())


def _hours_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    begin, end = page.begin, page.end
    week = [_tick_button(t.weekday(day), on, "day", str(day)) for day, on in enumerate(page.days)]
    shifts = [
        _choice_button(_hours_words(*shift, t), shift == (begin, end), "shift", str(number))
        for number, shift in enumerate(SHIFTS)
    ]
    text = lines(
        t("🗓 <b>On which days, at which hours?</b>"),
        t("{days}, {hours}", days=_days_words(page, t), hours=_hours_words(begin, end, t)),
        t("By your clock: {clock} now, {city}.", clock=t.clock(page.at, page.zone), city=t.city(page.zone)),
    )
    return text, (
        tuple(week[:4]),
        tuple(week[4:]),
        tuple(shifts[:2]),
        tuple(shifts[2:]),
        (
            _change_button(t.plain("Start earlier"), "begin", (begin - 1) % 24),
            _change_button(t.plain("Start later"), "begin", (begin + 1) % 24),
        ),
        (
            _change_button(t.plain("End earlier"), "end", (end - 1) % 24),
            _change_button(t.plain("End later"), "end", (end + 1) % 24),
        ),
    )


def _zone_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    """Page of time zones, each shown with its current time."""
    zones = [
        _choice_button(f"{t.clock(page.at, zone)} {t.city(zone)}", zone == page.zone, "zone", zone)
        for zone in page.zones
    ]
    regions = {
        "europe": t.plain("Europe"),
        "africa": t.plain("Africa"),
        "america": t.plain("America"),
        "asia": t.plain("Asia"),
        "pacific": t.plain("Pacific"),
    }
    region_buttons = [_page_button(name, region) for region, name in regions.items() if region != page.region]
    text = lines(
        t("🌍 <b>What time is it where you are?</b>"),
        t("Press the line that shows your time, or a part of the world for more."),
        t(
            "Or write it, with a city, a country or the difference: <code>/settings Dakar</code>, <code>/settings +3</code>"
        ),
    )
    return text, (*to_button_rows(zones), *to_button_rows(region_buttons))


def _pace_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🔔 <b>How often may a task come unasked?</b>"),
        t("With /work you get more at any time, one after another."),
    )
    return text, tuple(
        (_choice_button(_capitalized(pace_words(gap, t)), gap == page.gap, "gap", str(gap)),) for gap in GAPS
    )


def _goal_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    tasks, money, currency = page.goal_tasks, page.goal_money, page.currency
    by_count = [
        _choice_button(t.n("{count} answer", "{count} answers", count), count == tasks, "tasks", str(count))
        for count in GOAL_TASKS
    ]
    by_money = [
        _choice_button(t.money(units * UNIT, currency), units * UNIT == money, "money", str(units))
        for units in GOAL_MONEY
    ]
    text = lines(
        t("🎯 <b>How much is enough for a day?</b>"),
        t("We tell you when you are there, and send no more that day. You may always go on with /work."),
        today_sentence(page.tasks, page.earned, page.currency, t),
    )
    none = _choice_button(t.plain("No goal"), not tasks and not money, "tasks", "0")
    return text, ((none,), *to_button_rows(by_count), *to_button_rows(by_money))


def _tasks_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    rows = [_tick_button(name, way in page.ways, "way", way) for way, name in way_names(t).items()]
    names = {code: language.name for code, language in LANGUAGES.items()}
    spoken = [_tick_button(name, code in page.languages, "language", code) for code, name in names.items()]
    text = lines(
        t("🧩 <b>Which tasks do you want?</b>"),
        t("How you answer, and which languages you read. What is not ticked is never given to you."),
        None
        if page.languages
        else t("No language is ticked: you get tasks in the language of this chat, and those that name none."),
    )
    return text, (*((way,) for way in rows), tuple(spoken))


def _session_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("💬 <b>Where does the next task come?</b>"),
        t("In the message you have just answered, so that the chat stays short, or in a new message below."),
    )
    return text, (
        (_choice_button(t.plain("The same message"), page.in_place, "session", "1"),),
        (_choice_button(t.plain("A new message"), not page.in_place, "session", "0"),),
    )


def _board_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🗣 <b>What others write on the board</b>"),
        t("One message a day with what is new, at this hour. Never more. /board always works."),
    )
    hours = [_choice_button(f"{hour:02}:00", hour == page.board_hour, "board", str(hour)) for hour in BOARD_HOURS]
    none = _choice_button(t.plain("No message"), page.board_hour == NO_HOUR, "board", "24")
    contacts = _tick_button(t.plain("✉️ Exchange contacts"), page.contacts, "contacts", str(int(not page.contacts)))
    return text, ((none,), *to_button_rows(hours), (contacts,))


def _country_page(page: SettingsPage, t: Translator) -> tuple[Html, Keyboard]:
    text = lines(
        t("🌍 <b>Where do you live?</b>"),
        t("Some projects ask only people of one country. Say yours, and you get their tasks, too."),
        t("It is up to you, and kept for this alone. “Rather not say” deletes it."),
        t("Another country: <code>/settings country Canada</code>"),
    )
    codes = dict.fromkeys((*((page.country,) if page.country else ()), *page.countries))
    rows = [_choice_button(t.country(code[:2]), code == page.country, "country", code[:2]) for code in codes]
    return text, (
        *to_button_rows(rows),
        (_choice_button(t.plain("Rather not say"), not page.country, "country", UNTOLD),),
    )


PAGES: dict[str, Callable[[SettingsPage, Translator], tuple[Html, Keyboard]]] = {
    "main": _main_page,
    "when": _hours_page,
    "zone": _zone_page,
    "pace": _pace_page,
    "goal": _goal_page,
    "tasks": _tasks_page,
    "session": _session_page,
    "board": _board_page,
    "country": _country_page,
}


def way_names(t: Translator) -> dict[str, str]:
    return {
        Wants.PRESS: t.plain("👆 Press buttons"),
        Wants.TEXT: t.plain("⌨️ Write"),
        Wants.PHOTO: t.plain("📷 Take photos"),
        Wants.VOICE: t.plain("🎤 Speak"),
        Wants.LOCATION: t.plain("📍 Be at a place"),
        Wants.PAGE: t.plain("✏️ Draw and mark"),
    }


def _days_words(page: SettingsPage, t: Translator) -> str:
    chosen = [day for day, on in enumerate(page.days) if on]
    if len(chosen) == 7:
        return t.plain("Every day")
    if len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        return _capitalized(t.plain("{first} to {last}", first=t.weekday(chosen[0]), last=t.weekday(chosen[-1])))
    return _capitalized(t.all_of([t.weekday(day) for day in chosen]))


def _hours_words(begin: int, end: int, t: Translator) -> str:
    if begin == end:
        return t.plain("round the clock")
    return t.plain("{begin}–{end}", begin=f"{begin:02}:00", end=f"{end or 24:02}:00")


def _goal_words(page: SettingsPage, t: Translator) -> str:
    if page.goal_tasks:
        return t.n("{count} answer a day", "{count} answers a day", page.goal_tasks)
    if page.goal_money:
        return t.plain("{amount} a day", amount=t.money(page.goal_money, page.currency))
    return t.plain("No daily goal")


def _ways_words(page: SettingsPage, t: Translator) -> str:
    names = way_names(t)
    if len(page.ways) == len(names):
        return t.plain("All kinds of tasks")
    return ", ".join(names[way] for way in page.ways)


def _languages_words(page: SettingsPage, t: Translator) -> str:
    if not page.languages:
        return t.plain("in the language of this chat")
    return ", ".join(LANGUAGES[code].name for code in page.languages)


def _capitalized(words: str) -> str:
    return words[:1].upper() + words[1:]


def _page_button(text: str, where: str) -> Button:
    return Button(text, ShowSettings(page=where).pack())


def _change_button(text: str, what: str, value: object) -> Button:
    return Button(text, ChangeSetting(what=what, value=str(value)).pack())


def _choice_button(text: str, chosen: bool, what: str, value: str) -> Button:
    """Button for one of several choices; the current one is marked."""
    return _change_button(f"🔘 {text}" if chosen else text, what, value)


def _tick_button(text: str, on: bool, what: str, value: str) -> Button:
    """Button that ticks or unticks one choice, independent of others."""
    return _change_button(f"{'✅' if on else '◻️'} {text}", what, value)


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
