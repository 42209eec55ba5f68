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


def get_newcomer_menus(default: str, commands: tuple[Command, ...]) -> dict[str, Menu]:
    """Return the menus of commands by Telegram's `language_code`; the default language's is also at ""."""
    theirs = CommandMenu(tuple(command for command in commands if not command.role))
    menus = {code: onboarding.command_menu(theirs, translator(code)).menu or () for code in LANGUAGES}
    return {"": menus[default], **menus}


@dataclass(frozen=True, slots=True)
class Profile:
    """Descriptions of the bot, of at most 512 and 120 characters."""

    description: str
    short_description: str


def get_profiles(default: str) -> dict[str, Profile]:
    """Return the profiles by Telegram's `language_code`; the default language's is also at ""."""
    profile_by_language = {language: _get_profile(language) for language in LANGUAGES}
    return {"": profile_by_language[default], **profile_by_language}


def _get_profile(language: str) -> Profile:
    t = translator(language)
    return Profile(
        t.plain(
            "Small paid tasks on your phone: you read, look or listen, and answer by pressing a button.\n\n"
            "The money for every task is set aside before you see it. You see the pay, and about how much that is per"
            " hour, before you start. You never pay anything.\n\nPress Start."
        ),
        t.plain("Small paid tasks on your phone. The pay is set aside before you see the task."),
    )


ANSWERED_ONCE = (
    tasks.KeepFile,
    corrections.BeginRedo,
    corrections.DeclineRedo,
    qualifications.AskQualification,
    qualifications.DeclineQualification,
    qualifications.AnswerTest,
)


def close_refused_question(act: Act, pressed: Payload | None, refusal: Refusal) -> None:
    """Remove the buttons of a refused question that can never be answered again, because others or an earlier press
    did."""
    if isinstance(pressed, payouts_handlers.PayOut) and isinstance(refusal, AlreadyAsked):
        payouts.remove_card_button(act, pressed.currency)
    late = isinstance(pressed, appeals.Judge) and type(refusal) is TooLate  # others judge the case by now
    if (late or isinstance(pressed, ANSWERED_ONCE)) and act.message is not None:
        act.unit.outbox.tell(act.person.id, MatterOver(), klass="nudge", edits=act.message)
