"""Countries: their names in every language, their codes (ISO 3166), and where a clock is."""

from functools import cache

from babel import Locale
from babel.numbers import get_territory_currencies

from locales.languages import LANGUAGES
from locales.places import bare, countries_of_zones

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
