"""The first minute, the language, and what anybody may ask."""

from telegram import Update

from handlers.context import Context
from handlers.payloads.people import Speak
from locales import LANGUAGES
from services.people import onboarding


async def start(update: Update, context: Context) -> None:
    await context.transact(lambda unit, person: onboarding.start(unit, person, context.roles))


async def agree(update: Update, context: Context) -> None:
    await context.transact(onboarding.agree, context.house.terms, context.house.roles)
    await context.toast()


async def begin(update: Update, context: Context) -> None:
    await context.transact(onboarding.begin)
    await context.toast()


async def terms(update: Update, context: Context) -> None:
    await context.transact(onboarding.terms, context.house.terms)
    await context.toast()


async def privacy(update: Update, context: Context) -> None:
    await context.transact(onboarding.privacy)


async def language(update: Update, context: Context) -> None:
    await context.transact(onboarding.choose_language)
    await context.toast()


async def speak(update: Update, context: Context) -> None:
    assert isinstance(context.button, Speak)  # noqa: S101 (the route says so)
    wanted = context.button.language if context.button.language in LANGUAGES else "en"
    await context.transact(lambda unit, person: onboarding.speak(unit, person, wanted, context.roles))
    await context.toast()


async def help_(update: Update, context: Context) -> None:
    await context.transact(lambda unit, person: onboarding.help_(unit, person, context.roles))


async def lost(update: Update, context: Context) -> None:
    await context.transact(lambda unit, person: onboarding.lost(unit, person, context.roles))


async def mydata(update: Update, context: Context) -> None:
    await context.transact(onboarding.mydata)


async def old_button(update: Update, context: Context) -> None:
    """Data that no button of this version carries."""
    await context.transact(lambda unit, person: None)
    await context.toast(context.t.plain("This button is from an older message. /help lists what works now."))
