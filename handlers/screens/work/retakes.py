"""A photo or a voice message that seems to be something else: another one, or this one all the same."""

from domain.work.retakes import Flaw, RetakeAsked, RetakeKept
from handlers.payloads.work import KeepFile
from handlers.screens.screen import Button, Screen, lines, shows
from locales import Html, Translator


@shows(RetakeAsked)
def asked(m: RetakeAsked, t: Translator) -> Screen:
    if m.heard:
        keep = t.plain("👍 Take this one")
        ask = t(
            "Would you record it once more? Your answer counts once you send another, or press “{keep}”.", keep=keep
        )
    else:
        keep = t.plain("👍 Take this photo")
        ask = t("Would you take another one? Your answer counts once you send another, or press “{keep}”.", keep=keep)
    said = [_seems(Flaw(flaw), t) for flaw in m.flaws]
    return Screen(lines(*said, ask), ((Button(keep, KeepFile.wire(m.assignment)),),))


@shows(RetakeKept)
def kept(m: RetakeKept, t: Translator) -> Screen:
    return Screen(t("✓ Your voice message counts as it is.") if m.heard else t("✓ Your photo counts as it is."))


def _seems(flaw: Flaw, t: Translator) -> Html:
    return {
        Flaw.BLANK: t("📷 There is nothing to see in this photo."),
        Flaw.DARK: t("📷 This photo is very dark."),
        Flaw.BLURRED: t("📷 This photo looks blurred."),
        Flaw.SCREENSHOT: t("📷 This looks like a screenshot."),
        Flaw.SENT_BEFORE: t("📷 This photo looks like one that was sent for another task."),
        Flaw.SHORT: t("🎤 This message is very short."),
        Flaw.QUIET: t("🎤 Hardly anything can be heard in this message."),
    }[flaw]
