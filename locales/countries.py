"""Countries: their names in every language, their codes (ISO 3166), and where a clock is."""

import re
from datetime import timedelta
from functools import cache
from importlib.resources import files
from unicodedata import combining, normalize

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_territory_currencies

from domain.moments import DAY, Moment, as_datetime, later
from domain.people.settings import get_zone
from locales.languages import LANGUAGES, words_for

MAX_ZONES = 12  # zones shown to choose from: Russia has eleven
_UTC_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-]|−)\s*(\d{1,2})(?::?00)?", re.IGNORECASE)


def find_zones(name: str, at: Moment) -> list[str]:
    """Return zones of a city, country or offset from UTC, one for each way its clocks go; [] for a name that nobody
    knows."""
    ahead = _UTC_OFFSET.fullmatch(name.strip())
    if ahead:
        return _zones_at_offset(int(ahead[2]), ahead[1] == "+")
    sought_name = normalise_name(name)
    cities, countries = _zones_by_name()
    zones = cities.get(sought_name) or countries.get(sought_name, [])
    zone_by_offsets: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        zone_by_offsets.setdefault(_offsets_over_a_year(zone, at), zone)
    return list(zone_by_offsets.values())[:MAX_ZONES]


def _offsets_over_a_year(zone: str, at: Moment) -> tuple[timedelta | None, ...]:
    """Return how far a zone is ahead of UTC in each quarter of the coming year."""
    return tuple(
        as_datetime(later(at, months * 30 * DAY)).astimezone(get_zone(zone)).utcoffset() for months in (0, 3, 6, 9)
    )


def _zones_at_offset(hours: int, ahead: bool) -> list[str]:
    """Return the zone some hours ahead of UTC or behind it: the tz database counts these the other way round."""
    if hours > (14 if ahead else 12):
        return []
    return [f"Etc/GMT{'-' if ahead else '+'}{hours}"] if hours else ["UTC"]


@cache
def _zones_by_name() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return zones by city and by country, in every language spoken here."""
    cities: dict[str, list[str]] = {}
    countries: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    for alias, zone in get_global("zone_aliases").items():
        aliases.setdefault(zone, []).append(alias)
    for territory, zone in countries_of_zones():
        names = {normalise_name(name.rpartition("/")[2]) for name in (zone, *aliases.get(zone, ()))}
        for locale in (Locale.parse(language.spelling) for language in LANGUAGES.values()):
            names.add(normalise_name(get_timezone_location(zone, locale, return_city=True)))
            country = countries.setdefault(normalise_name(locale.territories.get(territory, territory)), [])
            if zone not in country:
                country.append(zone)
        for name in names:
            cities.setdefault(name, []).append(zone)
    return cities, countries


def countries_of_zones() -> list[tuple[str, str]]:
    """Return (country, zone) as the tz database lists them: the zone where most people of a country are comes first."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(row[0], row[2]) for row in rows]


def normalise_name(name: str) -> str:
    """Return a name without accents, case, hyphens and articles in front."""
    plain = "".join(sign for sign in normalize("NFKD", name.casefold()) if not combining(sign))
    first_word, _, later_words = re.sub(r"[\W_]+", " ", plain).strip().partition(" ")
    return later_words if later_words and first_word in words_for("articles") else f"{first_word} {later_words}".strip()


# What people call countries besides the names in locale data, as `bare` leaves it.
COUNTRY_BY_NICKNAME = {
    **dict.fromkeys(("uk", "u k", "great britain", "grande bretagne"), "GB"),
    **dict.fromkeys(("england", "scotland", "wales", "northern ireland"), "GB"),
    **dict.fromkeys(("angleterre", "ecosse", "pays de galles", "irlande du nord"), "GB"),
    **dict.fromkeys(("usa", "u s a", "united states of america", "etats unis d amerique"), "US"),
    **dict.fromkeys(("guyane", "guiana"), "GF"),
    **dict.fromkeys(("saint barth", "st barth", "saint barts", "st barts"), "BL"),
    **dict.fromkeys(("polynesie", "tahiti"), "PF"),
    **dict.fromkeys(("wallis", "wallis futuna", "wallis and futuna", "wallis et futuna"), "WF"),
    **dict.fromkeys(("saint pierre and miquelon", "saint pierre et miquelon"), "PM"),
    **dict.fromkeys(("taaf", "terres australes et antarctiques francaises", "french southern lands"), "TF"),
    **dict.fromkeys(("saint martin", "st martin"), "MF"),
    **dict.fromkeys(("ile de la reunion", "ile de reunion", "reunion island"), "RE"),
    **dict.fromkeys(("principaute de monaco", "principality of monaco"), "MC"),
    **dict.fromkeys(("republique tcheque", "czech republic"), "CZ"),
    **dict.fromkeys(("hollande", "holland"), "NL"),
    **dict.fromkeys(("france metropolitaine", "metropolitan france", "corse", "corsica"), "FR"),
}


@cache
def country_codes() -> frozenset[str]:
    """Return the two letters of each country that has a zone."""
    return frozenset(code for code, _ in countries_of_zones())


def find_country(name: str) -> str | None:
    """Return the code of a country by its name in any language, or its two letters; None for an unknown one."""
    code = name.strip().upper()
    return (
        code
        if code in country_codes()
        else COUNTRY_BY_NICKNAME.get(normalise_name(name)) or _country_by_name().get(normalise_name(name))
    )


def find_country_of_zone(zone: str) -> str | None:
    return next((code for code, listed_zone in countries_of_zones() if listed_zone == zone), None)


def get_currency(country: str) -> str:
    """Return a country's currency today, ISO 4217; "" for an unknown country."""
    currencies = get_territory_currencies(country)
    return str(currencies[0]) if currencies else ""


def usual_countries(language: str) -> tuple[str, ...]:
    """Return the countries where most of a language's readers live."""
    return tuple(LANGUAGES[language].countries) if language in LANGUAGES else ()


@cache
def _country_by_name() -> dict[str, str]:
    locales = [Locale.parse(language.spelling) for language in LANGUAGES.values()]
    return {
        normalise_name(locale.territories.get(code, code)): code
        for locale in locales
        for code in sorted(country_codes())
    }
