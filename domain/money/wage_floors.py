"""The wage floor of a country: a dated table of legal hourly minimum wages and of what is taken off a self-employed
worker's pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class LegalMinimum:
    """From `since` on: `wage` an hour is what shall be left after the share `contributions`. `source` says where both
    come from."""

    since: date
    wage: Decimal
    contributions: Decimal
    source: str

    @property
    def floor(self) -> Decimal:
        """What must be paid so that `wage` is left, rounded up to a cent."""
        return (self.wage / (1 - self.contributions)).quantize(CENT, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Country:
    """`rows` by date, the newest last; it counts."""

    currency: str
    rows: tuple[LegalMinimum, ...]

    @property
    def floor(self) -> Decimal:
        return self.rows[-1].floor


def _row(since: str, wage: str, contributions: str, source: str) -> LegalMinimum:
    return LegalMinimum(date.fromisoformat(since), Decimal(wage), Decimal(contributions), source)


# France: the net minimum wage, and the contributions of a micro-entrepreneur (25.6 % BNC and 0.2 % for training).
# Elsewhere the gross minimum wage: what a self-employed worker pays of it differs from person to person.
_SMIC = "SMIC, net; Urssaf, micro-entrepreneur (BNC, SSI) 25.6 % + CFP 0.2 %"
COUNTRIES: Mapping[str, Country] = {
    "FR": Country(
        "EUR",
        (
            _row("2026-01-01", "9.52", "0.258", _SMIC),
            _row("2026-06-01", "9.74", "0.258", _SMIC),
        ),
    ),
    "DE": Country("EUR", (_row("2026-01-01", "13.90", "0", "Mindestlohn, MiLoV5"),)),
    "GB": Country("GBP", (_row("2026-04-01", "12.71", "0", "National Living Wage, from 21 years"),)),
    "IE": Country("EUR", (_row("2026-01-01", "14.15", "0", "National Minimum Wage, from 20 years"),)),
    "NL": Country("EUR", (_row("2026-01-01", "14.71", "0", "Wettelijk minimumloon, from 21 years"),)),
    "US": Country("USD", (_row("2009-07-24", "7.25", "0", "federal minimum wage, 29 U.S.C. 206(a)(1)"),)),
}
