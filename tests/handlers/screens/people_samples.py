"""What people are told about themselves."""

from dataclasses import replace

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.messages import (
    CommandMenu,
    ErrorNoticed,
    Help,
    LanguageChosen,
    LanguageQuestion,
    NotUnderstood,
    PersonalData,
    PrivacyNotice,
    Ready,
    RoleGranted,
    RoleSet,
    RoleWithdrawn,
    TermsOfUse,
    Welcome,
    WelcomeBack,
)
from domain.people.people import PersonId
from handlers.routes import COMMANDS

NOON = Moment(1_790_000_000_000)
WORKERS = tuple(command for command in COMMANDS if command.role in ("", "worker"))
NEWCOMERS = tuple(command for command in COMMANDS if not command.role)
TERMS = TermsOfUse(None, "10", Millionths(12_880_000), "EUR")
MESSAGES: list[Message] = [
    Welcome("Ada <3", "en"),
    Welcome("Ada", "fr"),
    Ready(),
    WelcomeBack("Ada <3"),
    LanguageQuestion(),
    LanguageChosen(),
    NotUnderstood(worker=True),
    NotUnderstood(worker=False),
    Help(COMMANDS, requester=True),
    Help(WORKERS, requester=False),
    Help(NEWCOMERS, requester=False),
    CommandMenu(COMMANDS, worker=True),
    CommandMenu(NEWCOMERS, worker=False),
    PrivacyNotice(),
    TERMS,
    replace(TERMS, agreed=NOON, fee="7.5", floor=Millionths(0)),
    PersonalData(PersonId(3), 2_000),
    ErrorNoticed(),
    RoleSet("Ada <3", on=True),
    RoleSet("@ada", on=False),
    RoleGranted(),
    RoleWithdrawn(),
]
