"""A language nobody speaks: every message of the code in accented letters, 40 % longer, from right to left.

Made by what a real language is made of: a folder with a language.toml and a catalogue.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.catalog import Catalog

from locales import LANGUAGES, translator
from locales.languages import SETTINGS_FILE, read_language
from tests.locales.catalogue import all_texts, messages, written

CODE = "he"  # whose money, numbers and dates are written from right to left
LETTERS = "אבגדהוזחטיכלמנסעפצקרשת"
ACCENT = "\u0301"
# What a translator leaves as it is: placeholders, tags, commands, addresses, what is typed or copied.
KEPT = re.compile(r"(\{[^}]*\}|<(?:code|pre)>.*?</(?:code|pre)>|<[^>]*>|(?<![\w/])/[a-z_]+(?: skill)?|\n)", re.DOTALL)
SETTING = """
name = "פסאודו"
spelling = "he"
direction = "rtl"
half_row = 20
"""


def said(text: str) -> str:
    """Letter by letter, and some more at the end of each word."""
    return "".join(part if KEPT.fullmatch(part) else re.sub(r"[A-Za-z]+", _word, part) for part in KEPT.split(text))


def _word(found: re.Match[str]) -> str:
    word = found[0]
    letters = [LETTERS[ord(letter.lower()) % len(LETTERS)] for letter in word]
    more = LETTERS[:1] * round(len(letters) * 0.4 - 1)
    return letters[0] + ACCENT + "".join(letters[1:]) + more


def catalogue() -> Catalog:
    made = Catalog(locale="en")  # one and many, as the code has them
    for _, message in (message for texts in all_texts() for message in messages(texts)):
        made.add(message, said(message) if isinstance(message, str) else tuple(map(said, message)))
    return made


@contextmanager
def spoken(folder: Path) -> Iterator[str]:
    """The code of the language while it is one of those there are."""
    path = folder / CODE / "LC_MESSAGES" / "pouce.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(written(catalogue()))
    (folder / CODE / SETTINGS_FILE).write_text(SETTING, encoding="utf-8")
    LANGUAGES[CODE] = read_language(CODE, folder / CODE)
    try:
        yield CODE
    finally:
        del LANGUAGES[CODE]
        translator.cache_clear()
