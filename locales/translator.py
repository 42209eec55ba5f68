"""Translator: renders texts for one reader as HTML; inserted values are escaped."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
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
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision, get_decimal_symbol
from babel.support import NullTranslations, Translations

from domain.normalization import remove_turning_signs
from domain.people.accounts import ERASED
from domain.people.settings import get_zone
from locales.languages import LANGUAGES, Language

LEFT_TO_RIGHT, RIGHT_TO_LEFT = frozenset({"L"}), frozenset({"R", "AL"})
# The blocks of scripts that run from right to left: what else they hold is looked at one by one.
_RIGHT_BLOCKS = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
ISOLATE, POP_ISOLATE = "\u2068", "\u2069"  # FSI and PDI: text between them has its own direction
_ISOLATED = re.compile(f"{ISOLATE}[^{ISOLATE}{POP_ISOLATE}]*{POP_ISOLATE}")
_ENGLISH_UNITS = re.compile(r"\b(s|min|h)(?:ecs?|s|rs?)?\b")  # “8 secs” is not what is written elsewhere
MAX_KEPT_LABELS = 4_096  # of a language that are kept
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_VERBATIM_TAGS = re.compile(r"<(code|pre)>(.*?)</\1>", re.DOTALL)


class Html(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


def _catalogue(language: Language) -> NullTranslations:
    """Return the texts of a language's .po files; English is written in the code itself."""
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
def _verbatim_placeholders(text: str) -> frozenset[str]:
    """Return placeholders that are copied or typed as they stand: nothing invisible may come with them."""
    inside = "".join(match[2] for match in _VERBATIM_TAGS.finditer(text))
    return frozenset(name for _, name, _, _ in Formatter().parse(inside) if name)


