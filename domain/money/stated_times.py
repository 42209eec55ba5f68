"""Durations that a requester's own words state: "One hour survey", "takes about 10 minutes", "durée : 15 min".

They are an estimate of one answer's time. Limits ("you have 60 minutes") and durations of something else ("a clip of 30
seconds") are none; an upper bound ("up to 10 minutes") counts for half.
"""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_SECONDS = 8 * 3600  # a longer one is no time of one answer

_TENS = {"twenty": 25, "thirty": 35, "forty": 45, "fifty": 55}
_NUMBERS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50},
    **{"sixty": 60, "ninety": 90, "half an": 0.5, "half a": 0.5, "half": 0.5, "une demi": 0.5},
    **{f"{word}{sign}five": value for word, value in _TENS.items() for sign in " -"},
    **{
        "quarter of an": 0.25,
        "three quarters of an": 0.75,
        "quart d'": 0.25,
        "un quart d'": 0.25,
        "trois quarts d'": 0.75,
    },
    **{"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10},
    **{"quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "soixante": 60},
}
_NUMBER = rf"(?:\d{{1,4}}(?:[.,]\d{{1,2}})?|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = r"(?:seconde?s?|secs?|s|minutes?|mins?|hours?|heures?|hrs?|h)\b"
_DURATION = (
    rf"\b(?P<low>{_NUMBER})(?:\s*(?:-|–|to|or|à|ou)\s*(?P<high>{_NUMBER}))?\+?[-\s]*"
    rf"(?:(?:full|whole|entire|good)\s+)?(?P<unit>{_UNIT})\.?"
)
_WORK = (
    r"(?:surveys?|study|studies|tasks?|interviews?|questionnaires?|experiments?|hits?|quiz(?:zes)?|polls?"
    r"|enquêtes?|études?|tâches?|entretiens?|expériences?|sondages?)\b"
)
_OTHER_WORD = r"(?!of\b|after\b|before\b|from\b|in\b|per\b|de\b|après\b|avant\b)[^\W\d]+"
_TAKES = (
    r"\b(?:takes?|taking|lasts?|lasting|requires?|needs?|dure|durera|prend|prendra|demande|nécessite|il faut|duration"
    r"|durée|(?:estimated|expected|required|completion|average) time|time (?:required|needed|estimate)|temps)\b"
)
_AT_MOST = re.compile(
    r"up to|at most|less than|fewer than|under|within|max|no (?:more|longer) than|jusqu|au plus|au maximum|moins d"
)
_WORDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<before>(?:up to|less than|under|moins de)\s+)?{_DURATION}[-\s]+(?:{_OTHER_WORD}[-\s]+){{0,2}}{_WORK}",
        rf"\b{_WORK}\s*(?P<before>(?:of|for|de|d['’]|:|,|[-–—|(\[])\s*(?:about|around|approx\w*\.?|environ|~)?)\s*{_DURATION}",
        rf"{_TAKES}(?P<before>[^.!?\n\d]{{0,40}}?){_DURATION}",
    )
)
_TITLE = re.compile(rf"(?:[(\[|~]|\s[–—-]|^(?=\d))\s*(?P<before>[^\d)\]]{{0,16}}?){_DURATION}\s*(?:[)\]]|$)")
_HALVES = re.compile(r"(?:(\d)\s?)?½")
_ALONE = re.compile(r"(?<![\w-])hour-long\b")
_HOURS_AND_MINUTES = re.compile(
    r"\b(\d{1,2})\s*(?:h|hrs?|hours?|heures?)\s*(?:(?:and|et)\s+)?(\d{1,2})(?:\s*(?:minutes?|mins?|m))?\b"
)


def stated_seconds(title: str, words: Iterable[str] = ()) -> float:
    """Return the longest duration that the title or other words state, in seconds; 0 where they state none."""
    texts = [_plain(text) for text in (title, *words)]
    found = [match for text in texts for pattern in _WORDS for match in pattern.finditer(text)]
    found += [match for match in _TITLE.finditer(texts[0]) if not match["unit"].startswith("s")]
    durations = map(_seconds, found)
    return max((duration for duration in durations if duration <= LONGEST_SECONDS), default=0.0)


def _plain(text: str) -> str:
    """Return the text in small letters without look-alikes and signs that nobody sees, hours and minutes as minutes."""
    text = _HALVES.sub(lambda half: f"{half[1] or 0}.5", text)
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    text = _ALONE.sub("one hour long", " ".join(text.lower().replace("’", "'").split()))
    return _HOURS_AND_MINUTES.sub(lambda both: f"{60 * int(both[1]) + int(both[2])} minutes", text)


def _seconds(match: re.Match[str]) -> float:
    low = _number(match["low"])
    value = (low + _number(match["high"])) / 2 if match["high"] else low
    unit = {"s": 1, "m": 60, "h": 3600}[match["unit"][0]]
    return value * unit / (2 if _AT_MOST.search(match["before"] or "") else 1)


def _number(word: str) -> float:
    return float(_NUMBERS.get(word) or word.replace(",", "."))
