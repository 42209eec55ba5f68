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

from domain.moments import (
    DAY,
    Moment,
    as_datetime,
    later,
)
from domain.people.settings import rules_of
from locales.languages import LANGUAGES, words

MOST = 12  # zones shown to choose from: Russia has eleven
_AHEAD = re.compile(r"(?:UTC|GMT)?\s*([+-]|−)\s*(\d{1,2})(?::?00)?", re.IGNORECASE)


def zones_named(said: str, at: Moment) -> list[str]:
    """One for each way the clock goes there; empty where nothing of that name is known."""
    ahead = _AHEAD.fullmatch(said.strip())
    if ahead:
        return _at(int(ahead[2]), ahead[1] == "+")
    wanted = bare(said)
    cities, countries = _names()
    found = cities.get(wanted) or countries.get(wanted, [])
    told_apart: dict[tuple[timedelta | None, ...], str] = {}
    for zone in found:
        told_apart.setdefault(_way_of(zone, at), zone)
    return list(told_apart.values())[:MOST]


def _way_of(zone: str, at: Moment) -> tuple[timedelta | None, ...]:
    """How far it is ahead in each quarter of a year."""
    return tuple(
        as_datetime(later(at, months * 30 * DAY)).astimezone(rules_of(zone)).utcoffset() for months in (0, 3, 6, 9)
    )


def _at(hours: int, ahead: bool) -> list[str]:
    """The tz database counts these the other way round."""
    if hours > (14 if ahead else 12):
        return []
    return [f"Etc/GMT{'-' if ahead else '+'}{hours}"] if hours else ["UTC"]


@cache
def _names() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Zones by city and by country, in every language spoken here."""
    cities: dict[str, list[str]] = {}
    countries: dict[str, list[str]] = {}
    aliases: dict[str, list[str]] = {}
    for alias, zone in get_global("zone_aliases").items():
        aliases.setdefault(zone, []).append(alias)
    for territory, zone in countries_of_zones():
        names = {bare(name.rpartition("/")[2]) for name in (zone, *aliases.get(zone, ()))}
        for locale in (Locale.parse(language.spelling) for language in LANGUAGES.values()):
            names.add(bare(get_timezone_location(zone, locale, return_city=True)))
            country = countries.setdefault(bare(locale.territories.get(territory, territory)), [])
            if zone not in country:
                country.append(zone)
        for name in names:
            cities.setdefault(name, []).append(zone)
    return cities, countries


def countries_of_zones() -> list[tuple[str, str]]:
    """(country, zone) as the tz database lists them: of each country where most people are comes first."""
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(row[0], row[2]) for row in rows]


def bare(said: str) -> str:
    """Without accents, case, hyphens and articles in front."""
    plain = "".join(sign for sign in normalize("NFKD", said.casefold()) if not combining(sign))
    first, _, others = re.sub(r"[\W_]+", " ", plain).strip().partition(" ")
    return others if others and first in words("articles") else f"{first} {others}".strip()


# What people call countries besides the names in locale data, as `bare` leaves it.
CALLED = {
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
def codes() -> frozenset[str]:
    """Two letters each."""
    return frozenset(code for code, _ in countries_of_zones())


def country_named(said: str) -> str | None:
    """By its name in any language, or its two letters."""
    code = said.strip().upper()
    return code if code in codes() else CALLED.get(bare(said)) or _by_name().get(bare(said))


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
