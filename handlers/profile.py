"""The bot's descriptions in Telegram: in the empty chat before Start, and on its profile."""

from __future__ import annotations

from dataclasses import dataclass

from domain.people.onboarding import Command, CommandMenu
from domain.refusals import AlreadyAsked, Refusal, TooLate
from domain.work.messages import MatterOver
from handlers.fairness import appeals
from handlers.money import payouts as payouts_handlers
from handlers.payload import Payload
from handlers.people import onboarding, qualifications
from handlers.work import corrections, tasks
from locales import translator
from locales.languages import LANGUAGES
from services.act import Act
from services.money import payouts

Menu = tuple[tuple[str, str], ...]


def newcomers(default: str, commands: tuple[Command, ...]) -> dict[str, Menu]:
    """By Telegram's `language_code`; the default language stands under the empty one."""
    theirs = CommandMenu(tuple(command for command in commands if not command.role))
    menus = {code: onboarding.command_menu(theirs, translator(code)).menu or () for code in LANGUAGES}
    return {"": menus[default], **menus}


@dataclass(frozen=True, slots=True)
class Profile:
    """At most 512 and 120 characters."""

    description: str
    short_description: str


def profiles(default: str) -> dict[str, Profile]:
    """By Telegram's `language_code`; the default language stands under the empty one."""
    found = {language: _profile(language) for language in LANGUAGES}
    return {"": found[default], **found}


def _profile(language: str) -> Profile:
    t = translator(language)
    return Profile(
        t.plain(
            "Small paid tasks on your phone: you read, look or listen, and answer by pressing a button.\n\n"
            "The money for every task is set aside before you see it. You see the pay, and about how much that is per"
            " hour, before you start. You never pay anything.\n\nPress Start."
        ),
        t.plain("Small paid tasks on your phone. The pay is set aside before you see the task."),
    )


ONCE = (
    tasks.KeepFile,
    corrections.BeginRedo,
    corrections.DeclineRedo,
    qualifications.AskQualification,
    qualifications.DeclineQualification,
    qualifications.AnswerTest,
)


def over(act: Act, pressed: Payload | None, refusal: Refusal) -> None:
    """What was refused once will be refused for ever: a question that waits no more, of which nothing else is shown."""
    if isinstance(pressed, payouts_handlers.PayOut) and isinstance(refusal, AlreadyAsked):
        payouts.remove_card_button(act, pressed.currency)
    late = isinstance(pressed, appeals.Judge) and type(refusal) is TooLate  # others judge the case by now
    if (late or isinstance(pressed, ONCE)) and act.message is not None:
        act.unit.outbox.tell(act.person.id, MatterOver(), klass="nudge", edits=act.message)
