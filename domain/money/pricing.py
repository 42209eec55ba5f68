"""Pricing: the cost of a project, its pay an hour, and the wage floor."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from statistics import median

from domain.answers import default_kind, kind_of
from domain.moments import HOUR
from domain.money import amounts
from domain.money.amounts import UNIT, Millionths
from domain.money.topups import reserve_each

PRESS_SECONDS = 1.1  # seconds to point at something and press it: Card, Moran and Newell 1980, keystroke-level model
DECISION_SECONDS = 2.5  # seconds to make up one's mind (1.35, the same model) and press
SECONDS_PER_TYPED_WORD = 60 / 36.2  # seconds a word on a phone: Palin et al. 2019, 37,000 people typing
SECONDS_PER_SPOKEN_WORD = 60 / 153  # seconds a word said to a phone: Ruan et al. 2016
READ_WORDS_PER_SECOND = 4.0  # 240 words a minute: Brysbaert 2019, silent reading
READ_IDEOGRAPHS_PER_SECOND = 255 / 60  # 255 characters a minute, Chinese: Trauzettel-Klosinski and Dietz 2012
MAX_WORD_LETTERS, LETTERS_PER_LONG_WORD_PART = 20, 6  # a longer word counts as several words of so many letters
PICTURE_SECONDS = (
    2.0  # seconds for a picture: the first second says what it shows (Fei-Fei et al. 2007), and a second look
)
MAX_LINK_SHARE = 0.1  # of the tasks may name an address in passing

# What Telegram shows as a link: with any scheme, or as a host's name with a path, or with an ending that is common.
_LINK = re.compile(
    r"(?<![a-z0-9-])(?<![a-z0-9-]\.)(?:(?:[a-z][a-z0-9+.-]{1,15}://|www\.)\S+"
    r"|(?:[a-z0-9-]{1,63}\.)++(?:[a-z]{2,24}(?::\d+)?[/?#]\S+"
    r"|(?:com|org|net|info|io|me|be|tv|fm|ly|gl|app|eu|fr|de|uk|ru)\b))",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"^[^?#]*\.(?:png|jpe?g|gif|webp|bmp)(?:[?#]\S*)?[)\]>.,;]*$", re.IGNORECASE)
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3100-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_JOINT = re.compile(r"[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u2800\u3164_|/\\·]+")


def reading_seconds(text: str) -> float:
    """Return the seconds that it takes to read a text: its words, ideographs, and pictures that it links to."""
    pictures = sum(1 for link in _LINK.findall(text) if _PICTURE.search(link))
    plain = _JOINT.sub(" ", _LINK.sub(" ", text))
    ideographs = len(_IDEOGRAPH.findall(plain))
    words = sum(map(_count_words, _IDEOGRAPH.sub(" ", plain).split()))
    return words / READ_WORDS_PER_SECOND + ideographs / READ_IDEOGRAPHS_PER_SECOND + pictures * PICTURE_SECONDS


def why_time_is_unknown(texts: Sequence[str], kind: str, is_sound: bool = False) -> str:
    """Return why the time of an answer cannot be estimated: `errand`, `sound` or `link`; empty if it can be."""
    if kind_of(kind).is_errand:
        return "errand"
    if is_sound:
        return "sound"
    leads_away = sum(any(not _PICTURE.search(link) for link in _LINK.findall(text)) for text in texts)
    return "link" if leads_away > MAX_LINK_SHARE * len(texts) else ""


def _count_words(token: str) -> int:
    return 1 if len(token) <= MAX_WORD_LETTERS else -(-len(token) // LETTERS_PER_LONG_WORD_PART)


MAX_PAY = Millionths(1_000_000 * UNIT)  # for one answer: more is a typing error


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of the platform: currency, fee on top of each reward (percent), wage floor per hour (0: none)."""

    currency: str
    fee_percent: Decimal
    floor: Millionths


