"""`checks` of a caption: what photos and voice messages are looked at for before they count."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.work.file_checks import BOUNDS, NAMES, OFF, WITHOUT
from formats.captions.flawed import Flawed

EVERYTHING = "all"


def read_checks(raw: str, values: Mapping[str, str], plain: Callable[[str], str]) -> tuple[str, ...]:
    """`off`, or what is left out (`no blurred`) and limits (`short=3`), in any language. Raises Flawed."""
    named = [re.sub(r"[\s_-]+(?![0-9])", " ", plain(each)).strip() for each in re.split(r"[,;|]", raw) if each.strip()]
    found = tuple(dict.fromkeys(_read(each, values) for each in named))
    if not found or "" in found or (len(found) > 1 and {OFF, EVERYTHING} & set(found)):
        raise _wrong(raw)
    return () if found == (EVERYTHING,) else found


def _read(word: str, values: Mapping[str, str]) -> str:
    """As it is kept; empty for what is none."""
    whole = values.get(word, word)
    if whole in (OFF, EVERYTHING):
        return whole
    name, sign, limit = (part.strip() for part in whole.partition("="))
    if sign:
        name = values.get(name, name)
        return f"{name}={limit.replace(',', '.')}" if _fits(name, limit) else ""
    negation, _, rest = name.partition(" ")
    rest = values.get(rest, rest)
    return f"{WITHOUT}{rest}" if values.get(negation, negation) in ("no", "none") and rest in NAMES else ""


def _fits(name: str, limit: str) -> bool:
    low, high = BOUNDS.get(NAMES[name], (1.0, 0.0)) if name in NAMES else (1.0, 0.0)
    number = re.fullmatch(r"-?[0-9]{1,5}(?:[.,][0-9]{1,3})?", limit)
    return number is not None and low <= float(limit.replace(",", ".")) <= high


def _wrong(raw: str) -> Flawed:
    bounds = ((name, *BOUNDS[flaw]) for name, flaw in NAMES.items() if flaw in BOUNDS)
    limits = ", ".join(f"{name}={low:g}…{high:g}" for name, low, high in bounds)
    return Flawed((raw.strip(), "checks", {"options": tuple(NAMES), "example": limits}))
