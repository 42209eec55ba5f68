"""A translator words facts for one reader: what it returns is HTML, whatever people typed is escaped."""

from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from io import BytesIO
from typing import Any

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
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import NullTranslations, Translations

from domain.people.time_zones import rules_of

LANGUAGES = {"en": "English", "fr": "Français"}


# Whose dates, numbers and money: 21 September is not 9/21 for most of those who read English here.
SPELLING = {"en": "en_GB"}


class Html(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


def language_for(code: str | None, default: str) -> str:
    """The catalogue for Telegram's `language_code` (fr-CA → fr), or the default."""
    language = (code or "").split("-")[0].lower()
    return language if language in LANGUAGES else default


@cache
def _catalogue(language: str) -> NullTranslations:
    """Read from its .po at start; English is written in the code itself."""
    path = files("locales") / language / "LC_MESSAGES" / "pouce.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(path.read_bytes()), locale=language))
    compiled.seek(0)
    return Translations(fp=compiled)


class Translator:
    """`t("Hello {name}", name=…)`: translated, then filled with escaped values."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(SPELLING.get(language, language))
        self._catalogue = _catalogue(language)

    def __call__(self, text: str, /, **facts: Any) -> Html:
        return Html(self._catalogue.ugettext(text).format(**{k: _safe(v) for k, v in facts.items()}))

    def n(self, one: str, many: str, count: int, /, **facts: Any) -> Html:
        """Singular or plural; `{count}` is the number in the reader's spelling."""
        text = self._catalogue.ungettext(one, many, count)
        return Html(text.format(count=self.number(count), **{k: _safe(v) for k, v in facts.items()}))

    def plain(self, text: str, /, **facts: Any) -> str:
        """For buttons, toasts and file names, where nothing is HTML."""
        return str(self._catalogue.ugettext(text)).format(**facts)

    def money(self, millionths: int, currency: str) -> str:
        """€0.05, €0.0375: at least the currency's digits, as many as the amount has."""
        return _money(millionths, currency, self._locale)

    def number(self, value: float | Decimal) -> str:
        return format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        return format_percent(share, locale=self._locale)

    def duration(self, milliseconds: int) -> str:
        """About how long: 8 seconds, 2 hours."""
        span = timedelta(milliseconds=max(0, milliseconds))
        return format_timedelta(span, threshold=1.5, locale=self._locale)

    def moment(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        when = datetime.fromtimestamp(milliseconds / 1000, zone)
        return format_datetime(when, "short", tzinfo=zone, locale=self._locale)

    def clock(self, milliseconds: int, zone: str) -> str:
        """What a clock on the wall there shows."""
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

    def day(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        return format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "medium", locale=self._locale)

    def month(self, milliseconds: int, zone: tzinfo = UTC) -> str:
        return format_date(datetime.fromtimestamp(milliseconds / 1000, zone), "LLLL y", locale=self._locale)

    def all_of(self, words: list[str]) -> str:
        return format_list(words, "standard", self._locale) if words else ""

    def one_of(self, words: list[str]) -> str:
        return format_list(words, "or", self._locale) if words else ""


@lru_cache(4096)
def _money(millionths: int, currency: str, locale: Locale) -> str:
    value = Decimal(millionths) / 1_000_000
    digits = max(2, -int(value.normalize().as_tuple().exponent)) if value else 2
    return (
        format_currency(value, currency, locale=locale, currency_digits=False, decimal_quantization=False)
        if digits > 2
        else format_currency(value, currency, locale=locale)
    )


def _safe(value: Any) -> Any:
    return value if isinstance(value, Html) or not isinstance(value, str) else escape(value, quote=False)


@cache
def translator(language: str) -> Translator:
    return Translator(language if language in LANGUAGES else "en")