@dataclass(frozen=True, slots=True)
class Quote:
    """Money that a launch would hold; `seconds` is the expected time of one submission.

    `reserve` may be paid on top if tasks take longer; there is no fee on it. `owed` is what ended projects of the same
    requester still owe their workers, and is paid with the launch. `base` is the time estimated, or stated by the
    requester, before measurements; `untold` is the reason why there is neither (`why_time_is_unknown`).
    """

    tasks: int
    gold: int
    submissions: int
    reward: Millionths
    fee: Millionths
    seconds: float
    hourly: Millionths
    floor: Millionths
    needed_pay: Millionths
    reserve: Millionths
    base: float
    untold: str = ""
    owed: int = 0

    @property
    def total(self) -> Millionths:
        """The most that the launch takes of the requester's money."""
        return Millionths(self.held_money + self.owed)

    @property
    def held_money(self) -> Millionths:
        """The most that the project itself can cost from here on."""
        return Millionths(self.reward + self.fee + self.reserve)

    @property
    def passes_floor(self) -> bool:
        """True if the exact pay an hour reaches the floor: `hourly` is rounded down, and a floor may be finer than a
        cent. False if the time is unknown or nothing is asked, unless there is no floor."""
        if self.floor == 0 or self.untold or not self.submissions:
            return self.floor == 0 or (not self.untold and self.hourly >= self.floor)
        return Decimal(self.reward) * 3600 >= Decimal(self.floor) * self.submissions * Decimal(self.seconds)


def expected_seconds(texts: Sequence[str], kind: str = "", options: Sequence[str] = ()) -> float:
    """Return the expected seconds of an answer: reading (the median over the tasks), deciding, and handing in an answer
    of this kind. The length of an answer is a guess, which measuring corrects."""
    reading = median(map(reading_seconds, texts)) if texts else 0.0
    return DECISION_SECONDS + reading + kind_of(kind or default_kind()).get_input_seconds(options)


def hourly_pay(pay: int, milliseconds: float) -> Millionths:
    """Return the pay per hour at this time per submission, rounded down to the cent: an estimate has no millionths."""
    return Millionths(int(pay * HOUR / max(1.0, milliseconds)) // amounts.CENT * amounts.CENT)


def pay_for_floor(floor: Millionths, seconds: float) -> Millionths:
    """Return the smallest pay that reaches the floor, rounded up to a thousandth of the unit."""
    exact = Decimal(floor) * Decimal(seconds) / 3600
    return Millionths(int((exact / 1000).to_integral_value(ROUND_CEILING)) * 1000)


def suggest_raises(pay: int) -> tuple[Millionths, ...]:
    """Return suggested raises of a pay: by a tenth, a quarter, a half, rounded up to a thousandth of the unit."""
    steps = (-(-pay * part // (100 * 1000)) * 1000 for part in (110, 125, 150))
    return tuple(dict.fromkeys(Millionths(step) for step in steps if step > pay))


def make_quote(
    tasks: int,
    gold: int,
    submissions: int,
    pay: int,
    fee: int,
    seconds: float,
    floor: Millionths,
    base: float | None = None,
    untold: str = "",
) -> Quote:
    return Quote(
        tasks=tasks,
        gold=gold,
        submissions=submissions,
        reward=Millionths(submissions * pay),
        fee=Millionths(submissions * fee),
        seconds=seconds,
        hourly=hourly_pay(pay, seconds * 1000),
        floor=floor,
        needed_pay=pay_for_floor(floor, seconds),
        reserve=Millionths(submissions * reserve_each(Millionths(pay), floor, seconds)),
        base=seconds if base is None else base,
        untold=untold,
    )


MAX_STATED_SECONDS = 8 * 3600  # a longer one is no time of one answer

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
_STATED_DURATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<before>(?:up to|less than|under|moins de)\s+)?{_DURATION}[-\s]+(?:{_OTHER_WORD}[-\s]+){{0,2}}{_WORK}",
        rf"\b{_WORK}\s*(?P<before>(?:of|for|de|d['’]|:|,|[-–—|(\[])\s*(?:about|around|approx\w*\.?|environ|~)?)\s*{_DURATION}",
        rf"{_TAKES}(?P<before>[^.!?\n\d]{{0,40}}?){_DURATION}",
    )
)
_DURATION_IN_TITLE = re.compile(
    rf"(?:[(\[|~]|\s[–—-]|^(?=\d))\s*(?P<before>[^\d)\]]{{0,16}}?){_DURATION}\s*(?:[)\]]|$)"
)
_HALVES = re.compile(r"(?:(\d)\s?)?½")
_HOUR_LONG = re.compile(r"(?<![\w-])hour-long\b")
_HOURS_AND_MINUTES = re.compile(
    r"\b(\d{1,2})\s*(?:h|hrs?|hours?|heures?)\s*(?:(?:and|et)\s+)?(\d{1,2})(?:\s*(?:minutes?|mins?|m))?\b"
)


def stated_seconds(title: str, words: Iterable[str] = ()) -> float:
    """Return the longest duration that the title or other words state, in seconds; 0 if they state none."""
    texts = [_normalise(text) for text in (title, *words)]
    matches = [match for text in texts for pattern in _STATED_DURATIONS for match in pattern.finditer(text)]
    matches += [match for match in _DURATION_IN_TITLE.finditer(texts[0]) if not match["unit"].startswith("s")]
    durations = map(_duration_seconds, matches)
    return max((duration for duration in durations if duration <= MAX_STATED_SECONDS), default=0.0)


