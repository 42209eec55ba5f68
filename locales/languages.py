"""The languages there are: each is a folder here with a language.toml and, but for English, a catalogue of texts.

A new language needs nothing outside its folder:

- `name`: as its readers call it; `spelling`: the CLDR locale of its money, numbers, dates and places;
- `direction`: `ltr` or `rtl`; `half_row`: characters of a button that fit beside another on a small phone;
- `zone`: where most of its readers live, as the first guess of their clock; none where there is no such place;
- `countries`: where most of its readers live, by their codes, suggested when a worker is asked for theirs;
- `[words]`: what people may type, without accents: `all`, `articles` in front of a place, units of time, and words that
  stand for a command, such as `help` (services/work/inputs.py);
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

SETTINGS_FILE = "language.toml"
SECONDS_BY_UNIT = {"seconds": 1, "minutes": 60, "hours": 3600}
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Language:
    """`folder` holds its catalogue."""

    code: str
    folder: Traversable
    name: str
    spelling: str
    direction: str
    half_row: int
    zone: str = DEFAULT_ZONE
    countries: tuple[str, ...] = ()
    words: Mapping[str, list[str]] = field(default_factory=dict)
    caption: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def catalogues(self) -> tuple[Traversable, ...]:
        """The catalogues of texts: the language's own, and those of extensions, in their `locales/`."""
        folders = (files(name) / "locales" / self.code for name in find_extensions())
        paths = (self.catalogue, *(folder / "LC_MESSAGES" / "pouce.po" for folder in folders))
        return tuple(path for path in paths if path.is_file())

    @property
    def catalogue(self) -> Traversable:
        return self.folder / "LC_MESSAGES" / "pouce.po"


def read_language(code: str, folder: Traversable) -> Language:
    """Return the language of a folder; raise KeyError or TypeError for an incomplete file."""
    settings: dict[str, Any] = tomllib.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
    return Language(code, folder, **{**settings, "countries": tuple(settings.get("countries", ()))})


def _read_languages() -> Iterator[tuple[str, Language]]:
    for folder in sorted(files("locales").iterdir(), key=lambda entry: entry.name):
        if (folder / SETTINGS_FILE).is_file():
            yield folder.name, read_language(folder.name, folder)


LANGUAGES: dict[str, Language] = dict(_read_languages())


def language_for(code: str | None, default: str) -> str:
    """Return the catalogue for Telegram's `language_code` (fr-CA → fr), or the default."""
    language = (code or "").split("-")[0].lower()
    return language if language in LANGUAGES else default


def usual_zone(language: str) -> str:
    """Return the zone that a worker has before choosing one."""
    return LANGUAGES[language].zone if language in LANGUAGES else DEFAULT_ZONE


def words_for(name: str) -> frozenset[str]:
    """Return the words that people may type for a name, in every language; lower case without accents."""
    return frozenset(word for language in LANGUAGES.values() for word in language.words.get(name, ()))


def time_units() -> dict[str, int]:
    """Return seconds by the name of a unit."""
    return {word: seconds for unit, seconds in SECONDS_BY_UNIT.items() for word in words_for(unit)}


def caption_words(section: str) -> dict[str, str]:
    """Return the `keys` or `values` of a caption by their words in any language, without accents.

    The first language with a word decides."""
    key_by_word: dict[str, str] = {}
    for language in LANGUAGES.values():
        for word, key in language.caption.get(section, {}).items():
            key_by_word.setdefault(_without_accents(word), key)
    return key_by_word


def caption_word(language: str, section: str, caption_key: str) -> str:
    """Return one of the `keys` or `values` as this language's readers would write it; English writes it as it is."""
    if not LANGUAGES[language].catalogue.is_file():
        return caption_key
    words, spellings = LANGUAGES[language].caption.get(section, {}), (caption_key, caption_key.replace("_", " "))
    chosen = next((word for word, key in words.items() if key in spellings), caption_key)
    return chosen.replace("_", " ") if section == "keys" else chosen


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
