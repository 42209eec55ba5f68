"""The checks of photos and voice messages, on a requester's cards."""

from collections.abc import Mapping

from domain.answers import Wants, kind_of
from domain.work.file_checks import NAMES, FileChecks
from domain.work.retakes import Flaw
from locales import Html, Translator

OF: Mapping[Wants, tuple[Flaw, ...]] = {
    Wants.PHOTO: (Flaw.BLANK, Flaw.DARK, Flaw.BLURRED, Flaw.SCREENSHOT, Flaw.SENT_BEFORE),
    Wants.VOICE: (Flaw.SHORT, Flaw.QUIET),
}


def looked_at(kind: str, said: tuple[str, ...], t: Translator) -> Html | None:
    """None where answers are no files."""
    known, checks = kind_of(kind), FileChecks(said)
    if not known.are_files:
        return None
    names = [_named(each, said, t) for each in checks.wanted(*OF[known.wants])]
    if not names:
        return t("🔎 They count as they come, without a look: <code>checks: off</code>")
    return t("🔎 Before one counts, its worker is asked once if it seems: {names}.", names=", ".join(names))


def _named(flaw: Flaw, said: tuple[str, ...], t: Translator) -> str:
    """With the limit, where the project sets it."""
    name = next(name for name, each in NAMES.items() if each is flaw)
    limit = next((each.partition("=")[2] for each in said if each.startswith(f"{name}=")), "")
    words = {
        Flaw.BLANK: t.plain("blank"),
        Flaw.DARK: t.plain("dark"),
        Flaw.BLURRED: t.plain("blurred"),
        Flaw.SCREENSHOT: t.plain("a screenshot"),
        Flaw.SENT_BEFORE: t.plain("sent before"),
        Flaw.SHORT: t.plain("short"),
        Flaw.QUIET: t.plain("hardly to be heard"),
    }[flaw]
    return t.plain("{what} (below {limit})", what=words, limit=t.number(float(limit))) if limit else words
