"""Presets of a new project: a kind of answer, its usual time, and words in each language.

presets.toml has what is the same in every language: `kind`; `seconds` an answer; `columns` of the file; `content` that
workers are warned of. A language's own file has what it is `called` on its button, `title`, `instructions`, `options`
(none where the kind has none) and `template`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from locales.languages import LANGUAGES

SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset in one language; `values` are keys of a caption, each as one writes it there."""

    name: str
    label: str
    kind: str
    seconds: int
    columns: tuple[str, ...]
    values: Mapping[str, str]


@cache
def list_presets(language: str) -> tuple[Preset, ...]:
    """Return the presets of a language in the order in which they are offered; words that it lacks are in English."""
    shared: dict[str, Any] = tomllib.loads((files("locales") / "presets.toml").read_text(encoding="utf-8"))
    own_words = LANGUAGES[language].presets if language in LANGUAGES else {}
    return tuple(
        _build_preset(name, settings, own_words.get(name) or LANGUAGES[SOURCE].presets[name])
        for name, settings in shared.items()
    )


def find_preset(name: str, language: str) -> Preset | None:
    return next((candidate for candidate in list_presets(language) if candidate.name == name), None)


def _build_preset(name: str, shared: Mapping[str, Any], words: Mapping[str, Any]) -> Preset:
    values = {"title": words["title"], "instructions": "\n".join(words["instructions"])}
    if "options" in words:
        values["options"] = ", ".join(words["options"])
    values |= {key: value for key, value in (*words.items(), *shared.items()) if key in ("template", "content")}
    values |= {"kind": shared["kind"], "seconds": str(shared["seconds"])}
    return Preset(name, words["called"], shared["kind"], shared["seconds"], tuple(shared["columns"]), values=values)
