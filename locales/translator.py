"""Translator: renders texts for one reader as HTML; inserted values are escaped."""

import re
from datetime import (
    UTC,
    datetime,
    timedelta,
    tzinfo,
)
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from string import Formatter
from typing import Any
from unicodedata import bidirectional

from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_time,
    format_timedelta,
    get_day_names,
    get_timezone_location,
)
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_decimal_symbol,
)
from babel.support import NullTranslations, Translations

from domain.normalization import without_turns
from domain.people.accounts import ERASED
from domain.people.settings import rules_of
from locales.languages import LANGUAGES, Language

LEFT, RIGHT = frozenset({"L"}), frozenset({"R", "AL"})
# The blocks of scripts that run from right to left: what else they hold is looked at one by one.
_RIGHT_BLOCKS = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
ISOLATE, POP = "\u2068", "\u2069"  # FSI and PDI: text between them has its own direction
_ISOLATED = re.compile(f"{ISOLATE}[^{ISOLATE}{POP}]*{POP}")
LABELS = 4_096  # of a language that are kept
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_VERBATIM = re.compile(r"<(code|pre)>(.*?)</\1>", re.DOTALL)


class Html(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


def _catalogue(language: Language) -> NullTranslations:
    """Read from its .po files at start; English is written in the code itself."""
    merged = NullTranslations()
    for path in reversed(language.catalogues):
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=language.spelling))
        compiled.seek(0)
        translations = Translations(fp=compiled)
        translations.add_fallback(merged)
        merged = translations
    return merged


@lru_cache(4096)
def _verbatim(text: str) -> frozenset[str]:
    """Placeholders that are copied or typed as they stand: nothing invisible may come with them."""
    inside = "".join(found[2] for found in _VERBATIM.finditer(text))
    return frozenset(name for _, name, _, _ in Formatter().parse(inside) if name)


def _untangled(words: str) -> str:
    """Without marks that turn text, and without halves of pairs: “0.05” behind them would read “50.0”."""
    words = without_turns(words)
    if ISOLATE not in words and POP not in words:
        return words
    before, halves = words, _ISOLATED.sub("", words)
    while halves != before:
        before, halves = halves, _ISOLATED.sub("", halves)
    return re.sub(f"[{ISOLATE}{POP}]", "", words) if ISOLATE in halves or POP in halves else words


