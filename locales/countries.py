"""Countries: their names in every language, their codes (ISO 3166), and where a clock is."""

from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies

from locales.languages import LANGUAGES
from locales.places import bare, countries_of_zones


@cache
def codes() -> frozenset[str]:
    """Two letters each."""
    return frozenset(code for code, _ in countries_of_zones())


def country_named(said: str) -> str | None:
    """By its name in any language, or its two letters."""
    code = said.strip().upper()
    return code if code in codes() else _by_name().get(bare(said))


def country_of(zone: str) -> str | None:
    return next((code for code, each in countries_of_zones() if each == zone), None)


def currency_of(country: str) -> str:
    """Today's, ISO 4217; empty where none is known."""
    found = get_territory_currencies(country)
    return str(found[0]) if found else ""


def usual_countries(language: str) -> tuple[str, ...]:
    """Where most of its readers live."""
    return tuple(LANGUAGES[language].countries) if language in LANGUAGES else ()


@cache
def _by_name() -> dict[str, str]:
    spoken = [Locale.parse(language.spelling) for language in LANGUAGES.values()]
    return {bare(locale.territories.get(code, code)): code for locale in spoken for code in sorted(codes())}
