"""Words of a screen without its marks, for doors that show text alone."""

import re
from html import unescape

from domain.refusals import Refusal
from handlers.screens.screen import render


def bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def in_language(refusal: Refusal, language: str) -> str:
    return bare(render(refusal.stored_as, refusal.facts, language).text)


def in_english(refusal: Refusal) -> str:
    return in_language(refusal, "en")
