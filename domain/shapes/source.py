"""The part of a task that is drawn on: its picture, its text or its sound."""

from __future__ import annotations

import re
from collections.abc import Mapping

from domain.projects.media import AUDIO, PHOTO, VOICE, laid

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def pictures_of(template: str, content: Mapping[str, str]) -> list[str]:
    return [each.file for each in laid(template, content).media if each.kind == PHOTO]


def sounds_of(template: str, content: Mapping[str, str]) -> list[str]:
    return [each.file for each in laid(template, content).media if each.kind in (AUDIO, VOICE)]


def texts_of(template: str, content: Mapping[str, str]) -> list[str]:
    """The cells that are shown and are no media; spans are marked in the first of them."""
    places = _PLACEHOLDER.findall(laid(template, content).template)
    return [content[place] for place in dict.fromkeys(places) if place in content]


def text_of(template: str, content: Mapping[str, str]) -> str:
    return next(iter(texts_of(template, content)), "")
