"""Access to the dashboard from a browser: a link from the chat, opened once, begins a session."""

import secrets

from domain.people.accounts import Person, hash_key
from domain.people.web_sessions import MAX_TOKEN_CHARS, TOKEN_BYTES, WebLink, WebSessionsEnded
from domain.refusals import BadInput, LinkOutdated, NoPages
from services.act import Act
from storage.unit import UnitOfWork

END = "end"
# Behind the # of an address: no server, log or referrer sees the token, and programs that preview links use none up.
ENTRANCE = "dashboard/enter#"


def make_link(act: Act) -> WebLink:
    """Return a link that opens the dashboard once, in place of an earlier one that was not opened. Raise NoPages
    without a public address."""
    if not act.house.pages:
        raise NoPages()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    until = act.unit.web_sessions.add_link(act.person.id, hash_key(token))
    return WebLink(f"{act.house.pages}/{ENTRANCE}{token}", until)


def end_sessions(act: Act, action: str) -> WebSessionsEnded:
    """Sign the person out of all browsers (`/web end`). Raise BadInput for another word."""
    if action.lower() != END:
        raise BadInput(what="word", value=action, expected=["/web", "/web end"])
    return WebSessionsEnded(act.unit.web_sessions.end_all(act.person.id))


def open_session(unit: UnitOfWork, link_token: str) -> str:
    """Use up a link and return the token of a new session of its person. Raise LinkOutdated if the link was used
    before, has ended or never was."""
    person = unit.web_sessions.use_link(hash_key(link_token)) if len(link_token) <= MAX_TOKEN_CHARS else None
    if person is None:
        raise LinkOutdated()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    unit.web_sessions.add_session(person, hash_key(token))
    unit.audit.note(person, "web session", f"person:{person}")
    return token


def find_session_person(unit: UnitOfWork, session_token: str) -> Person | None:
    """Return the person whose session this is; None if it has ended or never was."""
    person = unit.web_sessions.find_person(hash_key(session_token)) if len(session_token) <= MAX_TOKEN_CHARS else None
    return unit.people.get(person) if person is not None else None