def _without_direction_marks(words: str) -> str:
    """Return words without marks that turn text, and without halves of pairs: “0.05” behind them would read “50.0”."""
    words = remove_turning_signs(words)
    if ISOLATE not in words and POP_ISOLATE not in words:
        return words
    before, halves = words, _ISOLATED.sub("", words)
    while halves != before:
        before, halves = halves, _ISOLATED.sub("", halves)
    return re.sub(f"[{ISOLATE}{POP_ISOLATE}]", "", words) if ISOLATE in halves or POP_ISOLATE in halves else words


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
        self._against = LEFT_TO_RIGHT if language.direction == "rtl" else RIGHT_TO_LEFT

    def __call__(self, text: str, /, **facts: Any) -> Html:
        return self._filled(self._catalogue.ugettext(text), facts)

    def _filled(self, text: str, facts: dict[str, Any]) -> Html:
        copied = _verbatim_placeholders(text)
        return Html(text.format(**{name: self._safe(fact, name in copied) for name, fact in facts.items()}))

    def _safe(self, fact: Any, copied: bool) -> Any:
        """Return a text escaped and, if it runs against the reader's direction, isolated; other values as they are."""
        if isinstance(fact, Html) or not isinstance(fact, str):
            return fact
        return escape(fact if copied else self.isolated(fact), quote=False)

    def person(self, label: str) -> str:
        """Return a person's label, the erased one translated; it is done already where the label stands alone in a
        placeholder."""
        return self.plain("(erased account)") if label == ERASED else label

    def isolated(self, words: str) -> str:
        """Return words as they may stand inside other text: isolated if they run against the reader's direction.

        A mark that would turn what stands behind the words is left out; words that are isolated already move nothing.
        """
        if words == ERASED:
            return self.person(words)
        ascii_ = words.isascii()
        if not ascii_:
            words = _without_direction_marks(words)
        if self._against is RIGHT_TO_LEFT and (ascii_ or not _RIGHT_BLOCKS.search(words)):
            return words
        outside = _ISOLATED.sub("", words) if ISOLATE in words else words
        suspects = (
            (match[0] for match in _RIGHT_BLOCKS.finditer(outside)) if self._against is RIGHT_TO_LEFT else outside
        )
        against = any(bidirectional(sign) in self._against for sign in suspects)  # the first one decides
        return f"{ISOLATE}{words}{POP_ISOLATE}" if against else words

    def n(self, one: str, many: str, count: int, /, **facts: Any) -> Html:
        """Return the singular or the plural; `{count}` is the number in the reader's spelling."""
        return self._filled(self._catalogue.ungettext(one, many, count), {"count": self.number(count), **facts})

    def plain(self, text: str, /, **facts: Any) -> str:
        """Return a text for buttons, toasts and file names, where nothing is HTML. Texts without facts are translated
        once."""
        if not facts and (label := self._labels.get(text)) is not None:
            return label
        values = {name: self.isolated(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
        words = str(self._catalogue.ugettext(text)).format(**values)
        if not facts and len(self._labels) < MAX_KEPT_LABELS:
            self._labels[text] = words
        return words

    def money(self, millionths: int, currency: str) -> str:
        """Return €0.05, €0.0375: at least the currency's digits, as many as the amount has."""
        return _format_money(millionths, currency, self._spelling)

    def number(self, value: float | Decimal) -> str:
        if type(value) is int:
            return _format_integer(value, self._spelling)
        return format_decimal(value, locale=self._locale)

    def decimals(self, written: str) -> str:
        """Return numbers that were written with a point as the reader writes them, digit for digit: 3,5."""
        return _DECIMAL_POINT.sub(self._decimal, written)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self._locale)

    def duration(self, milliseconds: int) -> str:
        """Return a duration, rounded: 8 seconds, 2 hours."""
        span = timedelta(milliseconds=max(0, milliseconds))
        return format_timedelta(span, threshold=1.5, locale=self._locale)

    def short_duration(self, milliseconds: int) -> str:
        """Return a duration, rounded, with the sign of its unit: 8 s, 9 min, 2 h, 3 days."""
        span = timedelta(milliseconds=max(0, milliseconds))
        text = format_timedelta(span, threshold=1.5, format="short", locale=self._locale)
        return _ENGLISH_UNITS.sub(r"\1", text) if self._locale.language == "en" else text

    def moment(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        when = datetime.fromtimestamp(milliseconds / 1000, zone)
        return format_datetime(when, "short", tzinfo=zone, locale=self._locale)

    def time(self, milliseconds: int) -> Html:
        """Return a moment as the reader's own clock shows it; in UTC where their program does not know such times."""
        seconds, in_utc = milliseconds // 1000, escape(self.moment(milliseconds), quote=False)
        return Html(f'<tg-time unix="{seconds}" format="dt">{in_utc} UTC</tg-time>')

    def date(self, milliseconds: int) -> Html:
        """Return a day as the reader's own calendar shows it; in UTC where their program does not know such times."""
        day = escape(self.day(milliseconds), quote=False)
        return Html(f'<tg-time unix="{milliseconds // 1000}" format="D">{day}</tg-time>')

    def clock(self, milliseconds: int, zone: str) -> str:
        """Return the local time of a zone."""
        return format_time(datetime.fromtimestamp(milliseconds / 1000, UTC), "short", get_zone(zone), self._locale)

    def soon(self, milliseconds: int, now: int, zone: str) -> str:
        """Return 14:05; with its day where that is another one."""
        when, today = (datetime.fromtimestamp(moment / 1000, get_zone(zone)) for moment in (milliseconds, now))
        clock = self.clock(milliseconds, zone)
        return clock if when.date() == today.date() else f"{format_date(when, 'EEEE', self._locale)} {clock}"

    def weekday(self, number: int) -> str:
        """Return Mon, Tue; 0 is Monday."""
        return str(get_day_names("abbreviated", locale=self._locale)[number]).rstrip(".")

    def city(self, zone: str) -> str:
        """Return the place whose clock it is, as people there call it."""
        if zone.startswith("Etc/GMT"):  # which counts the other way round
            return "UTC" + zone.removeprefix("Etc/GMT").translate({ord("+"): "−", ord("-"): "+"})
        if zone == "UTC":
            return zone
        return get_timezone_location(zone, self._locale, return_city=True).rpartition("/")[2]

    def country(self, code: str) -> str:
        return str(self._locale.territories.get(code, code))

    def day(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        """Return 21 sept. 2026; CLDR doesn't know that French counts the first day of a month: 1er déc. 2026."""
        day = format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "medium", locale=self._locale)
        return f"1er{day[1:]}" if self._spelling == "fr" and day.startswith("1 ") else day

    def month(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        return format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "LLLL y", locale=self._locale)

    def all_of(self, words: list[str]) -> str:
        return format_list(list(map(self.isolated, words)), "standard", self._locale) if words else ""

    def one_of(self, words: list[str]) -> str:
        return format_list(list(map(self.isolated, words)), "or", self._locale) if words else ""


@lru_cache(4096)
def _format_money(millionths: int, currency: str, locale: str) -> str:
    """Return an amount that is never rounded: with the currency's own decimals, or as many as the amount has."""
    value = Decimal(millionths) / 1_000_000
    if -int(value.normalize().as_tuple().exponent) <= get_currency_precision(currency):
        return format_currency(value, currency, locale=locale)
    return format_currency(value, currency, locale=locale, currency_digits=False, decimal_quantization=False)


@lru_cache(4096)
def _format_integer(value: int, locale: str) -> str:
    return format_decimal(value, locale=locale)


@cache
def translator(language: str) -> Translator:
    return Translator(LANGUAGES.get(language, LANGUAGES["en"]))