def _normalise(text: str) -> str:
    """Return the text in lower case, without look-alikes and invisible characters, and with hours and minutes as
    minutes."""
    text = _HALVES.sub(lambda half: f"{half[1] or 0}.5", text)
    text = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    text = _HOUR_LONG.sub("one hour long", " ".join(text.lower().replace("’", "'").split()))
    return _HOURS_AND_MINUTES.sub(lambda both: f"{60 * int(both[1]) + int(both[2])} minutes", text)


def _duration_seconds(match: re.Match[str]) -> float:
    low = _parse_number(match["low"])
    value = (low + _parse_number(match["high"])) / 2 if match["high"] else low
    unit = {"s": 1, "m": 60, "h": 3600}[match["unit"][0]]
    return value * unit / (2 if _AT_MOST.search(match["before"] or "") else 1)


def _parse_number(word: str) -> float:
    return float(_NUMBERS.get(word) or word.replace(",", "."))


CENT = Decimal("0.01")
MAX_FLOOR_AGE = timedelta(days=183)  # most countries change their minimum wage once or twice a year


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """Legal minimum from `since` on. `gross` is the minimum wage per hour, `net` what an employee keeps of it (None if
    that differs from person to person), `contributions` the share that a self-employed worker pays, by the same source.
    `reading` says what we concluded ourselves, and when: neither law nor advice."""

    since: date
    gross: Decimal
    net: Decimal | None
    contributions: Decimal
    source: str
    reading: str

    @property
    def wage_to_keep(self) -> Decimal:
        """Part of an hour's pay that the worker shall keep."""
        return self.gross if self.net is None else self.net

    @property
    def floor(self) -> Decimal:
        """Pay per hour that leaves `wage_to_keep`, rounded up to a cent."""
        return (self.wage_to_keep / (1 - self.contributions)).quantize(CENT, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class CountryMinimums:
    """Minimum wages of a country, in `rows` by date; the newest, the last one, counts."""

    currency: str
    rows: tuple[LegalMinimum, ...]

    @property
    def floor(self) -> Decimal:
        return self.rows[-1].floor

    @property
    def since(self) -> date:
        return self.rows[-1].since


def is_floor_outdated(since: date | None, today: date) -> bool:
    """Return whether a floor of this day is to be looked up again; one that an operator set themselves has no day."""
    return since is not None and today - since > MAX_FLOOR_AGE


def _legal_minimum(
    since: str, wages: tuple[str, str | None], contributions: str, source: str, reading: str
) -> LegalMinimum:
    gross, net = wages
    net_wage = None if net is None else Decimal(net)
    return LegalMinimum(
        since=date.fromisoformat(since),
        gross=Decimal(gross),
        net=net_wage,
        contributions=Decimal(contributions),
        source=source,
        reading=reading,
    )


# A country whose newest minimum is not known has no row: the Netherlands change theirs every January and July.
_SMIC = "SMIC; Urssaf, micro-entrepreneur (BNC, SSI) 25.6 % + training (CFP) 0.2 %"
_GROSS = "2026-11: what a self-employed worker pays of it differs from person to person: the gross wage is taken"
COUNTRIES: Mapping[str, CountryMinimums] = {
    "FR": CountryMinimums(
        "EUR",
        (
            _legal_minimum(
                "2026-01-01", ("12.02", "9.52"), "0.258", _SMIC, "2026-09: net rounded, as published in January"
            ),
            _legal_minimum(
                "2026-06-01",
                ("12.31", "9.74"),
                "0.258",
                _SMIC,
                "2026-09: net by January's ratio (0.7916, of the monthly sums); an official one for June was not found",
            ),
        ),
    ),
    "DE": CountryMinimums("EUR", (_legal_minimum("2026-01-01", ("13.90", None), "0", "Mindestlohn, MiLoV5", _GROSS),)),
    "GB": CountryMinimums(
        "GBP", (_legal_minimum("2026-04-01", ("12.71", None), "0", "National Living Wage, from 21 years", _GROSS),)
    ),
    "IE": CountryMinimums(
        "EUR", (_legal_minimum("2026-01-01", ("14.15", None), "0", "National Minimum Wage, from 20 years", _GROSS),)
    ),
    "US": CountryMinimums(
        "USD", (_legal_minimum("2009-07-24", ("7.25", None), "0", "29 U.S.C. 206(a)(1), federal", _GROSS),)
    ),
}
