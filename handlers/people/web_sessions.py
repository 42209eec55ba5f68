"""The dashboard in a browser: `/web`, and the button that opens the dashboard in Telegram."""

from __future__ import annotations

from domain.people.accounts import EVERYBODY
from domain.people.web_sessions import WebLink, WebSessionsEnded
from domain.refusals import LinkOutdated
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import Button, Screen, lines, refuses, shows
from locales.translator import Translator
from services.people import web_sessions


class MakeWebLink(Payload):
    pass


class EndWebSessions(Payload):
    """`/web end`."""

    action: str


@shows(WebLink)
def web_link_screen(m: WebLink, t: Translator) -> Screen:
    return Screen(
        lines(
            t("🖥 <b>The dashboard in your browser</b>"),
            t("The link opens once, within ten minutes. The browser stays signed in for a day; /web end signs it out."),
        ),
        ((Button(t.plain("🖥 Open"), url=m.url), Button(t.plain("📋 Copy"), copy=m.url)),),
    )


@shows(WebSessionsEnded)
def web_sessions_ended_screen(m: WebSessionsEnded, t: Translator) -> Screen:
    if not m.count:
        return Screen(t("🖥 No browser was signed in. Links that were not opened no longer work."))
    return Screen(t.n("🖥 {count} browser is signed out.", "🖥 {count} browsers are signed out.", m.count))


@refuses(LinkOutdated)
def link_outdated_screen(_: LinkOutdated, t: Translator) -> Screen:
    return Screen(t("This link was opened before, or is older than ten minutes. Send /web in the chat for a new one."))


def look_button(page: str, t: Translator) -> Button:
    """Return the button that opens a page of the dashboard; it is left out where pages have no address."""
    return Button(t.plain("📊 Look"), page=f"dashboard/{page}")


ROUTES = (
    Route(
        MakeWebLink,
        EVERYBODY,
        web_sessions.make_link,
        command="web",
        means="the dashboard in a browser",
    ),
    Route(
        EndWebSessions,
        EVERYBODY,
        web_sessions.end_sessions,
        command="web",
        word="end",
    ),
)