class Translator:
    """`t("Hello {name}", name=…)`: translated, then filled with escaped values."""

    def __init__(self, language: Language) -> None:
        self.language = language.code
        self.half_row = language.half_row
        self._spelling = language.spelling
        self._locale = Locale.parse(language.spelling)
        self._decimal = get_decimal_symbol(self._locale)
        self._catalogue = _catalogue(language)
        self._labels: dict[str, str] = {}
        self._against = LEFT if language.direction == "rtl" else RIGHT

    def __call__(self, text: str, /, **facts: Any) -> Html:
        return self._filled(self._catalogue.ugettext(text), facts)

    def _filled(self, text: str, facts: dict[str, Any]) -> Html:
        copied = _verbatim(text)
        return Html(text.format(**{name: self._safe(fact, name in copied) for name, fact in facts.items()}))

    def _safe(self, fact: Any, copied: bool) -> Any:
        """Escaped; text against the reader's direction is isolated."""
        if isinstance(fact, Html) or not isinstance(fact, str):
            return fact
        return escape(fact if copied else self.isolated(fact), quote=False)

    def person(self, label: str) -> str:
        """`Person.label`; where it stands alone in a placeholder, this is done already."""
        return self.plain("(erased account)") if label == ERASED else label

    def isolated(self, words: str) -> str:
        """What is isolated already moves nothing; a mark that would turn what stands behind the words is left out."""
        if words == ERASED:
            return self.person(words)
        ascii_ = words.isascii()
        if not ascii_:
            words = _untangled(words)
        if self._against is RIGHT and (ascii_ or not _RIGHT_BLOCKS.search(words)):
            return words
        bare = _ISOLATED.sub("", words) if ISOLATE in words else words
        suspects = (found[0] for found in _RIGHT_BLOCKS.finditer(bare)) if self._against is RIGHT else bare
        against = any(bidirectional(sign) in self._against for sign in suspects)  # the first one decides
        return f"{ISOLATE}{words}{POP}" if against else words

    def n(self, one: str, many: str, count: int, /, **facts: Any) -> Html:
        """Singular or plural; `{count}` is the number in the reader's spelling."""
        return self._filled(self._catalogue.ungettext(one, many, count), {"count": self.number(count), **facts})

    def plain(self, text: str, /, **facts: Any) -> str:
        """For buttons, toasts and file names, where nothing is HTML. Those without facts are worked out once."""
        if not facts and (known := self._labels.get(text)) is not None:
            return known
        shown = {name: self.isolated(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        words = str(self._catalogue.ugettext(text)).format(**shown)
        if not facts and len(self._labels) < LABELS:
            self._labels[text] = words
        return words

    def money(self, millionths: int, currency: str) -> str:
        """€0.05, €0.0375: at least the currency's digits, as many as the amount has."""
        return _money(millionths, currency, self._spelling)

    def number(self, value: float | Decimal) -> str:
        if type(value) is int:
            return _whole(value, self._spelling)
        return format_decimal(value, locale=self._locale)

    def decimals(self, written: str) -> str:
        """Numbers that were written with a point: 3,5 where the reader writes so, digit for digit."""
        return _POINT.sub(self._decimal, written)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self._locale)

    def duration(self, milliseconds: int) -> str:
        """About how long: 8 seconds, 2 hours."""
        span = timedelta(milliseconds=max(0, milliseconds))
        return format_timedelta(span, threshold=1.5, locale=self._locale)

    def moment(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        when = datetime.fromtimestamp(milliseconds / 1000, zone)
        return format_datetime(when, "short", tzinfo=zone, locale=self._locale)

    def time(self, milliseconds: int) -> Html:
        """A moment as the reader's own clock shows it; in UTC where their program does not know such times."""
        seconds, in_utc = milliseconds // 1000, escape(self.moment(milliseconds), quote=False)
        return Html(f'<tg-time unix="{seconds}" format="dt">{in_utc} UTC</tg-time>')

    def date(self, milliseconds: int) -> Html:
        """A day as the reader's own calendar shows it; in UTC where their program does not know such times."""
        day = escape(self.day(milliseconds), quote=False)
        return Html(f'<tg-time unix="{milliseconds // 1000}" format="D">{day}</tg-time>')

    def clock(self, milliseconds: int, zone: str) -> str:
        """The local time of a zone."""
        return format_time(datetime.fromtimestamp(milliseconds / 1000, UTC), "short", rules_of(zone), self._locale)

    def soon(self, milliseconds: int, now: int, zone: str) -> str:
        """14:05; with its day where that is another one."""
        when, here = (datetime.fromtimestamp(at / 1000, rules_of(zone)) for at in (milliseconds, now))
        clock = self.clock(milliseconds, zone)
        return clock if when.date() == here.date() else f"{format_date(when, 'EEEE', self._locale)} {clock}"

    def weekday(self, number: int) -> str:
        """Mon, Tue; 0 is Monday."""
        return str(get_day_names("abbreviated", locale=self._locale)[number]).rstrip(".")

    def city(self, zone: str) -> str:
        """As people there call the place whose clock it is."""
        if zone.startswith("Etc/GMT"):  # which counts the other way round
            return "UTC" + zone.removeprefix("Etc/GMT").translate({ord("+"): "−", ord("-"): "+"})
        if zone == "UTC":
            return zone
        return get_timezone_location(zone, self._locale, return_city=True).rpartition("/")[2]

    def country(self, code: str) -> str:
        return str(self._locale.territories.get(code, code))

    def day(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        """21 sept. 2026; CLDR's patterns don't know that French counts the first day of a month: 1er déc. 2026."""
        day = format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "medium", locale=self._locale)
        return f"1er{day[1:]}" if self._spelling == "fr" and day.startswith("1 ") else day

    def month(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        return format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "LLLL y", locale=self._locale)

    def all_of(self, words: list[str]) -> str:
        return format_list(list(map(self.isolated, words)), "standard", self._locale) if words else ""

    def one_of(self, words: list[str]) -> str:
        return format_list(list(map(self.isolated, words)), "or", self._locale) if words else ""


@lru_cache(4096)
def _money(millionths: int, currency: str, locale: str) -> str:
    """Never rounded: with the currency's own decimals, or as many as the amount has."""
    value = Decimal(millionths) / 1_000_000
    if -int(value.normalize().as_tuple().exponent) <= get_currency_precision(currency):
        return format_currency(value, currency, locale=locale)
    return format_currency(value, currency, locale=locale, currency_digits=False, decimal_quantization=False)


@lru_cache(4096)
def _whole(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@cache
def translator(language: str) -> Translator:
    return Translator(LANGUAGES.get(language, LANGUAGES["en"]))
