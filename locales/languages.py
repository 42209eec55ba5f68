"""The languages there are: each is a folder here with a language.toml and, but for English, a catalogue of texts.

A new language needs nothing outside its folder:

- `name`: as its readers call it; `spelling`: the CLDR locale of its money, numbers, dates and places;
- `direction`: `ltr` or `rtl`; `half_row`: characters of a button that fit beside another on a small phone;
- `zone`: where most of its readers live, as the first guess of their clock; none where there is no such place;
- `countries`: where most of its readers live, by their codes, suggested when a worker is asked for theirs;
- `[words]`: what people may type, without accents: `all`, `articles` in front of a place, units of time;
- `[caption.keys]`, `[caption.values]`: what may stand for a key or a value of a `/newproject` caption; the first word
  for each is the one that refusals name;
- `[presets.NAME]`: the words of each of presets.toml (locales/presets.py).
"""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from domain.extensions import find_extensions

SETTINGS = "language.toml"
SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}
ELSEWHERE = "UTC"


@dataclass(frozen=True, slots=True)
class Language:
    """`folder` holds its catalogue."""

    code: str
    folder: Traversable
    name: str
    spelling: str
    direction: str
    half_row: int
    zone: str = ELSEWHERE
    countries: tuple[str, ...] = ()
    words: Mapping[str, list[str]] = field(default_factory=dict)
    caption: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def catalogues(self) -> tuple[Traversable, ...]:
        """The catalogues that there are: its own, and those of extensions, in their `locales/`."""
        folders = (files(name) / "locales" / self.code for name in find_extensions())
        paths = (self.catalogue, *(folder / "LC_MESSAGES" / "pouce.po" for folder in folders))
        return tuple(path for path in paths if path.is_file())

    @property
    def catalogue(self) -> Traversable:
        return self.folder / "LC_MESSAGES" / "pouce.po"


def read_language(code: str, folder: Traversable) -> Language:
    """Raises KeyError or TypeError for an incomplete file."""
    said: dict[str, Any] = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    return Language(code, folder, **{**said, "countries": tuple(said.get("countries", ()))})


def _found() -> Iterator[tuple[str, Language]]:
    for folder in sorted(files("locales").iterdir(), key=lambda each: each.name):
        if (folder / SETTINGS).is_file():
            yield folder.name, read_language(folder.name, folder)


LANGUAGES: dict[str, Language] = dict(_found())


def language_for(code: str | None, default: str) -> str:
    """The catalogue for Telegram's `language_code` (fr-CA → fr), or the default."""
    language = (code or "").split("-")[0].lower()
    return language if language in LANGUAGES else default


def usual_zone(language: str) -> str:
    """The default zone before a worker has chosen one."""
    return LANGUAGES[language].zone if language in LANGUAGES else ELSEWHERE


def words(what: str) -> frozenset[str]:
    """In every language; lower case without accents."""
    return frozenset(word for each in LANGUAGES.values() for word in each.words.get(what, ()))


def time_units() -> dict[str, int]:
    """Seconds by the name of a unit."""
    return {word: seconds for what, seconds in SECONDS.items() for word in words(what)}


def caption_words(what: str) -> dict[str, str]:
    """`keys` or `values` of a caption by their words in any language, without accents; the first language with a word
    decides."""
    found: dict[str, str] = {}
    for language in LANGUAGES.values():
        for word, meant in language.caption.get(what, {}).items():
            found.setdefault(_without_accents(word), meant)
    return found


def caption_word(language: str, what: str, meant: str) -> str:
    """One of the `keys` or `values` as this language's readers would write it; English says it as it is."""
    if not LANGUAGES[language].catalogue.is_file():
        return meant
    words, spellings = LANGUAGES[language].caption.get(what, {}), (meant, meant.replace("_", " "))
    named = next((word for word, of in words.items() if of in spellings), meant)
    return named.replace("_", " ") if what == "keys" else named


def _without_accents(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
